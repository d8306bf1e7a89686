import process from 'node:process'
import { constants } from 'node:os'
import type { TerminalModes } from './modes.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

interface ExitPaths {
  readonly modes: TerminalModes
  /** Takes the screen down: nothing is painted afterwards. */
  readonly leaveScreen: () => void
  /** Lets the run reach its next step boundary; the journal is consistent before and after. Never rejects. */
  readonly stopRun: () => Promise<void>
  /** Says on the normal screen what became of the run. */
  readonly summarize: () => void
  /** Says what happened on the normal screen, and gives the exit code. */
  readonly report: (error: unknown) => number
}

interface ExitWatch {
  /** Takes the handlers away again. */
  stop(): void
  /** Settles unless a signal is ending the process: then that alone decides when, and with which exit code. */
  mayReturn(): Promise<void>
}

/** Every way out that is not the operator's choice. */
export function watchExits({ modes, leaveScreen, stopRun, summarize, report }: ExitPaths): ExitWatch {
  let isLeaving = false
  const restore = (): void => {
    try {
      leaveScreen()
    } catch {
      // A screen that is so broken that it cannot be taken down must not keep the terminal from being given back.
    }
    modes.restoreNow()
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    const exitCode = 128 + constants.signals[signal]
    // The second signal does not wait: the journal survives that as well.
    if (isLeaving) process.exit(exitCode)
    isLeaving = true
    restore()
    void stopRun().then(() => {
      summarize()
      process.exit(exitCode)
    })
  }
  const onFault = (error: unknown): void => {
    restore()
    process.exit(report(error))
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  process.on('uncaughtException', onFault)
  process.on('unhandledRejection', onFault)
  return {
    stop() {
      for (const signal of SIGNALS) process.off(signal, onSignal)
      process.off('uncaughtException', onFault)
      process.off('unhandledRejection', onFault)
    },
    mayReturn: () => (isLeaving ? new Promise(() => undefined) : Promise.resolve()),
  }
}
