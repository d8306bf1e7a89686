import { blockingFindings } from '../../src/domain/plan.ts'
import { allowedSignals } from '../../src/machine/transitions.ts'
import {
  cursorOf,
  liveDeployment,
  openRun,
  phaseOf,
  selectedDeployment,
} from '../../store/selectors.ts'
import type { AppState } from '../../store/state.ts'
import type { Binding } from './binding.ts'

const noHistory = (state: AppState): string | null => (selectedDeployment(state) ? null : 'no version is selected')
const noComparison = (state: AppState): string | null => {
  const selected = selectedDeployment(state)
  if (!selected) return 'no version is selected'
  const other = state.markedId ?? liveDeployment(state)?.id
  return other === undefined || other === selected.id ? 'mark another version first (space)' : null
}
const noRollback = (state: AppState): string | null => {
  if (state.run?.isActive === true) return 'a run is going on'
  if (openRun(state)) return 'a run is open: finish it first (R)'
  if (!state.overview) return 'the history is not read yet'
  return allowedSignals(phaseOf(state)).includes('rollback.requested') ? null : 'not in this phase'
}
const noPlan = (state: AppState): string | null => (state.plan ? null : 'open a plan first (r)')
const noExecution = (state: AppState): string | null => {
  if (!state.plan) return 'open a plan first (r)'
  const blocking = blockingFindings(state.plan.plan)
  if (blocking.length > 0) return `${blocking.length} checks block it (b shows them)`
  return state.plan.plan.steps.length === 0 ? 'there is nothing to do' : null
}
const noActiveRun = (state: AppState): string | null => (state.run?.isActive === true ? null : 'no run is going on')
const noPause = (state: AppState): string | null => {
  if (state.run?.isActive !== true) return 'no run is going on'
  if (state.run.isPaused) return null
  return allowedSignals(phaseOf(state)).includes('run.paused') ? null : 'nothing to pause in this phase'
}
const noRecovery = (state: AppState): string | null => (state.recovery ? null : 'the registries are being read')
const noSkip = (state: AppState): string | null => {
  const step = state.recovery?.steps[cursorOf(state, 'recovery')]
  if (!step) return 'no step is selected'
  return step.next === 'nothing' ? 'this step needs nothing' : null
}
const noOpenRun = (state: AppState): string | null => (openRun(state) ? null : 'no run is open')
const noUndo = (state: AppState): string | null => {
  if (!state.run?.view) return 'no run is shown'
  if (state.run.isActive) return 'the run is going on'
  return state.run.view.result === 'undone' ? 'the run is undone already' : null
}
const noMarks = (state: AppState): string | null =>
  (state.prune?.marks.ids.length ?? 0) > 0 ? null : 'no version is marked (space)'

export const KEYMAP: readonly Binding[] = [
  { action: 'open', keys: ['enter'], scope: 'history', label: 'open the version', hint: 'open', off: noHistory },
  { action: 'pick-target', keys: ['r'], scope: 'history', label: 'roll back…: choose a target', hint: 'roll back…', off: noRollback },
  { action: 'compare', keys: ['d'], scope: 'history', label: 'compare with live, or with the marked one', hint: 'diff', off: noComparison },
  { action: 'mark', keys: ['space'], scope: 'history', label: 'mark for a comparison', hint: 'mark', off: noHistory },
  { action: 'filter-menu', keys: ['f'], scope: 'history', label: 'ready-made filters…', hint: 'show…' },
  { action: 'recover', keys: ['R'], scope: 'history', label: 'open the resume screen of the open run', off: noOpenRun },
  { action: 'hold', keys: ['H'], scope: 'history', label: 'hold this version, or lift its hold…', isDangerous: true, off: noHistory },
  { action: 'pin', keys: ['I'], scope: 'history', label: 'pin this version, or unpin it…', isDangerous: true, off: noHistory },
  { action: 'open-prune', keys: ['P'], scope: 'history', label: 'prune old versions…', hint: 'prune…' },

  { action: 'pick-target', keys: ['r'], scope: 'version', label: 'roll back to this version…', hint: 'roll back…', off: noRollback },
  { action: 'compare', keys: ['d'], scope: 'version', label: 'compare with live, or with the marked one', hint: 'diff', off: noComparison },

  { action: 'next-change', keys: [']'], scope: 'compare', label: 'next change', hint: 'next change' },
  { action: 'previous-change', keys: ['['], scope: 'compare', label: 'previous change', hint: 'previous' },
  { action: 'only-changes', keys: ['='], scope: 'compare', label: 'only changes, or everything', hint: 'only changes' },
  { action: 'swap', keys: ['x'], scope: 'compare', label: 'swap the sides', hint: 'swap' },
  { action: 'pick-target', keys: ['r'], scope: 'compare', label: 'roll back to the left version…', hint: 'roll back…', off: noRollback },

  { action: 'make-plan', keys: ['enter'], scope: 'target', label: 'plan a rollback to this target; nothing moves', hint: 'plan it' },

  { action: 'walk', keys: ['enter'], scope: 'plan', label: 'walk through it, one step a page', hint: 'walk', off: noPlan },
  { action: 'leave-out', keys: ['e'], scope: 'plan', label: 'leave this step out, or take it in again', hint: 'leave out', off: noPlan },
  { action: 'findings', keys: ['b'], scope: 'plan', label: 'all checks, with their remedies and overrides', hint: 'checks', off: noPlan },
  { action: 'save-plan', keys: ['w'], scope: 'plan', label: 'save the plan to a file', hint: 'save', off: (state) => (state.options.canSavePlan ? noPlan(state) : 'plans cannot be saved here') },
  { action: 'execute', keys: ['X'], scope: 'plan', label: 'EXECUTE…: asks for the version and a reason', hint: 'EXECUTE…', isDangerous: true, off: noExecution },

  { action: 'next-step', keys: ['n', 'enter', 'right', 'l'], scope: 'step', label: 'next step', hint: 'next' },
  { action: 'previous-step', keys: ['p', 'left', 'h'], scope: 'step', label: 'previous step', hint: 'previous' },
  { action: 'leave-out', keys: ['e'], scope: 'step', label: 'leave this step out, or take it in again', hint: 'leave out', off: noPlan },
  { action: 'save-plan', keys: ['w'], scope: 'step', label: 'save the plan to a file', hint: 'save', off: (state) => (state.options.canSavePlan ? noPlan(state) : 'plans cannot be saved here') },
  { action: 'execute', keys: ['X'], scope: 'step', label: 'EXECUTE…: asks for the version and a reason', hint: 'EXECUTE…', isDangerous: true, off: noExecution },

  { action: 'pause', keys: ['p'], scope: 'run', label: 'pause after the steps in flight, or go on', hint: 'pause', off: noPause },
  { action: 'stop', keys: ['ctrl-c'], scope: 'run', label: 'stop safely…', hint: 'stop safely…', off: noActiveRun },

  { action: 'leave-result', keys: ['enter'], scope: 'result', label: 'go on: the history, or the resume screen', hint: 'go on' },
  { action: 'by-hand', keys: ['b'], scope: 'result', label: 'what is left to do by hand', hint: 'by hand' },
  { action: 'undo', keys: ['U'], scope: 'result', label: 'undo the run…', hint: 'undo…', isDangerous: true, off: noUndo },

  { action: 'resume', keys: ['R'], scope: 'recovery', label: 'resume: only what is left…', hint: 'resume…', isDangerous: true, off: noRecovery },
  { action: 'skip', keys: ['S'], scope: 'recovery', label: 'leave the selected step out, with a reason…', hint: 'skip…', isDangerous: true, off: noSkip },
  { action: 'undo', keys: ['F'], scope: 'recovery', label: 'undo what was done…', hint: 'undo…', isDangerous: true, off: noRecovery },
  { action: 'hand-over', keys: ['H'], scope: 'recovery', label: 'hand over to a person…', hint: 'hand over…', isDangerous: true, off: noRecovery },

  { action: 'mark', keys: ['space'], scope: 'prune', label: 'mark or unmark', hint: 'mark' },
  { action: 'mark-range', keys: ['v'], scope: 'prune', label: 'mark everything since the last mark', hint: 'range' },
  { action: 'keep-more', keys: ['+'], scope: 'prune', label: 'keep one more', hint: 'keep' },
  { action: 'keep-less', keys: ['-'], scope: 'prune', label: 'keep one less', hint: 'keep' },
  { action: 'mark-all', keys: ['a'], scope: 'prune', label: 'mark all that is not protected', hint: 'all' },
  { action: 'clear-marks', keys: ['c'], scope: 'prune', label: 'clear all marks', hint: 'clear' },
  { action: 'prune', keys: ['X'], scope: 'prune', label: 'PRUNE…: asks for a typed confirmation', hint: 'PRUNE…', isDangerous: true, off: noMarks },

  { action: 'open-run', keys: ['enter'], scope: 'runs', label: 'open the run', hint: 'open' },

  { action: 'up', keys: ['k', 'up'], scope: 'move', label: 'one row up' },
  { action: 'down', keys: ['j', 'down'], scope: 'move', label: 'one row down' },
  { action: 'half-up', keys: ['ctrl-u'], scope: 'move', label: 'half a page up' },
  { action: 'half-down', keys: ['ctrl-d'], scope: 'move', label: 'half a page down' },
  { action: 'page-up', keys: ['pgup'], scope: 'move', label: 'a page up' },
  { action: 'page-down', keys: ['pgdn'], scope: 'move', label: 'a page down' },
  { action: 'first', keys: ['g', 'home'], scope: 'move', label: 'first' },
  { action: 'last', keys: ['G', 'end'], scope: 'move', label: 'last' },

  { action: 'filter', keys: ['/'], scope: 'everywhere', label: 'filter the history', off: (state) => (state.screen === 'history' ? null : 'only in the history') },
  { action: 'screen-history', keys: ['1'], scope: 'everywhere', label: 'history' },
  { action: 'screen-compare', keys: ['3'], scope: 'everywhere', label: 'compare', off: noComparison },
  { action: 'screen-runs', keys: ['4'], scope: 'everywhere', label: 'runs' },
  { action: 'screen-prune', keys: ['5'], scope: 'everywhere', label: 'prune' },
  { action: 'copy', keys: ['y'], scope: 'everywhere', label: 'copy what this screen is about' },
  { action: 'copy-command', keys: ['ctrl-y'], scope: 'everywhere', label: 'copy the equivalent command line', off: (state) => (state.command === '' ? 'no command yet' : null) },
  { action: 'refresh', keys: ['ctrl-r'], scope: 'everywhere', label: 'read everything again' },
  { action: 'redraw', keys: ['ctrl-l'], scope: 'everywhere', label: 'draw the screen again' },
  { action: 'suspend', keys: ['ctrl-z'], scope: 'everywhere', label: 'suspend to the shell' },
  { action: 'read-only', keys: ['!'], scope: 'everywhere', label: 'switch read-only on for this session', off: (state) => (state.options.isReadOnly ? 'it is on' : null) },
  { action: 'stop', keys: ['ctrl-c'], scope: 'everywhere', label: 'quit; during a run it asks' },
  { action: 'help', keys: ['?'], scope: 'everywhere', label: 'this help', hint: 'help' },
  { action: 'back', keys: ['esc', 'q'], scope: 'everywhere', label: 'back; at the history q quits', hint: 'back' },
]

/** The line of the table a key means on a screen; the screen's own ones come first. Pure. */
export function bindingFor(key: string, state: AppState): Binding | undefined {
  const scopes = [state.screen, 'move', 'everywhere']
  return scopes.flatMap((scope) => KEYMAP.filter((one) => one.scope === scope)).find(({ keys }) => keys.includes(key))
}
