import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { RunView, StepView } from '../../../events/project-run.ts'
import { hasMoved } from '../../../events/run-ending.ts'
import { isReached, mayHaveMoved } from '../../../events/step-ending.ts'
import { interruption } from '../../../operation/interruption.ts'

/** What ended the work on a run that stays open, with what it had done by then, registry by registry. Pure. */
export function runInterrupted(view: RunView, error: unknown): unknown {
  const { done, unknown, left } = sortSteps(view)
  const { from, to } = view.plan
  const way = view.direction === 'undo' ? `going back to ${from}` : `${from} → ${to}`
  return interruption(error, {
    what: `Run ${view.id} (${way}) was cut off`,
    facts: [
      line('Done and read back', done),
      line('Not known; resume reads them first', unknown),
      line('Not done', left),
      hasMoved(view) && view.deploymentId === null ? 'Not written yet: its entry in the history.' : '',
    ],
    goOn: `bagboy-tui runs resume ${view.id}`,
    details: { run: view.id, done, unknown, left },
  })
}

/** A run whose first record could not be written: its folder is there, and nothing else. Pure. */
export function runNotBegun(run: string, error: unknown): unknown {
  return interruption(error, {
    what: `Run ${run} is open and was cut off before it began`,
    facts: ['Nothing was changed on any registry.'],
    goOn: `bagboy-tui runs resume ${run}, or end it: bagboy-tui runs abort ${run} --reason TEXT`,
    details: { run },
  })
}

/** Nothing can be written in its folder, so nothing was done about it. @returns any but a failing disk as it is. Pure. */
export function runNotTakenUp(run: string, error: unknown): unknown {
  if (!(error instanceof BagboyError) || error.code !== 'DISK') return error
  return interruption(error, {
    what: `Run ${run} is open and was not gone on with`,
    facts: ['Nothing was changed on any registry by this.'],
    goOn: `bagboy-tui runs resume ${run}`,
    details: { run },
  })
}

function line(what: string, ids: readonly string[]): string {
  return ids.length === 0 ? '' : `${what}: ${ids.join(', ')}`
}

function sortSteps({ steps, direction }: RunView) {
  const way = direction ?? 'do'
  const open = steps.filter((step) => !isReached(step, way) && step.status !== 'skipped')
  const idsOf = (found: readonly StepView[]) => found.map(({ id }) => id)
  return {
    done: idsOf(steps.filter((step) => isReached(step, way))),
    unknown: idsOf(open.filter(isUnproved)),
    left: idsOf(open.filter((step) => !isUnproved(step))),
  }
}

/** A request of ours was sent, in whichever direction, and nothing was proved of it since. */
function isUnproved(step: StepView): boolean {
  return step.isOwed && mayHaveMoved(step)
}
