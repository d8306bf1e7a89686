import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError, fromErrorReport } from '../../../errors/bagboy-error.ts'
import { EXIT } from '../../../errors/codes.ts'
import { unknownName } from '../../../errors/unknown-name.ts'
import { createEventStream } from '../../../operation/event-stream.ts'
import type { RunEvent, Stamped } from '../../../events/events.ts'
import { hasMoved } from '../../../events/run-ending.ts'
import { withCleanUp } from '../../../errors/with-clean-up.ts'
import type { TakeoverMode } from '../../../journal/journal.ts'
import { takeOver } from '../../../operation/takeover.ts'
import { commitHistory } from '../run/finish-run.ts'
import type { RunSummary } from '../../engine.ts'
import { NEVER, type EngineParts } from '../../engine-parts.ts'
import { actorName } from '../../../operation/operation-parts.ts'
import { createRunRecorder } from '../run/run-recorder.ts'
import { reportRecovery } from './recovery.ts'
import { requireOwn } from './foreign-runs.ts'
import { listAllRuns, readRun } from '../run/run-list.ts'

/** Ends an open run as it stands; what is left is a person's. @throws RUN_NOT_OPEN, LOCKED */
export async function handOver(
  parts: EngineParts,
  run: string,
  reason: string,
  mode: TakeoverMode = 'own-only',
): Promise<RunSummary> {
  await requireOpen(parts, run)
  const summary = `handed over: ${reason}`
  const decided = { type: 'operator.decided', step: '', decision: 'hand-over', reason } as const
  const finished = { type: 'run.finished', result: 'aborted', exitCode: EXIT.aborted, summary } as const
  await append(parts, { run, purpose: 'hand over', events: [decided], last: finished, reason, mode })
  return requireRun(parts, run)
}

/** Leaves a step of an open run out, so that resume can finish the others. @throws RUN_NOT_OPEN, RUN_UNKNOWN, LOCKED */
export async function skipStep(
  parts: EngineParts,
  run: string,
  step: string,
  reason: string,
  mode: TakeoverMode = 'own-only',
): Promise<void> {
  await requireStep(parts, run, step)
  const events: readonly RunEvent[] = [
    { type: 'operator.decided', step, decision: 'skip', reason },
    { type: 'step.finished', step, status: 'skipped', detail: reason, error: null, durationMs: 0 },
  ]
  await append(parts, { run, purpose: 'skip', events, last: null, reason, mode })
}

/**
 * Lets the next resume or undo overwrite a change from outside that blocks a step: what is there now, and nothing that
 * comes later.
 * @throws RUN_NOT_OPEN, RUN_UNKNOWN, LOCKED, REGISTRY_*
 */
export async function overwriteStep(
  parts: EngineParts,
  run: string,
  step: string,
  reason: string,
  mode: TakeoverMode = 'own-only',
): Promise<void> {
  await requireStep(parts, run, step)
  const { steps } = await reportRecovery(parts, run, NEVER, mode)
  const found = steps.find((one) => one.step === step)
  if (found?.error) throw fromErrorReport(found.error)
  if (found?.found !== 'other' && found?.found !== 'between') {
    throw new BagboyError('RUN_NOT_OPEN', `No change from outside blocks ${step}.`, {
      hint: `Go on with it: bagboy-tui runs resume ${run}`,
    })
  }
  const { observed } = found
  const events: readonly RunEvent[] = [{ type: 'operator.decided', step, decision: 'overwrite', reason, observed }]
  await append(parts, { run, purpose: 'overwrite', events, last: null, reason, mode })
}

async function requireStep(parts: EngineParts, run: string, step: string): Promise<void> {
  await requireOpen(parts, run)
  const { view } = await readRun(parts.journals, run)
  if (view.steps.some(({ id }) => id === step)) return
  throw unknownName({
    code: 'RUN_UNKNOWN',
    message: `The run ${run} has no step "${sanitize(step, 200)}".`,
    word: step,
    known: view.steps.map(({ id }) => id),
    knownAs: 'Its steps',
  })
}

interface Addition {
  readonly run: string
  readonly purpose: string
  readonly events: readonly RunEvent[]
  /** What ends the run, behind its entry in the history; `null` when it goes on. */
  readonly last: RunEvent | null
  readonly reason: string
  readonly mode: TakeoverMode
}

async function append(parts: EngineParts, { run, purpose, events, last, reason, mode }: Addition): Promise<void> {
  await requireOwn(parts, run, mode)
  const lock = await parts.lock.acquire({ run, purpose, who: actorName(parts.actor) })
  const write = async (): Promise<void> => {
    const { journal, past, origin } = await parts.journals.reopen(run, () => lock.assertHeld(), mode)
    const stream = createEventStream<Stamped>()
    const recorder = createRunRecorder({ run, journal, stream, platform: parts.platform, lock, past })
    const say = async (): Promise<void> => {
      // A run without a record never did anything: there is nothing to say about it.
      if (past.length === 0) return
      await recorder.emit({ type: 'run.adopted', ...(await takeOver(parts, lock, { run, purpose, origin, reason })) })
      for (const event of events) await recorder.emit(event)
      if (last && hasMoved(recorder.view)) await commitHistory({ ...parts, run, recorder, lock }, 'aborted')
      if (last) await recorder.emit(last)
    }
    await withCleanUp(say, () => recorder.close())
    await lock.assertHeld()
    if (last) await parts.journals.close(run, recorder.part)
  }
  await withCleanUp(write, () => lock.release())
}

async function requireOpen(parts: EngineParts, run: string): Promise<void> {
  const { isOpen } = await requireRun(parts, run)
  if (isOpen) return
  throw new BagboyError('RUN_NOT_OPEN', `The run ${run} is finished.`, { hint: `See it: bagboy-tui runs show ${run}` })
}

async function requireRun({ journals }: EngineParts, run: string): Promise<RunSummary> {
  const found = (await listAllRuns(journals)).find(({ id }) => id === run)
  if (found) return found
  throw new BagboyError('RUN_UNKNOWN', `There is no run ${run}.`, { hint: 'Runs are listed by: bagboy-tui runs list' })
}
