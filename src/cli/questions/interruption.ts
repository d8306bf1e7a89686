import { BagboyError } from '../../errors/bagboy-error.ts'
import type { SignalSource, StopRequests, StopSignal } from '../ports.ts'

/** As a shell counts them: 128 + the number of the signal. */
const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const satisfies Record<StopSignal, number>

export interface Interruption {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal
  /** Settles at the second signal: leave at once. */
  readonly second: Promise<number>
  /** Aborts when the terminal goes away while something that has begun goes on without it. */
  readonly hungUp: AbortSignal
  /** 129, 130 or 143 after the first signal. */
  exitCode(): number | undefined
  /**
   * Until the returned function is called something is in progress that must not depend on the terminal: SIGHUP does not
   * end it, and ctrl-z does not stop it in the middle (`onStop` says so).
   */
  goOn(onStop: () => void): () => void
  /** Gives the signals back. */
  stop(): void
}

/** The first signal asks for a safe stop, the second one leaves. */
export function watchSignals(source: SignalSource, stopRequests: StopRequests): Interruption {
  const controller = new AbortController()
  const terminal = new AbortController()
  const { promise: second, resolve: leave } = Promise.withResolvers<number>()
  let code: number | undefined
  let inProgress = 0
  const stop = source((name) => {
    // The kernel and the shell may both send it.
    if (name === 'SIGHUP' && inProgress > 0) return terminal.abort()
    if (code !== undefined) return leave(SIGNAL_EXIT[name])
    code = SIGNAL_EXIT[name]
    controller.abort(new BagboyError('ABORTED', `Stopped by ${name}.`))
  })
  return {
    signal: controller.signal,
    second,
    hungUp: terminal.signal,
    exitCode: () => code,
    goOn(onStop) {
      inProgress += 1
      const release = stopRequests(onStop)
      return () => {
        inProgress -= 1
        release()
      }
    },
    stop,
  }
}
