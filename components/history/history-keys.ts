import type { AppState } from '../../store/state.ts'
import { diffKey } from '../compare/compare-keys.ts'
import { clockTime } from '../../src/view/time.ts'
import type { KeyBinding } from '../input/key-binding.ts'
import { rollBackKey } from '../plan/roll-back-key.ts'
import { openRun, waitingRun } from '../../store/run/run-selectors.ts'
import { isHeld, selectedDeployment } from '../../store/history/deployments.ts'

const noSelection = (state: AppState): string | null => (selectedDeployment(state) ? null : 'no version is selected')

/** The keys of the history and of one version in it. */
export const HISTORY_KEYS: readonly KeyBinding[] = [
  {
    keys: ['/'],
    scope: 'everywhere',
    label: 'filter the history',
    disabledReason: ({ screen }) => (screen === 'history' ? null : 'only in the history'),
    run: ({ dispatch, state }) => dispatch({ type: 'filter.changed', text: state.filter.text, isOpen: true }),
  },
  { keys: ['1'], scope: 'everywhere', label: 'history', run: ({ commands }) => commands.open('history', true) },

  {
    keys: ['R'],
    scope: 'history',
    label: 'open the resume screen of the open run',
    hint: 'open run…',
    isMain: true,
    isRare: true,
    disabledReason: (state) => {
      if (!state.overview) return 'the runs are not read yet'
      if (state.run?.isActive === true) return null
      return openRun(state) || waitingRun(state) ? null : `no run is open (${clockTime(state.readAt)})`
    },
    run: ({ commands, state }) => {
      const id = state.run?.isActive === true ? state.run.id : (openRun(state) ?? waitingRun(state))?.id
      if (id !== undefined) void commands.openRecovery(id)
    },
  },
  {
    keys: ['enter'],
    scope: 'history',
    label: 'open the version',
    hint: 'open',
    isMain: true,
    disabledReason: noSelection,
    run: ({ commands, dispatch }) => {
      dispatch({ type: 'cursor.set', screen: 'version', index: 0 })
      commands.open('version')
    },
  },
  rollBackKey('history'),
  diffKey('history'),
  {
    keys: ['space'],
    scope: 'history',
    label: 'mark for a comparison',
    hint: 'mark',
    disabledReason: noSelection,
    run: ({ state, dispatch }) => {
      const id = selectedDeployment(state)?.id ?? null
      dispatch({ type: 'version.marked', id: state.markedId === id ? null : id })
    },
  },
  {
    keys: ['f'],
    scope: 'history',
    label: 'ready-made filters…',
    hint: 'show…',
    run: ({ commands }) => commands.openFilterMenu(),
  },
  {
    keys: ['H'],
    scope: 'history',
    label: 'hold this version, or lift its hold…',
    isDangerous: true,
    disabledReason: noSelection,
    run: ({ commands, state }) => {
      const version = selectedDeployment(state)?.version
      if (version !== undefined) commands.confirmFlag(isHeld(state, version) ? 'unhold' : 'hold', version)
    },
  },
  {
    keys: ['I'],
    scope: 'history',
    label: 'pin this version, or unpin it…',
    isDangerous: true,
    disabledReason: noSelection,
    run: ({ commands, state }) => {
      const one = selectedDeployment(state)
      if (one) commands.confirmFlag(one.pinned ? 'unpin' : 'pin', one.version)
    },
  },
  {
    keys: ['P'],
    scope: 'history',
    label: 'prune old versions…',
    hint: 'prune…',
    run: ({ commands }) => void commands.openPrune(),
  },

  rollBackKey('version', 'roll back to this version…'),
  diffKey('version'),
]
