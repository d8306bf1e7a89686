import type { RecoveryStep } from '../../src/engine/engine.ts'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import type { KeyBinding } from '../input/key-binding.ts'

const noRecovery = ({ recovery }: AppState): string | null => (recovery ? null : 'the registries are being read')

const selectedStep = (state: AppState): RecoveryStep | undefined => state.recovery?.steps[cursorOf(state, 'recovery')]

function noOpenStep(state: AppState): string | null {
  const step = selectedStep(state)
  if (!step) return 'no step is selected'
  return step.next === 'nothing' ? 'this step needs nothing' : null
}

/** The keys of the list of runs and of the resume screen. */
export const RECOVERY_KEYS: readonly KeyBinding[] = [
  { keys: ['4'], scope: 'everywhere', label: 'runs', run: ({ commands }) => commands.open('runs', true) },
  {
    keys: ['enter'],
    scope: 'runs',
    label: 'open the run',
    hint: 'open',
    isMain: true,
    disabledReason: ({ overview }) => ((overview?.runs.length ?? 0) > 0 ? null : 'there is no run yet'),
    run: ({ commands, state }) => {
      const run = state.overview?.runs[cursorOf(state, 'runs')]
      if (run) void commands.openRun(run.id)
    },
  },

  {
    keys: ['R'],
    scope: 'recovery',
    label: 'resume: only what is left…',
    hint: 'resume…',
    isMain: true,
    isDangerous: true,
    disabledReason: noRecovery,
    run: ({ commands }) => commands.confirmResume(),
  },
  {
    keys: ['T'],
    scope: 'recovery',
    label: 'try the selected step alone…',
    hint: 'try one…',
    isDangerous: true,
    disabledReason: noOpenStep,
    run: ({ commands }) => commands.confirmRetry(),
  },
  {
    keys: ['S'],
    scope: 'recovery',
    label: 'skip the selected step, with a reason…',
    hint: 'skip…',
    isDangerous: true,
    disabledReason: noOpenStep,
    run: ({ commands }) => commands.confirmSkip(),
  },
  {
    keys: ['O'],
    scope: 'recovery',
    label: 'overwrite what another writer put there…',
    isDangerous: true,
    disabledReason: (state) => {
      const step = selectedStep(state)
      if (!step) return 'no step is selected'
      return step.found === 'other' ? null : 'no foreign change is in its way'
    },
    run: ({ commands }) => commands.confirmOverwrite(),
  },
  {
    keys: ['U', 'F'],
    scope: 'recovery',
    label: 'undo what was done…',
    hint: 'undo…',
    isMain: true,
    isDangerous: true,
    disabledReason: noRecovery,
    run: ({ commands }) => commands.confirmUndo(),
  },
  {
    keys: ['H'],
    scope: 'recovery',
    label: 'hand over to a person…',
    hint: 'hand over…',
    isDangerous: true,
    disabledReason: noRecovery,
    run: ({ commands }) => commands.confirmHandOver(),
  },
]
