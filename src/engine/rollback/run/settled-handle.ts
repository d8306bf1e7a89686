import type { RunHandle, RunOutcome } from '../../engine.ts'

/** A handle for what was over before it began: no event, and the outcome at once. */
export function settledHandle(outcome: RunOutcome): RunHandle {
  const ignore = () => undefined
  return {
    runId: outcome.runId,
    result: Promise.resolve(outcome),
    abort: ignore,
    pause: ignore,
    unpause: ignore,
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  }
}
