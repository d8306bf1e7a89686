import type { Schedule } from '../../../health/run-schedule.ts'
import type { DeployContext } from '../deploy-context.ts'
import type { StageView } from '../../../events/deploy-view.ts'

/** Intervals without a measurement after which nobody can have been looking. */
const MISSED_INTERVALS = 2

/**
 * Whether an analysis that has begun went without a measurement for so long that nobody looked: a question was open, or
 * no process was at work. Pure.
 */
export function wasLeftAlone({ startedAt, measurements }: StageView, schedule: Schedule, now: string): boolean {
  const newest = measurements.at(-1)
  const expectedMs = newest ? Date.parse(newest.at) : Date.parse(startedAt ?? now) + schedule.delayMs
  return Date.parse(now) - expectedMs > MISSED_INTERVALS * schedule.intervalMs
}

/** A stage that has begun begins once more, with all of its `ms`: what nobody looked at does not count. */
export async function beginAgain({ recorder, parts }: DeployContext, index: number, ms: number): Promise<void> {
  const endsAt = new Date(Date.parse(parts.platform.clock.now()) + ms).toISOString()
  await recorder.emit({ type: 'stage.started', stage: index, endsAt })
}
