import type { RollbackPlan } from '../src/domain/plan.ts'
import type { DeployHandle } from '../src/engine/deploy/deploy.ts'
import type { Engine, RunHandle } from '../src/engine/engine.ts'
import { toErrorReport } from '../src/errors/bagboy-error.ts'
import type { AppEvent } from './app-event.ts'
import type { AppStore } from './app-store.ts'
import { confirmDialog, type ConfirmParts } from './dialog/dialog.ts'
import { safe } from './safe.ts'
import type { AppState, Screen, Tone } from './state.ts'

/** What the store needs of the world. */
export interface StorePorts {
  /** Wall clock, RFC 3339. */
  readonly now: () => string
  /** Monotonic. */
  readonly elapsedMs: () => number
  /** Calls back once; the returned function stops it. */
  readonly after: (ms: number, callback: () => void) => () => void
  /** Puts a text on the operator's clipboard and says how that went. */
  readonly copy: (text: string) => string
  /** Between two reads of the registries while nothing else happens, ms. */
  readonly watchMs: number
  /** Makes the terminal heard, once. */
  readonly ring: () => void
  /** Writes a plan file and returns its path; `undefined` where plans cannot be saved. */
  readonly savePlan: ((plan: RollbackPlan) => Promise<string>) | undefined
}

/** What one command leaves for the next; never shown, so not part of the state. */
export interface Session {
  /** As the engine made it, character for character: it is run, what the screen shows is a cleaned copy. */
  plan: RollbackPlan | undefined
  handle: RunHandle | undefined
  /** The run this process works on, until its outcome is in the state. */
  run: Promise<void> | undefined
  /** The deploy this process works on; not one that is only followed. */
  deploy: DeployHandle | undefined
  /** What a trigger asks for, as the engine planned it. */
  proposal: RollbackPlan | undefined
  cancel: AbortController | undefined
  /** What the command line gave with `--reason`: the dialog shows it and does not ask again. */
  reason: string
}

export interface CommandContext {
  readonly engine: Engine
  readonly store: AppStore
  readonly ports: StorePorts
  readonly session: Session
  readonly state: () => AppState
  readonly dispatch: (event: AppEvent) => void
  readonly open: (screen: Screen, isRoot?: boolean) => void
  readonly notify: (tone: Tone, text: string) => void
  /** Opens a confirmation: what changes the world begins with its `accept`. */
  readonly confirm: (parts: ConfirmParts) => void
  /** Runs something that takes its time: with a label, cancellable by Esc, its errors shown. `undefined` = it failed. */
  readonly wait: <T>(
    label: string,
    canCancel: boolean,
    work: (signal: AbortSignal) => Promise<T>,
  ) => Promise<T | undefined>
}

export function createContext(engine: Engine, store: AppStore, ports: StorePorts): CommandContext {
  const session: Session = {
    plan: undefined,
    handle: undefined,
    run: undefined,
    deploy: undefined,
    proposal: undefined,
    cancel: undefined,
    reason: '',
  }
  const { dispatch } = store
  return {
    engine,
    store,
    ports,
    session,
    dispatch,
    state: () => store.getState(),
    open: (screen, isRoot = false) => dispatch({ type: 'screen.opened', screen, atMs: ports.elapsedMs(), isRoot }),
    notify: (tone, text) => dispatch({ type: 'flash.shown', flash: { tone, text } }),
    confirm: (parts) => dispatch({ type: 'dialog.opened', dialog: confirmDialog(parts, ports) }),
    async wait(label, canCancel, work) {
      session.cancel?.abort()
      const cancel = new AbortController()
      session.cancel = cancel
      dispatch({ type: 'busy.started', busy: { label, canCancel } })
      try {
        const result = await work(cancel.signal)
        return cancel.signal.aborted ? undefined : result
      } catch (error) {
        if (!cancel.signal.aborted) dispatch({ type: 'error.shown', error: safe(toErrorReport(error)) })
        return undefined
      } finally {
        if (session.cancel === cancel) {
          session.cancel = undefined
          dispatch({ type: 'busy.ended' })
        }
      }
    },
  }
}
