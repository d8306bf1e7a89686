import { expect, test } from 'vitest'
import { comparisonPartner, meantBy } from '../../../store/plan/targets.ts'
import { initialState, type AppState } from '../../../store/state.ts'
import { aHistory, anOverview, NOW } from '../../support/builders/app-builders.ts'
import type { RunState } from '../../../store/run/run-state.ts'
import { runExitCode } from '../../../store/run/run-selectors.ts'

function aState(parts: Partial<AppState> = {}): AppState {
  const state = initialState({ isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }, NOW)
  return { ...state, overview: anOverview(), ...parts }
}

test.each([
  ['last-good', 'v1.29.0'],
  ['previous', 'v1.29.0'],
])('%s is shown as the version it means', (word, version) => {
  expect(meantBy(aState(), word)?.version).toBe(version)
})

test('a history with nothing to go back to means no version at all', () => {
  const state = aState({ overview: anOverview({ history: aHistory(1) }) })

  expect([meantBy(state, 'last-good'), meantBy(state, 'previous'), comparisonPartner(state)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('what is live is compared with the last good version, every other one with what is live', () => {
  expect(comparisonPartner(aState({ cursors: { history: 0 } }))).toBe(29)
  expect(comparisonPartner(aState({ cursors: { history: 4 } }))).toBe(30)
})

test('a marked version is what the others are compared with', () => {
  expect(comparisonPartner(aState({ cursors: { history: 0 }, markedId: 12 }))).toBe(12)
})

const RUN: RunState = {
  id: '01JKX7M3Q8ZB7F3A',
  view: null,
  log: [],
  isActive: false,
  isPaused: false,
  isAborting: false,
  outcome: null,
  error: null,
  health: null,
  command: '',
}

test.each([
  ['a run that is going on', { ...RUN, isActive: true }, undefined],
  ['a run that ended in part', { ...RUN, outcome: { result: 'partial', exitCode: 6 } }, 6],
  ['a run that was refused', { ...RUN, error: { code: 'LOCKED', message: '', hint: null, details: null } }, 8],
  ['an old run that is looked at', RUN, undefined],
] as const)('the exit code of %s is the one a script gets', (_title, run, expected) => {
  expect(runExitCode(aState({ run }))).toBe(expected)
})
