import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface EarlySignals {
  /** From now on a signal ends the process at once, its exit handlers included; one that has come before does it now. */
  obey(): void
  /** The screen has handlers of its own. */
  stop(): void
}

/** Signals that come before anything could be cleaned up wait until it can. */
export function holdSignals(): EarlySignals {
  let isObeying = false
  let held: number | undefined
  const listeners = SIGNALS.map((name) => {
    const exitCode = 128 + constants.signals[name]
    const listener = (): void => {
      if (isObeying) process.exit(exitCode)
      held ??= exitCode
    }
    process.on(name, listener)
    return [name, listener] as const
  })
  return {
    obey() {
      isObeying = true
      if (held !== undefined) process.exit(held)
    },
    stop() {
      for (const [name, listener] of listeners) process.off(name, listener)
    },
  }
}
