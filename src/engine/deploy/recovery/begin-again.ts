import type { Schedule } from '../../../health/run-schedule.ts'
import type { DeployContext } from '../deploy-context.ts'
import type { StageView } from '../../../events/deploy-view.ts'

/** Intervals without a measurement after which no process can have been watching. */
const MISSED_INTERVALS = 2

/**
 * Whether an analysis that has begun went without a measurement for too long: a question was open, or no process was at
 * work. Pure.
 */
export function wasLeftAlone({ startedAt, measurements }: StageView, schedule: Schedule, now: string): boolean {
  const newest = measurements.at(-1)
  const expectedMs = newest ? Date.parse(newest.at) : Date.parse(startedAt ?? now) + schedule.delayMs
  return Date.parse(now) - expectedMs > MISSED_INTERVALS * schedule.intervalMs
}

/** A stage that has begun begins again with all of its `ms`: unobserved time does not count. */
export async function beginAgain({ recorder, parts }: DeployContext, index: number, ms: number): Promise<void> {
  const endsAt = new Date(Date.parse(parts.platform.clock.now()) + ms).toISOString()
  await recorder.emit({ type: 'stage.started', stage: index, endsAt })
}
