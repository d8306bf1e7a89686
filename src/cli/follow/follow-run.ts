import type { RunHandle, RunOutcome } from '../../engine/engine.ts'
import { projectRun } from '../../events/project-run.ts'
import { EXIT } from '../../errors/codes.ts'
import type { Invocation } from '../command.ts'
import { renderEvent } from '../../view/run/event-line.ts'
import { renderRun } from '../../view/run/run-lines.ts'
import { runReport } from '../../view/run/run-report.ts'
import { printOperation } from './print-operation.ts'
import { judgeRestored } from './judge-restored.ts'
import type { RestoredHealth } from '../../view/run/restored-health.ts'

/**
 * Prints a run until it ends: its events, then its result. A signal asks the run to stop after what is in flight. A run
 * that loses its terminal continues and ends with its own exit code. A resumed run repeats its past events; those up to
 * `afterSeq` were printed before.
 * Settles with the exit code: the run's own, or the signal's when the run did not complete because of it.
 */
export async function followRun(handle: RunHandle, invocation: Invocation, afterSeq = 0): Promise<number> {
  const { interruption, output } = invocation
  const release = interruption.goOn(() => output.note({ text: RUN_GOES_ON, tone: 'warning' }))
  try {
    return await showRun(handle, invocation, afterSeq)
  } finally {
    release()
  }
}

const RUN_GOES_ON = 'ctrl-z would stop the run in the middle; it goes on. ctrl-c stops it after what is in flight.'

async function showRun(handle: RunHandle, invocation: Invocation, afterSeq: number): Promise<number> {
  const { interruption, output } = invocation
  const stopText = 'Stopping after what is in flight; once more leaves at once.'
  const outcome = await printRun(handle, invocation, { afterSeq, stopText })
  if (outcome.warning !== undefined) output.note({ text: outcome.warning, tone: 'warning' })
  if (outcome.nothingToDo !== undefined) return reportNothing(outcome, outcome.nothingToDo, invocation)
  const health = await judgeRestored(outcome, invocation)
  const exitCode = health?.verdict === 'unhealthy' ? EXIT.unhealthy : outcome.exitCode
  await printOutcome({ ...outcome, exitCode }, invocation, health)
  const wasCutOff = health?.verdict === 'unknown' && interruption.signal.aborted
  return exitCode === 0 && !wasCutOff ? 0 : (interruption.exitCode() ?? exitCode)
}

/** No run took place: a stream of events stays empty. */
async function reportNothing(
  { id: runId, exitCode }: RunOutcome,
  why: string,
  { output }: Invocation,
): Promise<number> {
  if (output.format === 'ndjson') output.note(why)
  else await output.answer({ schema: 1, result: 'nothing-to-do', exitCode, run: runId, reason: why }, () => [why])
  return exitCode
}

export function printRun(
  handle: RunHandle,
  invocation: Invocation,
  options: { readonly afterSeq?: number; readonly stopText?: string; readonly stopReason?: string },
): Promise<RunOutcome> {
  return printOperation(handle, invocation, { fold: projectRun, line: renderEvent, ...options })
}

export async function printOutcome(
  { view, exitCode }: RunOutcome,
  { output }: Invocation,
  health: RestoredHealth | null = null,
): Promise<void> {
  // The events were printed already.
  if (output.format === 'ndjson') return
  await output.answer(runReport(view, exitCode, health), () => renderRun(view, health))
}
