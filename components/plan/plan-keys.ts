import { blockingFindings } from '../../src/domain/plan.ts'
import { selectedPlanRow } from '../../store/plan/plan-rows.ts'
import { candidates, strategies } from '../../store/plan/targets.ts'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import { plural } from '../../src/view/plural.ts'
import type { KeyBinding } from '../input/key-binding.ts'

const noPlan = ({ plan }: AppState): string | null => (plan ? null : 'open a plan first (r)')

function noExecution({ plan: shown }: AppState): string | null {
  if (!shown) return 'open a plan first (r)'
  const blocking = blockingFindings(shown.plan)
  if (blocking.length > 0) return `${plural(blocking.length, 'check blocks', 'checks block')} it (b shows them)`
  return shown.plan.steps.length === 0 ? 'there is nothing to do' : null
}

const moveStep =
  (by: number): KeyBinding['run'] =>
  ({ state, dispatch, commands }) => {
    const count = state.plan?.plan.steps.length ?? 0
    const index = cursorOf(state, 'plan') + by
    if (index >= count)
      return commands.notify('info', 'That was the last step. X executes the plan, esc goes back to it.')
    if (index >= 0) dispatch({ type: 'cursor.set', screen: 'plan', index })
    dispatch({ type: 'cursor.set', screen: 'step', index: 0 })
  }

const savePlan = (scope: 'plan' | 'step'): KeyBinding => ({
  keys: ['w'],
  scope,
  label: 'save the plan to a file',
  hint: 'save',
  disabledReason: (state) => (state.options.canSavePlan ? noPlan(state) : 'plans cannot be saved here'),
  run: ({ commands }) => void commands.savePlan(),
})

const execute = (scope: 'plan' | 'step'): KeyBinding => ({
  keys: ['X'],
  scope,
  label: 'EXECUTE…: asks for the version and a reason',
  hint: 'EXECUTE…',
  isMain: true,
  isDangerous: true,
  disabledReason: noExecution,
  run: ({ commands }) => commands.confirmRun(),
})

/** The keys of the target picker, of the plan and of its steps. */
export const PLAN_KEYS: readonly KeyBinding[] = [
  {
    keys: ['enter'],
    scope: 'target',
    label: 'plan a rollback to this target; nothing moves',
    hint: 'plan it',
    isMain: true,
    run: ({ state, commands }) => {
      const index = cursorOf(state, 'target')
      const strategy = strategies(state)[index]
      const chosen = candidates(state)[index - strategies(state).length]
      const target = strategy?.target ?? chosen?.deployment.version
      if (target !== undefined) void commands.openPlan(target)
    },
  },

  {
    keys: ['enter'],
    scope: 'plan',
    label: 'walk through it, one step a page',
    hint: 'walk',
    isMain: true,
    disabledReason: noPlan,
    run: ({ commands, dispatch, state }) => {
      const count = state.plan?.plan.steps.length ?? 0
      if (count === 0) return commands.notify('info', 'The plan has no steps.')
      if (selectedPlanRow(state)?.kind === 'excluded') dispatch({ type: 'cursor.set', screen: 'plan', index: 0 })
      dispatch({ type: 'cursor.set', screen: 'step', index: 0 })
      commands.open('step')
    },
  },
  {
    keys: ['m'],
    scope: 'plan',
    label: 'effect matrix: impact on users',
    hint: 'effects',
    disabledReason: noPlan,
    run: ({ commands, dispatch }) => {
      dispatch({ type: 'cursor.set', screen: 'effects', index: 0 })
      commands.open('effects')
    },
  },
  {
    keys: ['e'],
    scope: 'plan',
    label: 'skip this registry, or include it again',
    hint: 'skip',
    isMain: true,
    disabledReason: noPlan,
    run: ({ commands }) => void commands.toggleRow(),
  },
  {
    keys: ['b'],
    scope: 'plan',
    label: 'all checks, with their remedies and overrides',
    hint: 'checks',
    disabledReason: noPlan,
    run: ({ commands }) => commands.openFindings(),
  },
  savePlan('plan'),
  execute('plan'),

  {
    keys: ['n', 'enter', 'right', 'l'],
    scope: 'step',
    label: 'next step',
    hint: 'next',
    isMain: true,
    run: moveStep(1),
  },
  { keys: ['p', 'left', 'h'], scope: 'step', label: 'previous step', hint: 'previous', run: moveStep(-1) },
  {
    keys: ['e'],
    scope: 'step',
    label: 'skip this registry',
    hint: 'skip',
    disabledReason: noPlan,
    run: ({ commands }) => void commands.toggleRow(),
  },
  savePlan('step'),
  execute('step'),
]
