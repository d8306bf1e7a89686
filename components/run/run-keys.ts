import { allowedSignals } from '../../src/machine/transitions.ts'
import type { AppState } from '../../store/state.ts'
import type { KeyBinding } from '../input/key-binding.ts'
import { quitOrAsk } from '../input/leave.ts'
import { manualSteps } from '../recovery/manual-steps.ts'
import { isAtWork, openRun, shownRun } from '../../store/run/run-selectors.ts'
import { phaseOf } from '../../store/phase.ts'

const noRunOfOurs = ({ run }: AppState): string =>
  run?.holder ? `read-only: ${run.holder.who} works on it` : 'no run is going on'

function isUndone({ overview }: AppState, id: string): boolean {
  return overview?.runs.some((run) => run.id === id && run.undoneBy !== null) ?? false
}

/** The keys of a run while it is in progress and when it has ended. */
export const RUN_KEYS: readonly KeyBinding[] = [
  {
    keys: ['p'],
    scope: 'run',
    label: 'pause after the steps in flight, or go on',
    hint: ({ run }) => (run?.isPaused === true ? 'go on' : 'pause'),
    isMain: true,
    disabledReason: (state) => {
      if (!isAtWork(state)) return noRunOfOurs(state)
      if (state.run?.isPaused === true) return null
      return allowedSignals(phaseOf(state)).includes('run.paused') ? null : 'nothing to pause in this phase'
    },
    run: ({ commands, state }) => (state.run?.isPaused === true ? commands.askToUnpause() : commands.pause()),
  },
  {
    keys: ['T'],
    scope: 'run',
    label: 'take the run over from an owner that no longer responds…',
    isDangerous: true,
    disabledReason: ({ run }) => {
      if (!run?.isActive || !run.holder) return 'no run of another owner is shown'
      return run.holder.state === 'silent' ? null : `${run.holder.who} is at work`
    },
    run: ({ commands }) => commands.confirmTakeOver(),
  },
  {
    keys: ['ctrl-c'],
    scope: 'run',
    label: 'stop safely…',
    hint: 'stop safely…',
    isMain: true,
    disabledReason: (state) => (isAtWork(state) ? null : noRunOfOurs(state)),
    run: (context) => quitOrAsk(context, 130),
  },

  {
    keys: ['enter'],
    scope: 'result',
    label: 'go on: the history, or the resume screen',
    hint: 'go on',
    isMain: true,
    run: ({ commands, state }) => {
      const run = openRun(state)
      if (run && run.id === shownRun(state)?.id) void commands.openRecovery(run.id)
      else commands.open('history', true)
    },
  },
  {
    keys: ['b'],
    scope: 'result',
    label: 'the manual steps that are left',
    hint: 'manual',
    isMain: true,
    run: ({ commands, state }) => commands.showText('Manual steps', manualSteps(state).join('\n')),
  },
  {
    keys: ['U'],
    scope: 'result',
    label: 'undo the run…',
    hint: 'undo…',
    isMain: true,
    isDangerous: true,
    disabledReason: (state) => {
      const run = shownRun(state)
      if (!run?.view) return 'no run is shown'
      if (run.isActive || state.run?.isActive === true) return 'a run is going on'
      return run.view.result === 'undone' || isUndone(state, run.view.id) ? 'the run is undone already' : null
    },
    run: ({ commands }) => commands.confirmUndo(),
  },
]
