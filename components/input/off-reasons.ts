/** Why a key does nothing right now, or `null` when it is live: shown by the key and in the help. All pure. */

import { blockingFindings } from '../../src/domain/plan.ts'
import { allowedSignals } from '../../src/machine/transitions.ts'
import {
  cursorOf,
  isAtWork,
  openRun,
  phaseOf,
  selectedDeployment,
  shownRun,
  waitingRun,
} from '../../store/selectors.ts'
import { comparisonPartner } from '../../store/plan/targets.ts'
import { plural } from '../format/text.ts'
import { clockTime } from '../format/time.ts'
import type { AppState } from '../../store/state.ts'

export const noHistory = (state: AppState): string | null =>
  selectedDeployment(state) ? null : 'no version is selected'
export const noComparison = (state: AppState): string | null => {
  const selected = selectedDeployment(state)
  if (!selected) return 'no version is selected'
  return comparisonPartner(state) === undefined ? 'mark another version first (space)' : null
}
export const noRollback = (state: AppState): string | null => {
  if (state.run?.isActive === true) return 'a run is going on'
  if (openRun(state)) return 'a run is open: finish it first (R)'
  const deploy = state.traffic?.deploy
  if (deploy && deploy.result === null) return 'a deploy is open: end it first (6, then B)'
  if (!state.overview) return 'the history is not read yet'
  return allowedSignals(phaseOf(state)).includes('rollback.requested') ? null : 'not in this phase'
}
export const noPlan = (state: AppState): string | null => (state.plan ? null : 'open a plan first (r)')
export const noExecution = (state: AppState): string | null => {
  if (!state.plan) return 'open a plan first (r)'
  const blocking = blockingFindings(state.plan.plan)
  if (blocking.length > 0) return `${plural(blocking.length, 'check blocks', 'checks block')} it (b shows them)`
  return state.plan.plan.steps.length === 0 ? 'there is nothing to do' : null
}
export const noActiveRun = (state: AppState): string | null => (isAtWork(state) ? null : noRunOfOurs(state))
export const noPause = (state: AppState): string | null => {
  if (!isAtWork(state)) return noRunOfOurs(state)
  if (state.run?.isPaused === true) return null
  return allowedSignals(phaseOf(state)).includes('run.paused') ? null : 'nothing to pause in this phase'
}
const noRunOfOurs = ({ run }: AppState): string =>
  run?.holder ? `read-only: ${run.holder.who} is at it` : 'no run is going on'
export const noTakeover = ({ run }: AppState): string | null => {
  if (!run?.isActive || !run.holder) return 'no run of another owner is shown'
  return run.holder.state === 'silent' ? null : `${run.holder.who} is at work`
}
export const noRecovery = (state: AppState): string | null => (state.recovery ? null : 'the registries are being read')
export const noSkip = (state: AppState): string | null => {
  const step = state.recovery?.steps[cursorOf(state, 'recovery')]
  if (!step) return 'no step is selected'
  return step.next === 'nothing' ? 'this step needs nothing' : null
}
export const noOverwrite = (state: AppState): string | null => {
  const step = state.recovery?.steps[cursorOf(state, 'recovery')]
  if (!step) return 'no step is selected'
  return step.found === 'other' ? null : 'no foreign change is in its way'
}
export const noHealth = (state: AppState): string | null =>
  state.health ? null : 'bagboy.yaml names nothing that could be watched'
export const noAuto = (state: AppState): string | null => {
  const { health } = state
  if (!health?.view) return noHealth(state) ?? 'the watch has not begun'
  if (health.error) return 'nothing is watched now (ctrl-r tries again)'
  if (health.purpose === 'run') return 'a run is going on'
  if (health.purpose === 'window') return 'the rollback is being watched'
  if (health.view.rules.length === 0) return 'bagboy.yaml names no trigger'
  return health.view.mode === 'off' ? 'rollback.mode is off in bagboy.yaml' : null
}
export const noProposal = (state: AppState): string | null =>
  state.health?.view?.proposal || state.health?.view?.countdown ? noRollback(state) : 'no trigger asks for a rollback'
export const noOpenRun = (state: AppState): string | null => {
  if (!state.overview) return 'the runs are not read yet'
  if (state.run?.isActive === true) return null
  return openRun(state) || waitingRun(state) ? null : `no run is open (${clockTime(state.readAt)})`
}
export const noUndo = (state: AppState): string | null => {
  const run = shownRun(state)
  if (!run?.view) return 'no run is shown'
  if (run.isActive || state.run?.isActive === true) return 'a run is going on'
  const isUndone = run.view.result === 'undone' || isUndoneLater(state, run.view.id)
  return isUndone ? 'the run is undone already' : null
}
const isUndoneLater = ({ overview }: AppState, id: string): boolean =>
  overview?.runs.some((run) => run.id === id && run.undoneBy !== null) ?? false
export const noMarks = (state: AppState): string | null =>
  (state.prune?.marks.ids.length ?? 0) > 0 ? null : 'no version is marked (space)'
