import { expect, test } from 'vitest'
import type { AppState } from '../../../store/state.ts'
import {
  aFinding,
  aHistory,
  anOverview,
  aPlan,
  aRecovery,
  aRunSummary,
  aStep,
  version,
  NOW,
} from '../../support/builders/app-builders.ts'
import { aRunState, aRunView, doneStep } from '../../support/builders/an-open-run.ts'
import { aScriptedDeploy, aTrafficReport, passStages, withBalancer } from '../../support/engine/deploy-script.ts'
import { aSession, settle, type Session } from '../../support/harness/a-session.ts'
import { aScriptedEngine } from '../../support/harness/app-engine.ts'

const RUN = aPlan().id
const BREW = aPlan().steps[0]?.id ?? ''
const OPEN = aRunView(doneStep(BREW))
const RECOVERY = aRecovery(OPEN)

/** Fills a confirmation as somebody who means it, and presses its button. */
async function confirm(session: Session, reason: string): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    const { dialog } = session.state()
    if (dialog?.kind !== 'confirm') return
    if (dialog.focus === 'reason') await session.types(reason)
    if (dialog.focus === 'typed') await session.types(dialog.expected)
    await session.press(dialog.focus === 'cancel' ? 'tab' : 'enter')
  }
}

const READS = new Set(['overview', 'status', 'traffic', 'lockInfo', 'recovery', 'plan', 'planPrune', 'planShift'])
READS.add('followDeploy').add('trust').add('watch').add('follow').add('deploys').add('openDeploys')

const changes = (session: Session) => session.asked.filter(([method]) => !READS.has(method))

const onRecovery = (index: number, parts: Partial<AppState> = {}): Partial<AppState> => ({
  screen: 'recovery',
  back: ['history'],
  recovery: RECOVERY,
  recoveryRun: RUN,
  cursors: { recovery: index },
  overview: anOverview({ runs: [aRunSummary()] }),
  ...parts,
})
const otherFound = {
  ...RECOVERY,
  steps: RECOVERY.steps.map((step) => ({ ...step, found: 'other' as const, next: 'stop' as const })),
}
const onHistory = (index: number): Partial<AppState> => ({ cursors: { history: index } })
const held = anOverview({ history: aHistory(30, { held: [{ version: version('v1.29.0'), reason: 'bad', at: NOW }] }) })

test.each<readonly [string, Partial<AppState>, string, readonly unknown[]]>([
  ['R resumes', onRecovery(0), 'R', ['resume', RUN]],
  ['T tries one step', onRecovery(1), 'T', ['resume', RUN, { only: [RECOVERY.steps[1]?.step] }]],
  ['S skips one step', onRecovery(2), 'S', ['skipStep', RUN, RECOVERY.steps[2]?.step, 'why not']],
  [
    'O overwrites one step',
    onRecovery(1, { recovery: otherFound }),
    'O',
    ['overwriteStep', RUN, RECOVERY.steps[1]?.step, 'why not'],
  ],
  ['U undoes', onRecovery(0), 'U', ['undo', RUN, 'why not']],
  ['F undoes as well', onRecovery(0), 'F', ['undo', RUN, 'why not']],
  ['H hands over', onRecovery(0), 'H', ['handOver', RUN, 'why not']],
  ['H holds a version', onHistory(1), 'H', ['mark', { mark: 'hold', version: 'v1.29.0', reason: 'why not' }]],
  [
    'H lifts a hold',
    { ...onHistory(1), overview: held },
    'H',
    ['mark', { mark: 'unhold', version: 'v1.29.0', reason: 'why not' }],
  ],
  ['I pins a version', onHistory(1), 'I', ['mark', { mark: 'pin', version: 'v1.29.0' }]],
  ['I unpins a version', onHistory(7), 'I', ['mark', { mark: 'unpin', version: 'v1.23.0' }]],
  [
    'U on a result undoes the run that is shown',
    { screen: 'result', back: ['history'], past: aRunState(OPEN) },
    'U',
    ['undo', RUN, 'why not'],
  ],
  [
    'T takes a silent run over',
    {
      screen: 'run',
      run: aRunState(OPEN, { isActive: true, holder: { ...RECOVERY.lock, state: 'silent', epoch: 9 } }),
    },
    'T',
    ['breakLock', 9, 'why not'],
  ],
])('%s after a confirmation, and calls the engine once', async (_what, state, key, expected) => {
  const engine = aScriptedEngine({ recovery: RECOVERY, overview: anOverview({ runs: [aRunSummary()] }) })
  const session = aSession(engine, { state })

  await session.press(key)
  expect(session.state().dialog?.kind).toBe('confirm')
  expect(changes(session)).toEqual([])
  await confirm(session, 'why not')

  expect(session.state().dialog).toBeNull()
  expect(changes(session)).toEqual([expected])
})

test.each(['esc', 'ctrl-c', 'q', 'enter'])(
  'a confirmation that is left by Cancel or %s changes nothing',
  async (key) => {
    const session = aSession(aScriptedEngine({ recovery: RECOVERY }), { state: onRecovery(0) })
    await session.press('H', 'tab', 'tab')

    await session.press(key)

    expect(session.state().dialog?.kind).toBe(key === 'q' ? 'confirm' : undefined)
    expect(changes(session)).toEqual([])
  },
)

const PLAN = aPlan({ reason: '', incident: 'INC-1' })
const onPlan = (parts: Partial<AppState> = {}): Partial<AppState> => ({
  screen: 'target',
  back: ['history'],
  cursors: { target: 2 },
  ...parts,
})

test('X runs exactly the plan that the engine made and the screen shows, with the typed reason', async () => {
  const session = aSession(aScriptedEngine({ plan: PLAN }), { state: onPlan() })
  await session.press('enter')
  expect(session.state().screen).toBe('plan')

  await session.press('X')
  await confirm(session, '5xx')

  expect(changes(session)).toEqual([['run', { ...PLAN, reason: '5xx' }]])
  expect(session.state().run?.command).toBe('bagboy-tui rollback v1.29.0 --incident=INC-1 --reason 5xx --yes')
})

test('a plan that was made anew behind the dialog is not run', async () => {
  const session = aSession(aScriptedEngine({ plan: PLAN }), { state: onPlan() })
  await session.press('enter', 'X')
  session.store.dispatch({
    type: 'plan.made',
    plan: { ...PLAN, id: 'ANOTHER' },
    request: { target: 'v1.29.0', except: [] },
  })

  await confirm(session, '5xx')

  expect(changes(session)).toEqual([])
  expect(session.state().flash).toMatchObject({ tone: 'bad', text: expect.stringContaining('Nothing was run') })
})

test('what is overridden in the dialog of the checks is what the engine plans with', async () => {
  const findings = [aFinding({ code: 'V03', severity: 'block' }), aFinding({ code: 'V09', severity: 'never' })]
  const session = aSession(aScriptedEngine({ plan: aPlan({ findings }) }), { state: onPlan() })
  await session.press('enter', 'b')

  expect(session.state().dialog).toMatchObject({ kind: 'findings', findings: [{ code: 'V09' }, { code: 'V03' }] })
  await session.press('space', 'j', 'space', 'enter')

  const plans = session.asked.filter(([method]) => method === 'plan')
  expect(plans.at(-1)?.[1]).toMatchObject({ overrides: ['V03'] })
  expect(plans).toHaveLength(2)
})

test('a dialog of the checks that changes nothing plans nothing again', async () => {
  const session = aSession(aScriptedEngine({ plan: PLAN }), { state: onPlan() })
  await session.press('enter', 'b', 'enter')

  expect(session.asked.filter(([method]) => method === 'plan')).toHaveLength(1)
  expect(session.state().dialog).toBeNull()
})

test.each([
  [{ requiresReason: true }, {}, 'required'],
  [{ requiresReason: false }, {}, 'optional'],
  [{ requiresReason: false }, { overrides: ['V08'] }, 'required'],
])('a plan asks for a reason: %o %o: %s', async (overview, plan, reasonMode) => {
  const session = aSession(aScriptedEngine({ plan: aPlan(plan) }), {
    state: onPlan({ overview: anOverview(overview) }),
  })
  await session.press('enter', 'X')

  expect(session.state().dialog).toMatchObject({ kind: 'confirm', reasonMode, expected: 'v1.29.0' })
})

test('e skips the registry of its row, and takes it in again', async () => {
  const skipped = aPlan({
    steps: aPlan().steps.slice(1),
    excluded: [{ package: aStep(0).package, status: 'skipped', reason: 'asked for', observed: null }],
  })
  const plans = [aPlan(), skipped, aPlan()]
  const engine = Object.assign(aScriptedEngine(), { plan: () => Promise.resolve(plans.shift() ?? aPlan()) })
  const session = aSession(engine, { state: onPlan() })

  await session.press('enter', 'e')
  expect(session.state().flash?.text).toBe('Skipped: brew myapp. e on its row takes it in again.')
  await session.press('j', 'j', 'j', 'e')

  expect(session.asked.filter(([method]) => method === 'plan').map(([, request]) => request)).toMatchObject([
    { target: 'v1.29.0', only: [], except: [] },
    { target: 'v1.29.0', only: [], except: ['brew:acme/homebrew-tap'] },
    { target: 'v1.29.0', only: [], except: [] },
  ])
  expect(session.state().flash?.text).toBe('Back in the plan: brew myapp.')
})

test('prune marks, ranges and the confirmation name what goes, and exactly that goes', async () => {
  const session = aSession(aScriptedEngine(), { state: { back: [] } })
  await session.press('P')
  await session.press('c', 'G', 'space', 'k', 'k', 'k', 'k', 'k', 'v')
  await session.press('X')

  expect(session.state().dialog).toMatchObject({
    title: 'Prune 6 versions',
    facts: ['v1.6.0  v1.5.0  v1.4.0  v1.3.0  v1.2.0  and 1 more', 'They move into .bagboy/archive/2026-02-01.yml'],
    warnings: ['You can no longer roll back to them from here.'],
    reasonMode: 'none',
    expected: 'prune 6',
  })
  await confirm(session, '')

  expect(changes(session)).toEqual([['prune', { keep: 10, ids: [1, 6, 5, 4, 3, 2] }]])
  expect(session.state().flash).toEqual({ tone: 'ok', text: '6 versions moved to .bagboy/archive/2026-02-01.yml' })
})

const deployed = (parts = {}) => {
  const deploy = aScriptedDeploy()
  passStages(deploy, 2)
  const { engine, asked } = withBalancer(aScriptedEngine(), deploy)
  const report = aTrafficReport({ open: deploy.view(), isWorkedOn: true, ...parts })
  engine.traffic = () => Promise.resolve(report)
  return { deploy, engine, asked, id: deploy.view().id }
}

async function onTraffic(engine: ReturnType<typeof deployed>['engine']): Promise<Session> {
  const session = aSession(engine, { state: { screen: 'history' } })
  await session.commands.start()
  await settle()
  await session.pass(500)
  await session.press('6')
  return session
}

test.each([
  ['P', 'promote'],
  ['B', 'abort'],
])('%s tells the deploy %s after a confirmation', async (key, command) => {
  const { engine, id } = deployed()
  const session = await onTraffic(engine)
  await session.press(key)
  expect(session.state().dialog?.kind).toBe('confirm')
  expect(changes(session)).toEqual([])

  await confirm(session, 'it is well')

  expect(changes(session)).toEqual([['commandDeploy', id, command, 'it is well', { position: 2, askedSeq: 0 }]])
})

test('p pauses a deploy without asking, and asks before it goes on', async () => {
  const { engine, deploy, id } = deployed()
  const session = await onTraffic(engine)
  await session.press('p')
  expect(changes(session)).toEqual([['commandDeploy', id, 'pause', '']])

  deploy.emit({ type: 'deploy.commanded', id: 'c1', command: 'pause', by: 'ana', reason: '', refusal: '' })
  await session.pass(300)
  await session.press('p')
  expect(session.state().dialog).toMatchObject({ kind: 'confirm', title: 'Go on with v1.31.0' })
  await confirm(session, 'on')

  expect(changes(session).at(-1)).toEqual(['commandDeploy', id, 'resume', 'on', { position: 2, askedSeq: 0 }])
})

test('R takes up a deploy that nobody works on', async () => {
  const { engine, id } = deployed({ isWorkedOn: false })
  const session = await onTraffic(engine)
  await session.press('R')
  expect(session.state().dialog).toMatchObject({ kind: 'confirm', title: 'Go on with the deploy of v1.31.0' })
  await confirm(session, '')

  expect(changes(session)).toEqual([['resumeDeploy', id]])
})

test('S plans a switch of all traffic, and asks before anything moves', async () => {
  const { engine } = withBalancer(aScriptedEngine())
  engine.deploy = () => aScriptedDeploy().handle
  const session = await onTraffic(engine)
  await session.press('S')
  expect(session.asked).toContainEqual(['planShift', { slot: null, percent: 100, reason: '' }])
  expect(session.state().dialog).toMatchObject({ title: 'Send everybody to blue (v1.29.0)', expected: 'v1.29.0' })
  expect(changes(session)).toEqual([])
  await confirm(session, 'now')

  expect(changes(session)).toMatchObject([['deploy', { kind: 'shift', slot: 'blue', reason: 'now' }]])
})
