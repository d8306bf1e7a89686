import { anAppState, linesText } from '../../support/harness/painted.tsx'
import { expect, test } from 'vitest'
import { breadcrumbLine, headerLine, oneLine } from '../../../components/frame/frame-lines.ts'
import { layoutFor } from '../../../components/frame/layout.ts'
import { createTheme } from '../../../components/theme/theme.ts'
import type { AppState } from '../../../store/state.ts'
import type { WatchEvent } from '../../../src/events/watch-events.ts'
import {
  aDeployment,
  aHistory,
  anOverview,
  aPlan,
  aRecovery,
  aRunSummary,
  aStatus,
  FREE_LOCK,
} from '../../support/builders/app-builders.ts'
import { aRunState, aRunView, doneStep, failedStep } from '../../support/builders/an-open-run.ts'
import { aWatchState, WATCHED } from '../../support/builders/a-watch-view.ts'
import { failing, sampled, watchStarted } from '../../support/engine/health-script.ts'

const THEME = createTheme({ isAscii: false, hasColor: true })
const HEALTHY = anOverview({
  history: { ...aHistory(2), deployments: [aDeployment('v1.30.0', { status: 'active', healthVerdict: 'healthy' })] },
})
const [BREW = '', SCOOP = ''] = aPlan().steps.map(({ id }) => id)
const view = (...events: Parameters<typeof aRunView>[0]) => aRunView(events)
const done = { type: 'run.finished', result: 'complete', exitCode: 0, summary: '' } as const
const statuses = (...states: readonly Parameters<typeof aStatus>[1][]) =>
  states.map((parts, index) => aStatus(index, parts))
const asked = (...events: readonly WatchEvent[]) => aWatchState([watchStarted(WATCHED), ...events])
const armed = (parts: object = {}) => aWatchState([watchStarted(WATCHED, { mode: 'auto', ...parts })])

const header = (parts: Partial<AppState>, columns = 120, theme = THEME): string => {
  const state = anAppState({ overview: HEALTHY, ...parts })
  return (linesText([headerLine(state, layoutFor(columns, 24), theme)])[0] ?? '').replaceAll(/ {3,}/gu, '   ').trimEnd()
}

const READ = '2026-02-01T20:01:00.000Z'

test.each<readonly [string, Partial<AppState>, string]>([
  ['nothing read', { overview: null }, ' bagboy-tui'],
  ['a healthy version', {}, ' myapp   PROD   live v1.30.0   RW  read 20:02:11Z'],
  [
    'the older of two reads',
    { registries: [], registriesAt: READ },
    ' myapp   PROD   live v1.30.0   {ok|✓ 0 registries in sync}   RW  read 20:01:00Z',
  ],
  [
    'an unhealthy version',
    { overview: anOverview() },
    ' myapp   PROD   live v1.30.0 {bad|✗ unhealthy}   RW  read 20:02:11Z',
  ],
  [
    'nothing live',
    { overview: anOverview({ active: null }) },
    ' myapp   PROD   {warning|nothing is live}   RW  read 20:02:11Z',
  ],
  [
    'checks that pass',
    { health: asked(sampled('login'), sampled('cart'), sampled('search'), sampled('admin')) },
    ' myapp   PROD   live v1.30.0   {ok|health ✓ 4 of 4}   RW  read 20:02:11Z',
  ],
  [
    'checks that fail',
    { health: asked(failing('login')) },
    ' myapp   PROD   live v1.30.0   {bad|health ✗ 1 of 4 failing}   RW  read 20:02:11Z',
  ],
  [
    'checks that were not asked',
    { health: asked(sampled('login')) },
    ' myapp   PROD   live v1.30.0   {warning|health ○ 3 of 4 unknown}   RW  read 20:02:11Z',
  ],
  [
    'reading',
    { isReadingRegistries: true },
    ' myapp   PROD   live v1.30.0   reading the registries   RW  read 20:02:11Z',
  ],
  [
    'unread registries',
    { registriesError: { code: 'BUG', message: '', hint: null, details: null } },
    ' myapp   PROD   live v1.30.0   {bad|✗ registries could not be read}   RW  read 20:02:11Z',
  ],
  [
    'an open run',
    { overview: { ...HEALTHY, runs: [aRunSummary()] }, registries: statuses({}) },
    ' myapp   PROD   live v1.30.0   {warning|▲ a run is open}   RW  read 20:02:11Z',
  ],
  [
    'one in sync',
    { registries: statuses({}) },
    ' myapp   PROD   live v1.30.0   {ok|✓ 1 registry in sync}   RW  read 20:02:11Z',
  ],
  [
    'all in sync',
    { registries: statuses({}, {}, { state: 'moving' }) },
    ' myapp   PROD   live v1.30.0   {ok|✓ 3 registries in sync}   RW  read 20:02:11Z',
  ],
  [
    'a held version',
    { registries: statuses({ state: 'held-version' }, { state: 'drift' }) },
    ' myapp   PROD   live v1.30.0   {bad|✗ 1 registry serves a held version}   RW  read 20:02:11Z',
  ],
  [
    'drift',
    { registries: statuses({ state: 'drift' }, { state: 'unreadable' }, {}) },
    ' myapp   PROD   live v1.30.0   {warning|▲ 1 of 3 registries differs}   RW  read 20:02:11Z',
  ],
  [
    'drift of two',
    { registries: statuses({ state: 'drift' }, { state: 'drift' }) },
    ' myapp   PROD   live v1.30.0   {warning|▲ 2 of 2 registries differ}   RW  read 20:02:11Z',
  ],
  [
    'what is not known',
    { registries: statuses({ state: 'unknown' }, { state: 'unreadable' }, {}) },
    ' myapp   PROD   live v1.30.0   {warning|▲ 2 of 3 registries not known}   RW  read 20:02:11Z',
  ],
  [
    'what a person has to do',
    { registries: statuses({ state: 'by-hand' }, {}) },
    ' myapp   PROD   live v1.30.0   {warning|▲ 1 registry waits for a person}   RW  read 20:02:11Z',
  ],
  [
    'read-only',
    { options: { isReadOnly: true, canSavePlan: false, program: 'b' } },
    ' myapp   PROD   live v1.30.0   {warning|RO}  read 20:02:11Z',
  ],
  [
    'a read-only history',
    { overview: { ...HEALTHY, readOnly: 'newer' } },
    ' myapp   PROD   live v1.30.0   {warning|RO}  read 20:02:11Z',
  ],
  ['no trust', { trust: 'changed' }, ' myapp   PROD   live v1.30.0   {warning|NOT TRUSTED}  read 20:02:11Z'],
  ['an armed rollback', { health: armed() }, ' myapp   PROD   live v1.30.0   {bad|AUTO→v1.29.0} RW  read 20:02:11Z'],
  [
    'one without a target',
    { health: armed({ target: null }) },
    ' myapp   PROD   live v1.30.0   {bad|AUTO} RW  read 20:02:11Z',
  ],
  ['one without a trigger', { health: armed({ rules: [] }) }, ' myapp   PROD   live v1.30.0   RW  read 20:02:11Z'],
  ['one beside a run', { health: { ...armed(), purpose: 'run' } }, ' myapp   PROD   live v1.30.0   RW  read 20:02:11Z'],
  [
    'a run',
    { run: aRunState(view(), { isActive: true }) },
    ' myapp   PROD   v1.30.0 → v1.29.0   RUNNING 0m00   run ZB7F3A   RW 20:02:11Z',
  ],
  [
    'a paused run',
    { run: aRunState(view(), { isActive: true, isPaused: true }) },
    ' myapp   PROD   v1.30.0 → v1.29.0   PAUSED 0m00   run ZB7F3A   RW 20:02:11Z',
  ],
  [
    'a result',
    { screen: 'result', run: aRunState(view(done)) },
    ' myapp   PROD   v1.30.0 → v1.29.0   {ok|COMPLETE} 0m04   run ZB7F3A   RW  read 20:02:11Z',
  ],
  [
    'a bad result',
    { screen: 'result', run: aRunState(view({ ...done, result: 'failed', exitCode: 6 })) },
    ' myapp   PROD   v1.30.0 → v1.29.0   {bad|FAILED} 0m04   run ZB7F3A   RW  read 20:02:11Z',
  ],
])('the header shows %s', (_what, parts, expected) => {
  expect(header(parts)).toBe(expected)
})

test('where there is little room the header keeps what may happen by itself', () => {
  const parts = { health: armed(), registries: statuses({ state: 'drift' }, {}) }

  expect(header(parts, 92)).toBe(
    ' myapp   PROD   live v1.30.0   {warning|▲ 1 of 2 registries differs}  {bad|AUTO→v1.29.0} RW  read 20:02:11Z',
  )
  expect(header(parts, 78)).toContain('{bad|AUTO→v1.29.0} RW')
  expect(header(parts, 50)).toContain('{bad|AUTO→v1.29.0} RW')
  expect(header({}, 90, createTheme({ isAscii: false, hasColor: false }))).toContain('[PROD]')
  expect(header({ overview: { ...HEALTHY, environment: 'staging' } })).toContain(' STAGING ')
})

const rail = (parts: Partial<AppState>, columns = 120): string =>
  linesText([breadcrumbLine(anAppState({ overview: HEALTHY, ...parts }), layoutFor(columns, 24), THEME)])[0] ?? ''
const RECOVERY = aRecovery(view())
const phase = (to: string, from = 'rollbackInProgress') => ({ type: 'phase.changed', signal: 'x', from, to }) as never

test.each<readonly [string, Partial<AppState>, string]>([
  ['a healthy version', {}, ' [● DEPLOYED] ─▶ Plan ─▶ Validate ─▶ In progress ─▶ Verify ─▶ Complete'],
  ['a plan', { screen: 'plan' }, ' ✓ Deployed ─▶ [◐ REVIEW PLAN] ─▶ Validate ─▶ In progress ─▶ Verify ─▶ Complete'],
  [
    'a watched version',
    { health: aWatchState([watchStarted(WATCHED), phase('monitoring')]) },
    ' [● MONITORING] ─▶ Plan ─▶ Validate ─▶ In progress ─▶ Verify ─▶ Complete',
  ],
  [
    'a person called',
    { health: aWatchState([watchStarted(WATCHED), phase('manualIntervention')]) },
    ' {bad|[▲ NEEDS A PERSON]} ─▶ Plan ─▶ Validate ─▶ In progress ─▶ Verify ─▶ Complete',
  ],
  [
    'a run that begins',
    { screen: 'run', run: aRunState(null, { isActive: true }) },
    ' ✓ Deployed ─▶ ✓ Plan ─▶ [◐ INITIATED] ─▶ In progress ─▶ Verify ─▶ Complete',
  ],
  [
    'a run',
    { screen: 'run', run: aRunState(view(), { isActive: true }) },
    ' ✓ Deployed ─▶ ✓ Plan ─▶ ✓ Validate ─▶ [◐ IN PROGRESS] ─▶ Verify ─▶ Complete',
  ],
  [
    'a complete run',
    { screen: 'result', run: aRunState(view(phase('rollbackComplete'))) },
    ' ✓ Deployed ─▶ ✓ Plan ─▶ ✓ Validate ─▶ ✓ In progress ─▶ ✓ Verify ─▶ [✓ COMPLETE]',
  ],
  [
    'a run that was left',
    { screen: 'recovery', recovery: RECOVERY, overview: anOverview({ runs: [aRunSummary()] }) },
    ' ✓ Deployed ─▶ ✓ Plan ─▶ ✓ Validate ─▶ {warning|[▲ INTERRUPTED]}',
  ],
  [
    'a run that an operator works on',
    { overview: anOverview({ runs: [aRunSummary()], lock: { ...FREE_LOCK, state: 'held', run: aPlan().id } }) },
    ' ✓ Deployed ─▶ ✓ Plan ─▶ ✓ Validate ─▶ [◐ IN PROGRESS] ─▶ Verify ─▶ Complete',
  ],
  [
    'a run whose end is known',
    { overview: anOverview({ runs: [aRunSummary({ result: 'partial' })] }) },
    ' ✓ Deployed ─▶ ✓ Plan ─▶ ✓ Validate ─▶ ✓ In progress ─▶ {bad|[✗ ROLLBACK FAILED]}',
  ],
  [
    'a resume screen that is being read',
    {
      screen: 'recovery',
      recoveryRun: aPlan().id,
      overview: anOverview({ runs: [aRunSummary({ result: 'aborted' })] }),
    },
    ' ✓ Deployed ─▶ ✓ Plan ─▶ ✓ Validate ─▶ {warning|[▲ STOPPED]}',
  ],
])('the breadcrumb of %s', (_what, parts, expected) => {
  expect(rail(parts)).toBe(expected)
})

test('where there is little room the breadcrumb says where it is and what comes next', () => {
  expect(rail({ screen: 'plan' }, 60)).toBe(' [◐ REVIEW PLAN] ─▶ Validate')
})

test.each<readonly [string, Partial<AppState>]>([
  ['myapp live v1.30.0', {}],
  ['bagboy-tui', { overview: null }],
  ['run ZB7F3A is open', { overview: anOverview({ runs: [aRunSummary()] }) }],
  ['RUNNING 1/4 ZB7F3A', { run: aRunState(view(...doneStep(BREW)), { isActive: true }) }],
  [
    'RUNNING 1/4 1 failed ZB7F3A',
    { run: aRunState(view(...doneStep(BREW), ...failedStep(SCOOP)), { isActive: true }) },
  ],
  ['AUTO→v1.29.0 myapp live v1.30.0', { health: armed() }],
])('the smallest terminals show: %s', (expected, parts) => {
  expect(oneLine(anAppState({ overview: HEALTHY, ...parts }))).toBe(expected)
})
