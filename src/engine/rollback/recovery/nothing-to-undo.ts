import { EXIT } from '../../../errors/codes.ts'
import type { RunView } from '../../../events/project-run.ts'
import { mayHaveMoved } from '../../../events/step-ending.ts'
import type { RunOutcome } from '../../engine.ts'

/** Of a run that changed nothing, or that was undone already. Pure. */
export function nothingToUndo(view: RunView): RunOutcome {
  const why = view.steps.some(mayHaveMoved)
    ? 'everything it changed was taken back already'
    : 'it changed nothing on any registry'
  const nothingToDo = `Nothing to undo for run ${view.id}: ${why}.`
  return { id: view.id, result: 'undone', exitCode: EXIT.ok, view, nothingToDo }
}
