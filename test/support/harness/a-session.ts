import { handleKey } from '../../../components/input/handle-key.ts'
import { handlePaste } from '../../../components/input/dialog-keys.ts'
import { layoutFor } from '../../../components/frame/layout.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { createAppStore, type AppStore } from '../../../store/app-store.ts'
import { createCommands, type Commands } from '../../../store/commands.ts'
import { initialState, type AppState } from '../../../store/state.ts'
import { anOverview, NOW } from '../builders/app-builders.ts'

export interface Session {
  readonly store: AppStore
  readonly commands: Commands
  readonly state: () => AppState
  /** What the engine was asked, in order, with plain values only: no approvers, no signals. */
  readonly asked: readonly (readonly [method: string, ...args: readonly unknown[]])[]
  /** Keys by their names, a second apart, as a person presses them. */
  press(...keys: readonly string[]): Promise<void>
  /** Letter by letter. */
  types(text: string): Promise<void>
  paste(text: string): void
  /** Lets that much time pass: what is due then is done. */
  pass(ms: number): Promise<void>
  readonly rings: () => number
  readonly copied: readonly string[]
  /** Exit codes with which the app was left. */
  readonly exits: readonly number[]
  readonly repaints: () => number
  readonly suspensions: () => number
  /** Timers that are still to come, ms from now. */
  readonly timers: () => readonly number[]
}

interface SessionOptions {
  readonly state?: Partial<AppState>
  readonly savePlan?: (plan: unknown) => Promise<string>
  readonly columns?: number
  readonly rows?: number
}

/** The real store, commands and keys over a scripted engine; nothing has been read, and time stands still. */
export function aSession(engine: Engine, options: SessionOptions = {}): Session {
  let elapsedMs = 10_000
  let rings = 0
  let repaints = 0
  let suspensions = 0
  let timers: { readonly due: number; readonly callback: () => void }[] = []
  const copied: string[] = []
  const exits: number[] = []
  const appOptions = { isReadOnly: false, canSavePlan: options.savePlan !== undefined, program: 'bagboy-tui' }
  const store = createAppStore({
    ...initialState(appOptions, NOW),
    busy: null,
    overview: anOverview(),
    ...options.state,
  })
  const asked: [string, ...unknown[]][] = []
  const commands = createCommands(recording(engine, asked), store, {
    now: () => new Date(Date.parse(NOW) + elapsedMs - 10_000).toISOString(),
    elapsedMs: () => elapsedMs,
    after(ms, callback) {
      const timer = { due: elapsedMs + ms, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    copy(text) {
      copied.push(text)
      return 'Copied.'
    },
    watchMs: 60_000,
    ring: () => void (rings += 1),
    savePlan: options.savePlan,
  })
  const context = () => ({
    commands,
    state: store.getState(),
    layout: layoutFor(options.columns ?? 80, options.rows ?? 24),
    dispatch: store.dispatch,
    redraw: () => void (repaints += 1),
    suspend: () => void (suspensions += 1),
    quit: (code: number) => void exits.push(code),
  })
  const session: Session = {
    store,
    commands,
    state: store.getState,
    asked,
    async press(...keys) {
      for (const key of keys) {
        await session.pass(1000)
        handleKey(key, key === 'space' ? ' ' : Array.from(key).length === 1 ? key : '', context())
        await settle()
      }
    },
    types: async (text) => session.press(...Array.from(text, (letter) => (letter === ' ' ? 'space' : letter))),
    paste: (text) => handlePaste(text, context()),
    async pass(ms) {
      const end = elapsedMs + ms
      await settle()
      for (;;) {
        const next = timers.filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due)[0]
        if (!next) break
        elapsedMs = next.due
        timers = timers.filter((one) => one !== next)
        next.callback()
        await settle()
      }
      elapsedMs = end
      await settle()
    },
    rings: () => rings,
    copied,
    exits,
    repaints: () => repaints,
    suspensions: () => suspensions,
    timers: () => timers.map(({ due }) => due - elapsedMs).toSorted((a, b) => a - b),
  }
  return session
}

function recording(engine: Engine, asked: [string, ...unknown[]][]): Engine {
  return new Proxy(engine, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      if (typeof value !== 'function') return value
      return (...args: readonly unknown[]): unknown => {
        const isPlain = (one: unknown): boolean =>
          one !== undefined && !(one instanceof AbortSignal) && !(one instanceof Object && 'ask' in one)
        asked.push([String(name), ...args.filter(isPlain)])
        return Reflect.apply(value, target, args)
      }
    },
  })
}

/** What was asked of the engine is answered at once: a few turns of the loop, and everything has arrived. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
