import { comparisonPartner } from '../../store/plan/targets.ts'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState, Screen } from '../../store/state.ts'
import type { KeyBinding } from '../input/key-binding.ts'
import { rollBackKey } from '../plan/roll-back-key.ts'
import { compareLines } from './compare-lines.ts'
import { selectedDeployment } from '../../store/history/deployments.ts'

function noComparison(state: AppState): string | null {
  if (!selectedDeployment(state)) return 'no version is selected'
  return comparisonPartner(state) === undefined ? 'mark another version first (space)' : null
}

/** `d` on the screens of a version. */
export const diffKey = (scope: Screen): KeyBinding => ({
  keys: ['d'],
  scope,
  label: 'compare with the marked one, or live, or the last good',
  hint: 'diff',
  disabledReason: noComparison,
  run: ({ commands }) => commands.compare(),
})

/** Goes to another row that differs. */
const jumpToChange =
  (pick: (rows: readonly number[], at: number) => number | undefined): KeyBinding['run'] =>
  ({ state, dispatch }) => {
    const rows = compareLines(state, 80).flatMap(({ isChange }, index) => (isChange ? [index] : []))
    const index = pick(rows, cursorOf(state, 'compare'))
    if (index !== undefined) dispatch({ type: 'cursor.set', screen: 'compare', index })
  }

/** The keys of the comparison. */
export const COMPARE_KEYS: readonly KeyBinding[] = [
  {
    keys: ['3'],
    scope: 'everywhere',
    label: 'compare',
    disabledReason: noComparison,
    run: ({ commands }) => commands.compare(),
  },
  {
    keys: [']'],
    scope: 'compare',
    label: 'next change',
    hint: 'next change',
    run: jumpToChange((rows, at) => rows.find((row) => row > at)),
  },
  {
    keys: ['['],
    scope: 'compare',
    label: 'previous change',
    hint: 'previous',
    run: jumpToChange((rows, at) => rows.findLast((row) => row < at)),
  },
  {
    keys: ['='],
    scope: 'compare',
    label: 'only changes, or everything',
    hint: 'only changes',
    run: ({ state, dispatch }) => {
      if (!state.compare) return
      dispatch({ type: 'compare.changed', compare: { ...state.compare, onlyChanges: !state.compare.onlyChanges } })
      dispatch({ type: 'cursor.set', screen: 'compare', index: 0 })
    },
  },
  {
    keys: ['x'],
    scope: 'compare',
    label: 'swap the sides',
    hint: 'swap',
    run: ({ state: { compare }, dispatch }) => {
      if (!compare) return
      dispatch({ type: 'compare.changed', compare: { ...compare, left: compare.right, right: compare.left } })
    },
  },
  rollBackKey('compare', 'roll back to the left version…'),
]
