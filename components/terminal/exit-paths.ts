import process from 'node:process'
import { constants } from 'node:os'
import type { TerminalModes } from './modes.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const

export interface ExitPaths {
  readonly modes: TerminalModes
  /** Whether this process is at work on a run or a deploy. */
  readonly isAtWork: () => boolean
  /** Of a run that has ended already. */
  readonly runExitCode: () => number | undefined
  /** Takes the screen down: nothing is painted afterwards. */
  readonly leaveScreen: () => void
  /** Lets the run reach its next step boundary; the journal is consistent before and after. Never rejects. */
  readonly stopRun: () => Promise<void>
  /** Waits until the run or the deploy has ended. Never rejects. */
  readonly finishRun: () => Promise<unknown>
  /** Says on the normal screen what became of the run. */
  readonly summarize: () => void
  /** Says what happened on the normal screen, and gives the exit code. */
  readonly report: (error: unknown) => number
}

interface ExitWatch {
  /** The terminal went away: a run or a deploy that has begun goes on without it, everything else ends. */
  readonly hangUp: () => void
  /** The terminal is gone and the work goes on. */
  readonly isDetached: () => boolean
  /** Takes the handlers away again. */
  stop(): void
  /** Settles unless a signal is ending the process: then that alone decides when, and with which exit code. */
  mayReturn(): Promise<void>
}

/** Every way out that is not the operator's choice. */
export function watchExits(paths: ExitPaths): ExitWatch {
  const { modes, isAtWork, runExitCode, leaveScreen, stopRun, finishRun, summarize, report } = paths
  let isLeaving = false
  let isDetached = false
  const restore = (): void => {
    try {
      leaveScreen()
    } catch {
      // A screen that is so broken that it cannot be taken down must not keep the terminal from being given back.
    }
    modes.restoreNow()
  }
  const onSignal = (signal: NodeJS.Signals): void => leave(128 + constants.signals[signal])
  const leave = (exitCode: number): void => {
    // The second signal does not wait: the journal survives that as well.
    if (isLeaving) process.exit(exitCode)
    isLeaving = true
    restore()
    void stopRun().then(() => {
      summarize()
      process.exit(exitCode)
    })
  }
  const hangUp = (): void => {
    // The kernel and the shell may both send it.
    if (isDetached || isLeaving) return
    if (!isAtWork()) return leave(runExitCode() ?? 128 + constants.signals.SIGHUP)
    isDetached = true
    restore()
  }
  const onFault = (error: unknown): void => {
    restore()
    const exitCode = report(error)
    // The engine works in a thread of its own: a fault of the screen does not end a run.
    void (isAtWork() ? finishRun() : Promise.resolve()).then(() => process.exit(exitCode))
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  process.on('SIGHUP', hangUp)
  process.on('uncaughtException', onFault)
  process.on('unhandledRejection', onFault)
  return {
    hangUp,
    isDetached: () => isDetached,
    stop() {
      for (const signal of SIGNALS) process.off(signal, onSignal)
      process.off('SIGHUP', hangUp)
      process.off('uncaughtException', onFault)
      process.off('unhandledRejection', onFault)
    },
    mayReturn: () => (isLeaving ? new Promise(() => undefined) : Promise.resolve()),
  }
}
