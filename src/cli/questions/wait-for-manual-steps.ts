import type { Engine } from '../../engine/engine.ts'
import type { Invocation } from '../command.ts'

/** Between two reads by default: a review may take days. */
const INTERVAL_MS = 60_000

export interface ManualWait {
  /** Whether a manual step is done; `false`: the wait was stopped. */
  readonly isDone: boolean
  /** Of the run's journal. */
  readonly lastSeq: number
}

/** Reads the registries of a run that only waits for people until one of its steps is done. Holds no lock. */
export async function waitForManualSteps(engine: Engine, run: string, invocation: Invocation): Promise<ManualWait> {
  const { output, options, interruption, platform } = invocation
  const { signal } = interruption
  const intervalMs = options.duration('interval', '--interval') ?? INTERVAL_MS
  let lastSeq = 0
  output.note(`Reading again every ${intervalMs / 1000} s until it is done; ctrl-c ends the wait, the run stays open.`)
  while (!signal.aborted) {
    const { steps, view } = await engine.recovery(run, signal)
    lastSeq = view.lastSeq
    if (steps.some(({ next }) => next === 'verify')) return { isDone: true, lastSeq }
    await platform.clock.sleep(intervalMs, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
  return { isDone: false, lastSeq }
}
