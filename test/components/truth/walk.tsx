import { renderToString } from 'ink'
import { handleKey } from '../../../components/input/handle-key.ts'
import { layoutFor } from '../../../components/frame/layout.ts'
import { CurrentScreen } from '../../../components/frame/CurrentScreen.tsx'
import { LayoutContext, StoreContext, ThemeContext } from '../../../components/store-context.ts'
import { createTheme } from '../../../components/theme/theme.ts'
import { runSummary } from '../../../components/run/run-summary.ts'
import { createAppStore, type AppStore } from '../../../store/app-store.ts'
import { createCommands, type Commands } from '../../../store/commands.ts'
import { initialState } from '../../../store/state.ts'
import { NOW } from '../../support/builders/app-builders.ts'
import type { ScriptedWorld } from './scripted-world.ts'

/** What an operator, or the world, does next. */
export type Move =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'type-what-is-asked' }
  | { readonly kind: 'run-goes-on' }
  | { readonly kind: 'run-ends' }
  | { readonly kind: 'time-passes' }
  | { readonly kind: 'mode'; readonly mode: 'auto' | 'propose' }

export interface Walk {
  readonly store: AppStore
  readonly commands: Commands
  /** The exit code of the process, once the operator has left. */
  readonly exitCode: () => number | undefined
  move(move: Move): Promise<void>
  screen(columns: number, rows: number): string
  summary(): string
}

const THEME = createTheme({ isAscii: false, hasColor: false })

/** The real store and the real keys over a scripted engine, with a clock that moves only when it is told to. */
export async function startWalk(world: ScriptedWorld): Promise<Walk> {
  let elapsedMs = 0
  let timers: { readonly due: number; readonly callback: () => void }[] = []
  let exitCode: number | undefined
  const options = { isReadOnly: false, canSavePlan: true, program: 'bagboy-tui', notes: [] }
  const store = createAppStore(initialState(options, NOW))
  const commands = createCommands(world.engine, store, {
    now: () => NOW,
    elapsedMs: () => elapsedMs,
    after(ms, callback) {
      const timer = { due: elapsedMs + ms, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    copy: () => 'Copied.',
    watchMs: 60_000,
    ring: () => undefined,
    savePlan: () => Promise.resolve('plan.json'),
  })
  const pass = (ms: number): void => {
    elapsedMs += ms
    const due = timers.filter((one) => one.due <= elapsedMs)
    timers = timers.filter((one) => !due.includes(one))
    for (const { callback } of due) callback()
  }
  const press = (key: string, input = key.length === 1 ? key : ''): void => {
    pass(1000)
    handleKey(key, input, {
      commands,
      state: store.getState(),
      layout: layoutFor(80, 24),
      dispatch: store.dispatch,
      redraw: () => undefined,
      suspend: () => undefined,
      quit: (code) => {
        exitCode = code
      },
    })
  }
  void commands.start()
  await settle()
  pass(250)
  return {
    store,
    commands,
    exitCode: () => exitCode,
    async move(move) {
      switch (move.kind) {
        case 'key':
          press(move.key)
          break
        case 'type-what-is-asked':
          typeWhatIsAsked(store, press)
          break
        case 'run-goes-on':
          world.runGoesOn()
          break
        case 'run-ends':
          world.runEnds()
          break
        case 'time-passes':
          pass(60_000)
          break
        case 'mode':
          world.isArmed = move.mode === 'auto'
          world.watch.emit({ type: 'mode.changed', mode: move.mode, why: '' })
      }
      await settle()
      pass(250)
      await settle()
    },
    screen: (columns, rows) => draw(store, columns, rows),
    summary: () => runSummary(store.getState()),
  }
}

/** Fills the fields of a confirmation and presses its button, as somebody who means it. */
function typeWhatIsAsked(store: AppStore, press: (key: string) => void): void {
  for (let turn = 0; turn < 6; turn += 1) {
    const { dialog } = store.getState()
    if (dialog?.kind !== 'confirm') return
    if (dialog.focus === 'reason' && dialog.reason === '') press('x')
    if (dialog.focus === 'typed') for (const letter of dialog.expected.slice(dialog.typed.length)) press(letter)
    press(dialog.focus === 'cancel' ? 'tab' : 'enter')
  }
}

function draw(store: AppStore, columns: number, rows: number): string {
  return renderToString(
    <StoreContext value={store}>
      <ThemeContext value={THEME}>
        <LayoutContext value={layoutFor(columns, rows)}>
          <CurrentScreen onSelect={() => undefined} columns={columns} />
        </LayoutContext>
      </ThemeContext>
    </StoreContext>,
    { columns },
  )
}

/** What was asked of the engine is answered at once: a few turns of the loop, and everything has arrived. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
