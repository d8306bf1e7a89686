import type { ExitCode } from '../../../errors/codes.ts'
import type { RunResult } from '../../../events/events.ts'
import type { RunView } from '../../../events/project-run.ts'
import { hasMoved, isUnfinished } from '../../../events/run-ending.ts'
import { historyEdits } from '../../records/history-edits.ts'
import type { RunContext } from './run-context.ts'
import { summarize } from './summarize.ts'
import { failpoint } from '../../../platform/failpoint.ts'
import type { HistoryEdit } from '../../../history/history-edit.ts'

/** How a run ended. */
export interface Ending {
  readonly kind: 'ended'
  readonly result: RunResult
  readonly exitCode: ExitCode
  /** An open run has to be resumed, undone or abandoned. */
  readonly staysOpen: boolean
}

/** Writes down what is true now: the history when anything moved, then the run's last record. */
export async function finishRun(context: RunContext, result: RunResult, exitCode: ExitCode): Promise<Ending> {
  const { recorder } = context
  if (changesHistory(recorder.view, result)) await commitHistory(context, result)
  const summary = summarize(recorder.view, result)
  failpoint('run:finishing')
  await recorder.emit({ type: 'run.finished', result, exitCode, summary })
  return { kind: 'ended', result, exitCode, staysOpen: isUnfinished(recorder.view, result) }
}

/**
 * Where every pointer had been moved already, at least the history follows. A run that was undone may find an entry of its
 * own, of an owner that died right after writing it; without one there is nothing to write.
 */
function changesHistory(view: RunView, result: RunResult): boolean {
  const isOnlyWritten = result === 'complete' && view.plan.from !== view.plan.to
  return hasMoved(view) || isOnlyWritten || result === 'undone'
}

type Committing = Pick<RunContext, 'recorder' | 'registries' | 'history' | 'actor' | 'platform' | 'run' | 'lock'>

/** Also of a run that is handed over: what it moved is moved. */
export async function commitHistory(context: Committing, result: RunResult): Promise<void> {
  const { recorder, registries, history, actor, platform, run, lock } = context
  const now = platform.clock.now()
  let edits: readonly HistoryEdit[] = []
  const committed = await history.commit(
    (loaded) => {
      edits = historyEdits(loaded.history, { view: recorder.view, result, actor, now, registries })
      return edits
    },
    { run, epoch: lock.epoch, purpose: `${recorder.view.plan.kind} ${result}`, actor },
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
