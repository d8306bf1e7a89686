import { isSettled } from '../../src/machine/step-status.ts'
import { shownRun } from '../../store/selectors.ts'
import type { AppState } from '../../store/state.ts'

/** What a person still has to do, registry by registry, with the commands. Pure. */
export function byHand(state: AppState): readonly string[] {
  const view = state.screen === 'recovery' ? state.recovery?.view : shownRun(state)?.view
  if (!view) return []
  const left = view.steps.filter(({ status }) => !isSettled(status) && status !== 'undone')
  const registries = left.flatMap((step) => [
    `${step.plan.package.format} ${step.plan.package.name}: ${step.plan.title}`,
    ...step.plan.manual.map((command) => `  ${command}`),
    '',
  ])
  const users = view.steps.filter(({ status }) => status === 'done')
  const people = users.map(({ plan }) => `${plan.package.format}: ${plan.effect.existingUsers}`)
  return [
    ...(registries.length === 0 ? ['Nothing is left to do on the registries.', ''] : registries),
    ...(people.length === 0 ? [] : [`Those who already have ${view.plan.from}:`, ...people.map((text) => `  ${text}`)]),
  ]
}
