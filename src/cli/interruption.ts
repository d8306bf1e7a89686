import { BagboyError } from '../errors/bagboy-error.ts'
import type { SignalSource, StopSignal } from './ports.ts'

/** As a shell counts them: 128 + the number of the signal. */
const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const satisfies Record<StopSignal, number>

export interface Interruption {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal
  /** Settles at the second signal: leave at once. */
  readonly second: Promise<number>
  /** 129, 130 or 143 after the first signal. */
  exitCode(): number | undefined
  /** Gives the signals back. */
  stop(): void
}

/** The first signal asks for a safe stop, the second one leaves. */
export function watchSignals(source: SignalSource): Interruption {
  const controller = new AbortController()
  const { promise: second, resolve: leave } = Promise.withResolvers<number>()
  let code: number | undefined
  const stop = source((name) => {
    if (code !== undefined) return leave(SIGNAL_EXIT[name])
    code = SIGNAL_EXIT[name]
    controller.abort(new BagboyError('ABORTED', `Stopped by ${name}.`))
  })
  return { signal: controller.signal, second, exitCode: () => code, stop }
}
