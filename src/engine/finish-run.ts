import type { ExitCode } from '../errors/codes.ts'
import type { RunResult } from '../events/events.ts'
import { countSteps, type RunView } from '../events/project-run.ts'
import type { HistoryEdit } from '../history/history-store.ts'
import { isSettled } from '../machine/step-status.ts'
import { historyEdits } from './history-edits.ts'
import type { RunContext } from './run-context.ts'
import { isContradicted } from './sweep.ts'
import { failpoint } from '../platform/failpoint.ts'

/** How a run ended. */
export interface Ending {
  readonly kind: 'ended'
  readonly result: RunResult
  readonly exitCode: ExitCode
  /** An open run is an obligation: somebody resumes, undoes or hands it over. */
  readonly staysOpen: boolean
}

/** Writes down what is true now: the history when anything moved, then the run's last record. */
export async function finishRun(context: RunContext, result: RunResult, exitCode: ExitCode): Promise<Ending> {
  const { recorder } = context
  if (hasMoved(recorder.view) || changesActive(recorder.view, result)) await commitHistory(context, result)
  const summary = summarize(recorder.view, result)
  failpoint('run:finishing')
  await recorder.emit({ type: 'run.finished', result, exitCode, summary })
  return { kind: 'ended', result, exitCode, staysOpen: isUnfinished(recorder.view, result) }
}

function hasMoved({ steps }: RunView): boolean {
  return steps.some(({ wasIntended, wasAwaited }) => wasIntended || wasAwaited)
}

/** Somebody else had moved every pointer already: then at least the history has to follow. */
function changesActive({ plan }: RunView, result: RunResult): boolean {
  return result === 'complete' && plan.from !== plan.to
}

function isUnfinished(view: RunView, result: RunResult): boolean {
  if (result === 'complete' || result === 'undone') return false
  if (result === 'aborted' && !hasMoved(view)) return false
  return isContradicted(view) || view.steps.some(({ status }) => !isSettled(status) && status !== 'undone')
}

async function commitHistory(context: RunContext, result: RunResult): Promise<void> {
  const { recorder, history, actor, platform, run, lock } = context
  const now = platform.clock.now()
  let edits: readonly HistoryEdit[] = []
  const committed = await history.commit(
    (loaded) => {
      edits = historyEdits(loaded.history, { view: recorder.view, result, actor, now })
      return edits
    },
    { run, epoch: lock.epoch, purpose: `rollback ${result}`, actor },
    () => lock.assertHeld(),
  )
  const entry = committed.history.deployments.find((deployment) => deployment.run === run)
  for (const edit of edits) {
    if (edit.kind === 'hold') {
      await recorder.emit({ type: 'hold.placed', version: edit.hold.version, reason: edit.hold.reason })
    } else if (edit.kind === 'lift-hold') {
      await recorder.emit({ type: 'hold.lifted', version: edit.version, reason: 'the rollback was undone' })
    }
  }
  if (entry) {
    await recorder.emit({ type: 'history.committed', deploymentId: entry.id, revision: committed.revision })
  }
}

/** One line for people; the numbers come from the read-backs. */
export function summarize(view: RunView, result: RunResult): string {
  const { done } = countSteps(view.steps)
  const words: Readonly<Record<RunResult, string>> = {
    complete: 'complete',
    partial: 'PARTIAL',
    failed: 'FAILED',
    aborted: 'ABORTED',
    undone: 'undone',
    manual: 'waiting for manual steps',
  }
  return `${view.plan.from} → ${view.plan.to} ${words[result]}: ${done} of ${view.steps.length} registries read back as wanted`
}
