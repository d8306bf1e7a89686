import { READS_REQUIRED } from '../../../domain/plan.ts'
import type { Json } from '../../../domain/text/json.ts'
import { comparePointers } from '../../../domain/pointer-differences.ts'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError, toErrorReport, type ErrorReport } from '../../../errors/bagboy-error.ts'
import type { Direction } from '../../../events/events.ts'
import type { StepStatus } from '../../../machine/step-status.ts'
import type { BoundRegistry } from '../../../planner/bind-registries.ts'
import { isUnanswered } from './late-requests.ts'
import { readBack, type ReadBack, type WriteAnswer } from './read-back.ts'
import { subjectOf, type RunContext } from '../run/run-context.ts'
import { isSentLate } from './write-fence.ts'
import { failpoint } from '../../../platform/failpoint.ts'

/** How a step ended. */
export interface StepEnding {
  readonly kind: 'end'
  readonly status: StepStatus
  readonly detail: string
  readonly error: ErrorReport | null
}
/** An attempt that is worth another one. `isBlind`: what it left behind could not be read. */
export interface Again {
  readonly kind: 'again'
  readonly error: ErrorReport
  readonly isBlind: boolean
  /** Regardless of the error: nothing was sent in this attempt, and a read has shown that something has to be sent. */
  readonly isDue?: boolean
  /** What was read over a whole settle window. */
  readonly settled?: { readonly pointer: Json }
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
  /** Whether something was sent in this attempt. */
  readonly isWritten: boolean
  /** What the write was answered with; it only decides how long to look. */
  readonly error: ErrorReport | null
}

/**
 * The read-back: regardless of the answer to the write, only this decides. Going back it is not enough: a cache may
 * still show what was there before the run, so the compensation has to be answered well too.
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
  const answer = answerOf(claim, direction)
  const seen = await readBack(context, {
    subject: subjectOf(context.recorder.step(id)),
    registry,
    before: claim.before,
    want: claim.want,
    answer,
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
  return explain(seen, { claim, answer, run: context.run })
}

/** Going back, a compensation without a good answer is written again regardless of what is read. */
function answerOf({ isWritten, error }: Claim, direction: Direction): WriteAnswer {
  if (!isWritten) return 'unknown'
  if (error === null) return 'well'
  return direction === 'do' && (isUnanswered(error) || isSentLate(error)) ? 'unknown' : 'refused'
}

interface Seen {
  readonly claim: Claim
  readonly answer: WriteAnswer
  readonly run: string
}

function explain(seen: Exclude<ReadBack, { state: 'proved' }>, { claim, answer, run }: Seen): Attempt {
  if (seen.state === 'other') {
    const error = new BagboyError('REGISTRY_CONFLICT', 'the pointer was moved from outside while the step ran')
    return { kind: 'end', status: 'conflict', detail: error.message, error: toErrorReport(error) }
  }
  if (seen.state === 'unreadable') return { kind: 'again', error: seen.error, isBlind: true }
  const settled = answer === 'unknown' && !seen.isUnsteady ? { settled: { pointer: seen.pointer } } : {}
  if (claim.error) return { kind: 'again', error: claim.error, isBlind: seen.isUnsteady, ...settled }
  return {
    kind: 'again',
    ...settled,
    isBlind: seen.isUnsteady,
    isDue: !claim.isWritten,
    error: toErrorReport(
      new BagboyError('READBACK_DISAGREES', disagreement(claim, seen), {
        hint: `Its answer may be cached: look again with \`bagboy-tui status\`, then \`bagboy-tui runs resume ${run}\`.`,
      }),
    ),
  }
}

function disagreement({ isWritten, want }: Claim, seen: Exclude<ReadBack, { state: 'proved' | 'unreadable' }>): string {
  const note = seen.state === 'between' && seen.notAppliedNote !== '' ? `; ${seen.notAppliedNote}` : ''
  if (seen.isUnsteady) return `the registry answers now with the old pointer, now with the new one${note}`
  if (note !== '') return `the pointer is written down and not in effect${note}`
  if (isWritten && seen.state === 'between') {
    const missing = comparePointers(want, seen.pointer).differences.map(({ path }) => sanitize(path.join('.'), 100))
    return `the registry accepted the write and did a part of it only; not as wanted: ${missing.join(', ')}`
  }
  return isWritten
    ? 'the registry accepted the write but still serves the old pointer'
    : 'the registry serves the old pointer again'
}
