import type { Action, PlanStep, RollbackPlan } from '../../domain/plan.ts'
import { renderHeading } from '../heading.ts'
import { packageText } from '../history/package-text.ts'
import type { Line, Span } from '../text.ts'

/** Every write of a plan, its compensation, and the commands that do the same. Pure. */
export function renderWrites({ steps, parallelism, hold, from }: RollbackPlan): readonly Line[] {
  if (steps.length === 0) return renderHeading('Writes', 'none')
  return [
    ...renderHeading('Writes', `only in a run; up to ${parallelism} at a time, group by group`),
    ...steps.flatMap(renderStep),
    ...(hold ? ['', `  Afterwards ${from} is held: it cannot be recorded again until the hold is lifted.`] : []),
  ]
}

function renderStep(step: PlanStep, at: number): readonly Line[] {
  const way: Span =
    step.reversibility === 'one-way'
      ? { text: 'cannot be undone', tone: 'warning' }
      : { text: 'can be undone', tone: 'dim' }
  return [
    ...(at === 0 ? [] : ['']),
    [`  ${at + 1}. `, { text: step.title, tone: 'strong' }],
    [`     ${packageText(step.package)}  group ${step.group}  `, way],
    ...(step.deferred === ''
      ? []
      : [{ text: '     Its writes are decided by the run, as soon as it can be read.', tone: 'warning' } as const]),
    ...step.actions.map((action): Line => [{ text: '     WRITE    ', tone: 'warning' }, actionText(action)]),
    ...step.undo.map((action): Line => [{ text: '     undo     ', tone: 'dim' }, actionText(action)]),
    ...step.manual.map((command): Line => [{ text: '     manual   ', tone: 'dim' }, command]),
  ]
}

function actionText(action: Action): string {
  if (action.kind === 'http') return `${action.title}  (${action.method} ${action.url})`
  return action.title
}
