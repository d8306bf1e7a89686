import { READS_REQUIRED } from '../domain/plan.ts'
import type { Json } from '../domain/json.ts'
import { BagboyError, toErrorReport, type ErrorReport } from '../errors/bagboy-error.ts'
import type { Direction } from '../events/events.ts'
import type { StepStatus } from '../machine/step-status.ts'
import type { BoundRegistry } from '../planner/bind-registries.ts'
import { readBack, type ReadBack } from './read-back.ts'
import type { RunContext } from './run-context.ts'
import { failpoint } from '../platform/failpoint.ts'

/** How a step ended. */
export interface StepEnding {
  readonly kind: 'end'
  readonly status: StepStatus
  readonly detail: string
  readonly error: ErrorReport | null
}
/** An attempt that is worth another one. `isBlind`: nobody could see what it left behind. */
export interface Again {
  readonly kind: 'again'
  readonly error: ErrorReport
  readonly isBlind: boolean
}
export type Attempt = StepEnding | Again

/** What the parts of one step share. */
export interface StepRun {
  readonly context: RunContext
  readonly id: string
  readonly direction: Direction
  readonly registry: BoundRegistry
  readonly signal: AbortSignal
}

/** What has to be true now, and how the write was answered. */
export interface Claim {
  readonly before: Json
  readonly want: Json
  readonly actionCount: number
  /** What the write was answered with; it only decides how long to look. */
  readonly error: ErrorReport | null
}

/**
 * The read-back: whatever the write was answered with, only this decides. Going back it is not enough: a cache may still
 * show what was there before the run, so the compensation has to be answered well too.
 */
export async function proveStep(stepRun: StepRun, claim: Claim): Promise<Attempt> {
  const { context, id, direction, registry, signal } = stepRun
  const total = claim.actionCount + READS_REQUIRED
  const label = 'reading back'
  const progress = (reads: number) =>
    context.recorder.emit({
      type: 'step.progress',
      step: id,
      status: 'verifying',
      done: claim.actionCount + reads,
      total,
      label,
    })
  await progress(0)
  const seen = await readBack(context, {
    step: context.recorder.step(id),
    registry,
    before: claim.before,
    want: claim.want,
    isPatient: claim.error === null,
    signal,
    onAgreement: progress,
  })
  if (seen.state === 'proved' && direction === 'undo' && claim.error) {
    return { kind: 'again', error: claim.error, isBlind: true }
  }
  if (seen.state === 'proved') {
    const { pointer: proof, revision, readCount } = seen
    failpoint('effect:proved')
    await context.recorder.emit({ type: 'step.verified', step: id, direction, proof, revision, readCount })
    return {
      kind: 'end',
      status: direction === 'do' ? 'done' : 'undone',
      detail: `read back ${readCount} times`,
      error: null,
    }
  }
  return explain(seen, claim, context.run)
}

function explain(seen: Exclude<ReadBack, { state: 'proved' }>, claim: Claim, run: string): Attempt {
  if (seen.state === 'other') {
    const error = new BagboyError('REGISTRY_CONFLICT', 'somebody else moved the pointer while the step ran')
    return { kind: 'end', status: 'conflict', detail: error.message, error: toErrorReport(error) }
  }
  if (seen.state === 'unreadable') return { kind: 'again', error: seen.error, isBlind: true }
  if (claim.error) return { kind: 'again', error: claim.error, isBlind: false }
  return {
    kind: 'again',
    isBlind: false,
    error: toErrorReport(
      new BagboyError('READBACK_DISAGREES', 'the registry accepted the write but still serves the old pointer', {
        hint: `Its answer may be cached: look again with \`bagboy-tui status\`, then \`bagboy-tui runs resume ${run}\`.`,
      }),
    ),
  }
}
