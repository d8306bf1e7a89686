import { allowedSignals } from '../../src/machine/transitions.ts'
import { candidates, strategies } from '../../store/plan/targets.ts'
import type { AppState, Screen } from '../../store/state.ts'
import type { KeyBinding } from '../input/key-binding.ts'
import { openRun } from '../../store/run/run-selectors.ts'
import { deploymentById, selectedDeployment } from '../../store/history/deployments.ts'
import { phaseOf } from '../../store/phase.ts'

/** `r` on every screen from which a rollback can begin. */
export function rollBackKey(scope: Screen, label = 'roll back…: choose a target'): KeyBinding {
  return {
    keys: ['r'],
    scope,
    label,
    hint: 'roll back…',
    isMain: scope !== 'traffic',
    disabledReason: noRollback,
    // The picker opens on the version under the cursor when that can be a target.
    run: ({ state, dispatch, commands }) => {
      const wanted =
        state.screen === 'compare' ? deploymentById(state, state.compare?.left ?? null) : selectedDeployment(state)
      const at = candidates(state).findIndex(({ deployment }) => deployment.version === wanted?.version)
      dispatch({ type: 'cursor.set', screen: 'target', index: at === -1 ? 0 : at + strategies(state).length })
      commands.open('target')
    },
  }
}

/** Why no rollback can begin now, or `null`. Pure. */
export function noRollback(state: AppState): string | null {
  if (state.run?.isActive === true) return 'a run is going on'
  if (openRun(state)) return 'a run is open: finish it first (R)'
  const deploy = state.traffic?.deploy
  if (deploy && deploy.result === null) return 'a deploy is open: end it first (6, then B)'
  if (!state.overview) return 'the history is not read yet'
  return allowedSignals(phaseOf(state)).includes('rollback.requested') ? null : 'not in this phase'
}
