import { FINE, healthRows, weightOf, worstFirst } from '../../store/health/health-rows.ts'
import {
  cursorOf,
  deploymentById,
  isHeld,
  openRun,
  selectedDeployment,
  shownRun,
  waitingRun,
} from '../../store/selectors.ts'
import { selectedPlanRow } from '../../store/plan/plan-rows.ts'
import { candidates, strategies } from '../../store/plan/targets.ts'
import type { AppState } from '../../store/state.ts'
import { compareLines } from '../compare/compare-lines.ts'
import { byHand } from '../recovery/by-hand.ts'
import { evidenceText } from '../run/evidence-lines.ts'
import { copyText } from './copy-text.ts'
import type { Action } from './action.ts'

/** Rows of the comparison that differ, in order. */
function changeRows(state: AppState): readonly number[] {
  return compareLines(state, 80).flatMap(({ isChange }, index) => (isChange ? [index] : []))
}

const jumpToChange =
  (pick: (rows: readonly number[], at: number) => number | undefined): Action =>
  ({ state, dispatch }) => {
    const index = pick(changeRows(state), cursorOf(state, 'compare'))
    if (index !== undefined) dispatch({ type: 'cursor.set', screen: 'compare', index })
  }

const step =
  (by: number): Action =>
  ({ state, dispatch, commands }) => {
    const count = state.plan?.plan.steps.length ?? 0
    const index = cursorOf(state, 'plan') + by
    if (index >= count) return commands.say('info', 'That was the last step. X executes the plan, esc goes back to it.')
    if (index >= 0) dispatch({ type: 'cursor.set', screen: 'plan', index })
    dispatch({ type: 'cursor.set', screen: 'step', index: 0 })
  }

const jumpToBad =
  (pick: (rows: readonly number[], at: number) => number | undefined): Action =>
  ({ state, dispatch, commands }) => {
    const bad = healthRows(state).flatMap((row, index) => (weightOf(row) < FINE ? [index] : []))
    const index = pick(bad, cursorOf(state, 'health'))
    if (index === undefined) return commands.say('info', bad.length === 0 ? 'Every check passes.' : 'No further one.')
    dispatch({ type: 'cursor.set', screen: 'health', index })
  }

/** The screen opens on what is wrong. */
const openHealth: Action = ({ state, dispatch, commands }) => {
  const rows = healthRows(state)
  const [worst] = worstFirst(rows)
  if (state.screen !== 'health' && worst && weightOf(worst) < FINE) {
    dispatch({ type: 'cursor.set', screen: 'health', index: rows.indexOf(worst) })
  }
  commands.open('health', true)
}

/** The picker opens on the version under the cursor when that can be a target: on no other one. */
const pickTarget: Action = ({ state, dispatch, commands }) => {
  const wanted =
    state.screen === 'compare' ? deploymentById(state, state.compare?.left ?? null) : selectedDeployment(state)
  const at = candidates(state).findIndex(({ deployment }) => deployment.version === wanted?.version)
  dispatch({ type: 'cursor.set', screen: 'target', index: at === -1 ? 0 : at + strategies(state).length })
  commands.open('target')
}

const makePlan: Action = ({ state, commands }) => {
  const index = cursorOf(state, 'target')
  const strategy = strategies(state)[index]
  const chosen = candidates(state)[index - strategies(state).length]
  const target = strategy?.target ?? chosen?.deployment.version
  if (target !== undefined) void commands.openPlan(target)
}

const mark: Action = ({ state, commands, dispatch }) => {
  if (state.screen === 'prune') return commands.toggleMark()
  const id = selectedDeployment(state)?.id ?? null
  dispatch({ type: 'version.marked', id: state.markedId === id ? null : id })
}

export const screenActions: Readonly<Record<string, Action>> = {
  open: ({ commands, dispatch }) => {
    dispatch({ type: 'cursor.set', screen: 'version', index: 0 })
    commands.open('version')
  },
  'pick-target': pickTarget,
  'review-proposal': ({ commands }) => commands.openProposal(),
  'make-plan': makePlan,
  compare: ({ commands }) => commands.compare(),
  mark,
  'filter-menu': ({ commands }) => commands.openFilterMenu(),
  recover: ({ commands, state }) => {
    const id = state.run?.isActive === true ? state.run.id : (openRun(state) ?? waitingRun(state))?.id
    if (id !== undefined) void commands.openRecovery(id)
  },
  hold: ({ commands, state }) => {
    const version = selectedDeployment(state)?.version
    if (version !== undefined) commands.confirmMark(isHeld(state, version) ? 'unhold' : 'hold', version)
  },
  pin: ({ commands, state }) => {
    const one = selectedDeployment(state)
    if (one) commands.confirmMark(one.pinned ? 'unpin' : 'pin', one.version)
  },
  'open-prune': ({ commands }) => void commands.openPrune(),
  'next-change': jumpToChange((rows, at) => rows.find((row) => row > at)),
  'previous-change': jumpToChange((rows, at) => rows.findLast((row) => row < at)),
  'only-changes': ({ state, dispatch }) => {
    if (!state.compare) return
    dispatch({ type: 'compare.changed', compare: { ...state.compare, onlyChanges: !state.compare.onlyChanges } })
    dispatch({ type: 'cursor.set', screen: 'compare', index: 0 })
  },
  swap: ({ state, dispatch }) => {
    const { compare } = state
    if (compare) {
      dispatch({ type: 'compare.changed', compare: { ...compare, left: compare.right, right: compare.left } })
    }
  },
  walk: ({ commands, dispatch, state }) => {
    const count = state.plan?.plan.steps.length ?? 0
    if (count === 0) return commands.say('info', 'The plan has no steps.')
    if (selectedPlanRow(state)?.kind === 'excluded') dispatch({ type: 'cursor.set', screen: 'plan', index: 0 })
    dispatch({ type: 'cursor.set', screen: 'step', index: 0 })
    commands.open('step')
  },
  effects: ({ commands, dispatch }) => {
    dispatch({ type: 'cursor.set', screen: 'effects', index: 0 })
    commands.open('effects')
  },
  'next-step': step(1),
  'previous-step': step(-1),
  'skip-step': ({ commands }) => void commands.toggleRow(),
  findings: ({ commands }) => commands.openFindings(),
  'save-plan': ({ commands }) => void commands.savePlan(),
  execute: ({ commands }) => commands.confirmRun(),
  pause: ({ commands, state }) => (state.run?.isPaused === true ? commands.askToUnpause() : commands.pause()),
  'leave-result': ({ commands, state }) => {
    const run = openRun(state)
    if (run && run.id === shownRun(state)?.id) void commands.openRecovery(run.id)
    else commands.open('history', true)
  },
  'by-hand': ({ commands, state }) => commands.showText('By hand', byHand(state).join('\n')),
  undo: ({ commands }) => commands.confirmUndo(),
  resume: ({ commands }) => commands.confirmResume(),
  skip: ({ commands }) => commands.confirmSkip(),
  retry: ({ commands }) => commands.confirmRetry(),
  overwrite: ({ commands }) => commands.confirmOverwrite(),
  'take-over': ({ commands }) => commands.confirmTakeOver(),
  'hand-over': ({ commands }) => commands.confirmHandOver(),
  'mark-range': ({ commands }) => commands.markRange(),
  'keep-more': ({ commands }) => void commands.changeKeep(1),
  'keep-less': ({ commands }) => void commands.changeKeep(-1),
  'mark-all': ({ commands }) => commands.markAll(),
  'clear-marks': ({ commands }) => commands.clearMarks(),
  prune: ({ commands }) => commands.confirmPrune(),
  'open-run': ({ commands, state }) => {
    const run = state.overview?.runs[cursorOf(state, 'runs')]
    if (run) void commands.openRun(run.id)
  },
  'screen-history': ({ commands }) => commands.open('history', true),
  'screen-compare': ({ commands }) => commands.compare(),
  'screen-runs': ({ commands }) => commands.open('runs', true),
  'screen-prune': ({ commands }) => void commands.openPrune(),
  'screen-health': openHealth,
  'toggle-auto': ({ commands }) => commands.toggleAuto(),
  'probe-now': ({ commands }) => commands.probeNow(),
  'next-bad': jumpToBad((rows, at) => rows.find((row) => row > at)),
  'previous-bad': jumpToBad((rows, at) => rows.findLast((row) => row < at)),
  evidence: ({ commands, state }) => {
    const text = evidenceText(state)
    if (text !== '') commands.showText('Evidence', text)
  },
  copy: ({ commands, state }) => {
    const text = copyText(state)
    if (text === '') return commands.say('info', 'Nothing to copy here.')
    commands.copy(text)
    commands.showText('Copied; if your terminal did not take it, select it here', text)
  },
}
