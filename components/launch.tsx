import { writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { render } from 'ink'
import type { RollbackPlan } from '../src/domain/plan.ts'
import type { Engine, RollbackRequest } from '../src/engine/engine.ts'
import { createAppStore } from '../store/app-store.ts'
import type { StorePorts } from '../store/command-context.ts'
import { createCommands } from '../store/commands.ts'
import { initialState, type AppState } from '../store/state.ts'
import { App } from './App.tsx'
import { runSummary } from './run/run-summary.ts'
import { copySequence } from './terminal/clipboard.ts'
import { CRASH_EXIT_CODE, writeCrash } from './terminal/crash.ts'
import { tieToProcess, type ProcessTies } from './terminal/process-ties.ts'
import { InputPort } from './terminal/input-port.ts'
import { createTerminalModes } from './terminal/modes.ts'
import { createPaintGate, unblockWrites } from './terminal/paint-gate.ts'
import { createTheme, detectTheme, type Theme } from './theme/theme.ts'
import { runExitCode } from '../store/run/run-selectors.ts'

export interface LaunchOptions {
  readonly engine: Engine
  /** Rejects when the project cannot be opened: the screen is left again, and `launch` rejects with the same. */
  readonly opened?: Promise<void>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  /** Opens this run instead of the newest open one. */
  readonly initialRunId?: string
  /** Opens on the plan of this rollback, unless a run is open. */
  readonly initialRollback?: RollbackRequest
  readonly isReadOnly?: boolean
  /** Writes a plan file and returns its path; without it plans cannot be saved from the app. */
  readonly savePlan?: (plan: RollbackPlan) => Promise<string>
  /** How this program is called in command lines that are shown. Default `bagboy-tui`. */
  readonly program?: string
  /** Where things are, for the help. */
  readonly notes?: readonly string[]
  readonly isAscii?: boolean
  readonly hasColor?: boolean
  /** RFC 3339; frozen in tests. */
  readonly now?: () => string
  /** Monotonic, ms; driven by tests. */
  readonly elapsedMs?: () => number
  /** Between two reads of the registries, ms. Default a minute. */
  readonly watchMs?: number
  /** Off where the process belongs to a host program (tests). Default on. */
  readonly hasExitHandlers?: boolean
}

/** Between two reads of the registries while nothing else happens: they count requests. */
const WATCH_MS = 60_000
/** How long a stopping run may take to reach its next step boundary after a signal, ms. */
const STOP_WAIT_MS = 10_000

/**
 * The full-screen app, until the operator leaves it. Settles with the exit code: that of the run, when there was one.
 * The terminal is as it was before, and the summary of a run stands on the normal screen.
 */
export async function launch(options: LaunchOptions): Promise<number> {
  const { engine, env, stdin, stdout } = options
  const now = options.now ?? (() => new Date().toISOString())
  const theme = themeFor(options)
  const store = createAppStore(initialState(optionsFor(options), now()))
  const commands = createCommands(engine, store, portsFor(options, now))
  let exitCode = 0
  let crash: unknown
  const modes = createTerminalModes(stdout, stdin)
  const report = (error: unknown): number => {
    writeToStderr(`${writeCrash(error, env, now()).line}\n`)
    return CRASH_EXIT_CODE
  }
  const ties = isGuest(options)
    ? undefined
    : tieToProcess({
        streams: { stdin, stdout },
        modes,
        report,
        isAtWork: commands.isAtWork,
        runExitCode: () => runExitCode(store.getState()),
        leaveScreen: () => instance.unmount(),
        stopRun: () => stopRun(commands.activeRun()),
        finishRun: () => commands.finish(),
        summarize: () => stdout.write(runSummary(store.getState())),
        notify: (text) => commands.notify('warning', text),
      })
  unblockWrites(stdout)
  const port = new InputPort(stdin)
  const instance = render(
    <App
      store={store}
      painted={createPaintGate(store, stdout)}
      commands={commands}
      theme={theme}
      redraw={() => stdout.emit('resize')}
      jobControl={ties?.jobControl}
      onQuit={(code) => {
        exitCode = code
      }}
      onCrash={(error) => {
        crash = error
        instance.unmount()
      }}
    />,
    {
      // Ink uses exactly what the port has: read, setRawMode, setEncoding, ref, unref and its events.
      stdin: port as unknown as NodeJS.ReadStream,
      stdout,
      alternateScreen: true,
      incrementalRendering: (env['BAGBOY_NO_INCREMENTAL'] ?? '') === '',
      maxFps: 60,
      exitOnCtrlC: false,
      patchConsole: false,
      interactive: true,
      isScreenReaderEnabled: false,
    },
  )
  let refusal: { readonly error: unknown } | undefined
  options.opened?.catch((error: unknown) => {
    refusal = { error }
    instance.unmount()
  })
  void commands.start(options.initialRunId, options.initialRollback)
  try {
    await instance.waitUntilExit()
  } catch (error) {
    crash = error
  }
  ties?.screenLeft()
  if (crash !== undefined) report(crash)
  const isAlone = isDetached(ties)
  // Without a terminal, or with a screen that failed, what has begun is brought to its end all the same.
  const deployCode = isAlone || crash !== undefined ? await commands.finish() : undefined
  commands.stopWatches()
  await ties?.untie()
  modes.released()
  port.setRawMode(false)
  port.unref()
  if (refusal) throw refusal.error
  if (crash !== undefined) return CRASH_EXIT_CODE
  stdout.write(runSummary(store.getState()))
  return isAlone ? aloneExitCode(store.getState(), deployCode) : exitCode
}

/** Signals and job control belong to a host program. */
function isGuest({ hasExitHandlers }: LaunchOptions): boolean {
  return hasExitHandlers === false
}

function isDetached(ties: ProcessTies | undefined): boolean {
  return ties?.isDetached() === true
}

/** Of what was brought to its end without a terminal. */
function aloneExitCode(state: AppState, deployCode: number | undefined): number {
  return runExitCode(state) ?? deployCode ?? HUNG_UP
}

function optionsFor({ isReadOnly, savePlan, program, notes }: LaunchOptions): AppState['options'] {
  return {
    isReadOnly: isReadOnly ?? false,
    canSavePlan: savePlan !== undefined,
    program: program ?? 'bagboy-tui',
    notes: notes ?? [],
  }
}

function portsFor({ env, stdout, watchMs, savePlan, elapsedMs }: LaunchOptions, now: () => string): StorePorts {
  return {
    now,
    elapsedMs: elapsedMs ?? (() => performance.now()),
    after(ms, callback) {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    copy(text) {
      const { sequence, note } = copySequence(text, env)
      if (sequence !== '') stdout.write(sequence)
      return note
    },
    watchMs: watchMs ?? WATCH_MS,
    ring: () => void stdout.write('\u0007'),
    savePlan,
  }
}

/** 128 + SIGHUP. */
const HUNG_UP = 129

/** Stderr may be gone together with the terminal: then the message is dropped. */
function writeToStderr(text: string): void {
  try {
    writeSync(2, text)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EIO' || error.code === 'EPIPE')
}

/** What the environment says about the terminal, unless it was said. */
function themeFor({ env, isAscii, hasColor }: LaunchOptions): Theme {
  const detected = detectTheme(env)
  return createTheme({ isAscii: isAscii ?? detected.isAscii, hasColor: hasColor ?? detected.hasColor })
}

async function stopRun(handle: ReturnType<ReturnType<typeof createCommands>['activeRun']>): Promise<void> {
  if (!handle) return
  handle.stop('the terminal went away or the process was asked to end')
  const ended = handle.result.then(
    () => undefined,
    // The screen says what a run died of; here it only matters that it has ended.
    () => undefined,
  )
  await Promise.race([
    ended,
    new Promise<void>((resolve) => {
      setTimeout(resolve, STOP_WAIT_MS).unref()
    }),
  ])
}
