import type { RunResult } from '../../../events/events.ts'
import type { RunView } from '../../../events/project-run.ts'
import { countSteps } from '../../../events/count-steps.ts'
import { hasMoved } from '../../../events/run-ending.ts'

const FORWARD: Readonly<Record<RunResult, string>> = {
  complete: 'complete',
  partial: 'PARTIAL',
  failed: 'FAILED',
  aborted: 'ABORTED',
  undone: 'undone',
  manual: 'waiting for manual steps',
}

/** One line for people, for the direction in which the run went; the numbers come from the read-backs. Pure. */
export function summarize(view: RunView, result: RunResult): string {
  const { plan, steps, direction } = view
  const skipped = countSteps(view).skipped + plan.excluded.filter(({ status }) => status !== 'already').length
  const left = skipped === 0 ? '' : `, ${skipped} skipped`
  const way = `${plan.from} → ${plan.to}`
  const count = `${countSteps(view).done} of ${steps.length} registries`
  if (direction !== 'undo') return `${way} ${FORWARD[result]}: ${count} read back as wanted${left}`
  if (result === 'undone' && !hasMoved(view)) return `${way} undone: the run had changed nothing, nothing was written`
  const head = result === 'undone' ? `${way} undone` : `${way}, going back to ${plan.from}: ${FORWARD[result]}`
  return `${head}: ${count} as this run found them${left}`
}
