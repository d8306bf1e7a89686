import type { WatchView } from '../../src/events/project-watch.ts'
import type { ConfirmParts } from '../dialog/dialog.ts'

/** What is asked before triggers may roll back without a person. Pure. */
export function armDialog(view: WatchView, arm: () => void): ConfirmParts {
  const target = view.proposal?.plan.to ?? view.target
  return {
    title: 'Arm the automatic rollback',
    facts: [
      `${view.app} ${view.environment.toUpperCase()}   ${view.version}  →  ${target ?? 'the target that the plan finds'}`,
      view.fired === null
        ? 'When a trigger fires, the rollback runs without a question. A disarms it.'
        : 'A trigger has fired already: the rollback follows as soon as it is armed.',
    ],
    expected: target ?? view.version,
    label: 'Arm',
    accept: arm,
  }
}
