import process from 'node:process'
import { constants } from 'node:os'
import type { TerminalModes } from './modes.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

interface ExitPaths {
  readonly modes: TerminalModes
  /** Lets the run reach its next step boundary; the journal is consistent before and after. */
  readonly stopRun: () => Promise<unknown>
  /** Says what happened on the normal screen. */
  readonly report: (error: unknown) => number
}

/** Every way out that is not the operator's choice; returns how to take the handlers away again. */
export function watchExits({ modes, stopRun, report }: ExitPaths): () => void {
  let isLeaving = false
  const onSignal = (signal: NodeJS.Signals): void => {
    modes.restoreNow()
    const exitCode = 128 + constants.signals[signal]
    // The second signal does not wait: the journal survives that as well.
    if (isLeaving) process.exit(exitCode)
    isLeaving = true
    void stopRun().finally(() => process.exit(exitCode))
  }
  const onFault = (error: unknown): void => {
    modes.restoreNow()
    process.exit(report(error))
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  process.on('uncaughtException', onFault)
  process.on('unhandledRejection', onFault)
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal)
    process.off('uncaughtException', onFault)
    process.off('unhandledRejection', onFault)
  }
}
