import { restoreTitle, stepEnds } from '../../src/domain/step-ends.ts'
import type { RunView, StepView } from '../../src/events/project-run.ts'
import { manualCommands } from '../../src/events/step-ending.ts'
import { leftSteps, stepsWithUsers } from '../../src/view/run/left-steps.ts'
import type { AppState } from '../../store/state.ts'
import { shownRun } from '../../store/run/run-selectors.ts'

/** What a person still has to do, registry by registry, with the commands, in the direction in which the run goes. Pure. */
export function manualSteps(state: AppState): readonly string[] {
  const view = state.screen === 'recovery' ? state.recovery?.view : shownRun(state)?.view
  if (!view) return []
  const registries = leftSteps(view).flatMap((step) => [
    `${step.plan.package.format} ${step.plan.package.name}: ${titleOf(view, step)}`,
    ...manualCommands(step, view.direction).map((command) => `  ${command}`),
    '',
  ])
  const people = stepsWithUsers(view).map(({ plan }) => `${plan.package.format}: ${plan.effect.existingUsers}`)
  return [
    ...(registries.length === 0 ? ['Nothing is left to do on the registries.', ''] : registries),
    ...(people.length === 0 ? [] : [`Those who already have ${view.plan.from}:`, ...people.map((text) => `  ${text}`)]),
  ]
}

function titleOf({ direction, plan }: RunView, step: StepView): string {
  return direction === 'undo' ? restoreTitle(step.plan, stepEnds(step.plan, plan).from.version) : step.plan.title
}
