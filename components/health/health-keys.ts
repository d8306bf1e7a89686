import { FINE, healthRows, weightOf, worstFirst } from '../../store/health/health-rows.ts'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import type { KeyBinding } from '../input/key-binding.ts'
import { noRollback, rollBackKey } from '../plan/roll-back-key.ts'
import { evidenceText } from '../run/evidence-lines.ts'

const noHealth = ({ health }: AppState): string | null => (health ? null : 'bagboy.yaml configures no health checks')

function noAuto(state: AppState): string | null {
  const { health } = state
  if (!health?.view) return noHealth(state) ?? 'the watch has not begun'
  if (health.error) return 'nothing is watched now (ctrl-r tries again)'
  if (health.purpose === 'run') return 'a run is going on'
  if (health.purpose === 'window') return 'the rollback is being watched'
  if (health.view.rules.length === 0) return 'bagboy.yaml names no trigger'
  return health.view.mode === 'off' ? 'rollback.mode is off in bagboy.yaml' : null
}

/** Goes to another check that does not pass. */
const jumpToBad =
  (pick: (rows: readonly number[], at: number) => number | undefined): KeyBinding['run'] =>
  ({ state, dispatch, commands }) => {
    const bad = healthRows(state).flatMap((row, index) => (weightOf(row) < FINE ? [index] : []))
    const index = pick(bad, cursorOf(state, 'health'))
    if (index === undefined)
      return commands.notify('info', bad.length === 0 ? 'Every check passes.' : 'No further check fails.')
    dispatch({ type: 'cursor.set', screen: 'health', index })
  }

const review: Omit<KeyBinding, 'scope'> = {
  keys: ['v'],
  label: 'review the rollback that a trigger asks for',
  disabledReason: (state) =>
    state.health?.view?.proposal || state.health?.view?.countdown
      ? noRollback(state)
      : 'no trigger asks for a rollback',
  run: ({ commands }) => commands.openProposal(),
}

const toggleAuto: Omit<KeyBinding, 'scope'> = {
  keys: ['A'],
  label: 'hold the automatic rollback; where it is held, arm it…',
  isDangerous: true,
  disabledReason: noAuto,
  run: ({ commands }) => commands.toggleAuto(),
}

/** The keys of the health screen, and of the automatic rollback on every screen. */
export const HEALTH_KEYS: readonly KeyBinding[] = [
  {
    keys: ['2'],
    scope: 'everywhere',
    label: 'health',
    disabledReason: noHealth,
    // The screen opens on what is wrong.
    run: ({ state, dispatch, commands }) => {
      const rows = healthRows(state)
      const [worst] = worstFirst(rows)
      if (state.screen !== 'health' && worst && weightOf(worst) < FINE) {
        dispatch({ type: 'cursor.set', screen: 'health', index: rows.indexOf(worst) })
      }
      commands.open('health', true)
    },
  },
  { ...review, scope: 'everywhere' },
  { ...toggleAuto, scope: 'everywhere' },
  { ...toggleAuto, scope: 'health', hint: 'auto', isMain: true },
  { ...review, scope: 'health', hint: 'review', isMain: true, isRare: true },
  rollBackKey('health'),
  {
    keys: ['enter'],
    scope: 'health',
    label: 'all of the evidence',
    hint: 'evidence',
    disabledReason: noHealth,
    run: ({ commands, state }) => {
      const text = evidenceText(state)
      if (text !== '') commands.showText('Evidence', text)
    },
  },
  {
    keys: ['space'],
    scope: 'health',
    label: 'run every check now',
    hint: 'check now',
    disabledReason: noHealth,
    run: ({ commands }) => commands.probeNow(),
  },
  {
    keys: [']'],
    scope: 'health',
    label: 'next check that does not pass',
    disabledReason: noHealth,
    run: jumpToBad((rows, at) => rows.find((row) => row > at)),
  },
  {
    keys: ['['],
    scope: 'health',
    label: 'previous one',
    disabledReason: noHealth,
    run: jumpToBad((rows, at) => rows.findLast((row) => row < at)),
  },
]
