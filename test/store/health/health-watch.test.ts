import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import type { WatchEvent } from '../../../src/events/watch-events.ts'
import { aHistory, anOverview, aPlan } from '../../support/builders/app-builders.ts'
import { aRunView } from '../../support/builders/an-open-run.ts'
import { aSession, settle } from '../../support/harness/a-session.ts'
import { aScriptedEngine, finishStep, startRun } from '../../support/harness/app-engine.ts'
import { fireTrigger, watchNext, watchStarted } from '../../support/engine/health-script.ts'
import { aScriptedWatch } from '../../support/engine/scripted-watch.ts'

const PLAN = aPlan({ reason: 'login fails' })

/** An app that watches what is live. */
async function aWatchingApp(parts: Parameters<typeof anOverview>[0] = {}, isReadOnly = false) {
  const engine = aScriptedEngine({ overview: anOverview(parts) })
  const watch = watchNext(engine, ['login', 'cart'])
  const options = { isReadOnly, canSavePlan: false, program: 'bagboy-tui' }
  const session = aSession(engine, { state: { overview: anOverview(parts), options } })
  await session.commands.start()
  await session.pass(250)
  return { engine, watch, session }
}

const countdown: WatchEvent = {
  type: 'countdown.started',
  plan: PLAN,
  ms: 30_000,
  endsAt: '2026-02-01T20:02:41.000Z',
}

test('what is live is watched from the start, as the file says', async () => {
  const { engine, session } = await aWatchingApp()

  expect(engine.watchRequests).toEqual([
    { hasOperator: true, endsWithDecision: false, reason: '', incident: '', until: 'stopped' },
  ])
  expect(session.state().health).toMatchObject({ purpose: 'guard', error: null })
  expect(session.state().health?.view?.probes.map(({ samples }) => samples.length)).toEqual([3, 3])
})

test.each([
  ['the app', {}, true],
  ['the history', { readOnly: 'it is of a newer version' }, false],
])('nothing is rolled back by itself where %s is read-only', async (_what, overview, isReadOnly) => {
  const { engine } = await aWatchingApp(overview, isReadOnly)

  expect(engine.watchRequests.at(-1)).toMatchObject({ until: 'stopped', mode: 'propose' })
})

test('read-only that is switched on holds what is armed, once', async () => {
  const { watch, session } = await aWatchingApp()
  await session.press('!')
  await session.pass(60_000)

  expect(watch.asked).toEqual(['hold'])
})

test('a trigger rings, and the plan it asks for is opened by v and run as the engine made it', async () => {
  const { watch, session } = await aWatchingApp()
  fireTrigger(watch)
  watch.emit({ type: 'rollback.proposed', plan: PLAN, why: '' })
  await session.pass(250)
  expect(session.rings()).toBe(1)

  await session.press('v')

  expect(session.state()).toMatchObject({ screen: 'plan', plan: { plan: PLAN, target: 'v1.29.0', except: [] } })
  await session.press('X')
  expect(session.state().dialog).toMatchObject({
    facts: expect.arrayContaining(['Asked for by a trigger: login fails']),
  })
})

test('a proposal that was taken back cannot be opened', async () => {
  const { watch, session } = await aWatchingApp()
  fireTrigger(watch)
  watch.emit({ type: 'rollback.proposed', plan: PLAN, why: '' }, undefined)
  await session.pass(250)
  watch.emit({ type: 'trigger.cleared' })
  await session.pass(250)

  session.commands.openProposal()

  expect(session.state().screen).toBe('history')
})

test('the seconds of a countdown pass on the screen, and A stops what would follow', async () => {
  const { watch, session } = await aWatchingApp()
  fireTrigger(watch)
  watch.emit(countdown)
  await session.pass(250)
  const before = session.state().now
  await session.pass(1000)
  expect(session.state().now).not.toBe(before)

  await session.press('A')
  expect(watch.asked).toEqual(['veto'])
  watch.emit({ type: 'countdown.ended', how: 'vetoed' } as unknown as WatchEvent)
  await session.pass(250)
  const after = session.state().now
  await session.pass(5000)
  expect(session.state().now).toBe(after)
})

test('A holds an armed watch at once, and asks before it arms one', async () => {
  const armed = await aWatchingApp()
  armed.watch.emit({ type: 'mode.changed', mode: 'auto', why: '' })
  await armed.session.pass(250)
  await armed.session.press('A')
  expect(armed.watch.asked).toEqual(['hold'])
  expect(armed.session.state().dialog).toBeNull()

  const held = await aWatchingApp()
  await held.session.press('A')
  expect(held.watch.asked).toEqual([])
  expect(held.session.state().dialog).toMatchObject({
    kind: 'confirm',
    title: 'Arm the automatic rollback',
    expected: 'v1.29.0',
    facts: ['myapp PRODUCTION   v1.30.0  →  v1.29.0', expect.stringContaining('A disarms it.')],
  })
  await held.session.types('v1.29.0')
  await held.session.press('enter', 'enter')
  expect(held.watch.asked).toEqual(['arm'])
})

test('space asks every check now', async () => {
  const { watch, session } = await aWatchingApp()
  await session.press('2', 'space')

  expect(watch.asked).toEqual(['probe'])
})

test('a rollback that the engine approved and runs is shown, in front of whatever is open', async () => {
  const { engine, watch, session } = await aWatchingApp()
  await session.press('H')
  expect(session.state().dialog?.kind).toBe('confirm')
  watch.end({ kind: 'approved', plan: PLAN })
  await settle()

  expect(session.state()).toMatchObject({ dialog: null, screen: 'run', plan: { plan: PLAN, target: 'v1.29.0' } })
  expect(session.asked.filter(([method]) => method === 'run' || method === 'attach')).toEqual([['attach', PLAN.id]])
  expect(engine.watchRequests.at(-1)).toMatchObject({ until: 'stopped', mode: 'off' })
})

/** The app after its rollback has gone to version 29 of the history. */
async function aRolledBackApp(result: 'complete' | 'failed') {
  const { engine, watch, session } = await aWatchingApp()
  watch.end({ kind: 'approved', plan: PLAN })
  await settle()
  startRun(engine.nextRun, PLAN)
  for (const { id } of PLAN.steps) finishStep(engine.nextRun, id)
  engine.nextRun.emit({ type: 'history.committed', deploymentId: 31, revision: 4 })
  engine.nextRun.emit({ type: 'run.finished', result, exitCode: result === 'complete' ? 0 : 6, summary: '' })
  const window = aScriptedWatch()
  window.emit(watchStarted([]))
  engine.nextWatch = window
  engine.nextRun.end()
  await settle()
  return { engine, window, session }
}

test.each([
  ['healthy', 0],
  ['unhealthy', 2],
  ['unknown', 2],
] as const)('what a rollback went back to is watched, and a verdict %s is told', async (verdict, ringCount) => {
  const { engine, window, session } = await aRolledBackApp('complete')
  expect(engine.watchRequests.at(-1)).toMatchObject({ until: 'window', mode: 'off', judges: 31 })
  expect(session.state().run?.health).toEqual({ state: 'watching' })
  window.emit({ type: 'watch.judged', verdict, watchedMs: 600_000, why: 'as seen', deploymentId: 31 })
  const before = session.asked.filter(([method]) => method === 'overview').length
  window.end({ kind: 'judged', verdict, why: 'as seen' })
  await settle()

  expect(session.state().run?.health).toEqual({ state: verdict, watchedMs: 600_000, why: 'as seen' })
  expect(session.rings()).toBe(ringCount === 0 ? 0 : 1)
  expect(engine.watchRequests.at(-1)).toMatchObject({ until: 'stopped' })
  expect(session.asked.filter(([method]) => method === 'overview').length).toBeGreaterThan(before)
})

test('a rollback that failed is not watched for a verdict', async () => {
  const { engine, session } = await aRolledBackApp('failed')

  expect(engine.watchRequests.at(-1)).toMatchObject({ until: 'stopped' })
  expect(session.state().run?.health).toBeNull()
})

test('a watch that ends with an error says so, and ctrl-r begins it again', async () => {
  const { engine, watch, session } = await aWatchingApp()
  watch.fail(new BagboyError('HISTORY_INVALID', 'line 3\u001B[2J'))
  await settle()
  expect(session.state().health?.error?.message).toBe('line 3^[[2J')
  const count = engine.watchRequests.length

  await session.press('ctrl-r')

  expect(engine.watchRequests.length).toBe(count + 1)
  await session.press('ctrl-r')
  expect(engine.watchRequests.length).toBe(session.state().health?.error ? count + 2 : count + 1)
})

test('where nothing is configured nothing is watched, and that is no error', async () => {
  const session = aSession(aScriptedEngine())
  await session.commands.start()
  await settle()

  expect(session.state()).toMatchObject({ health: null, error: null })
  await session.press('2')
  expect(session.state()).toMatchObject({
    screen: 'history',
    flash: { tone: 'warning', text: expect.stringMatching(/^2: bagboy\.yaml/u) },
  })
})

test('another live version is watched anew; the same one is not', async () => {
  const { engine, session } = await aWatchingApp()
  const count = engine.watchRequests.length
  const read = (parts: Parameters<typeof anOverview>[0]): void =>
    session.store.dispatch({ type: 'overview.read', overview: anOverview(parts), now: session.state().now })
  read({})
  expect(engine.watchRequests.length).toBe(count)
  read({ history: aHistory(31) })

  expect(engine.watchRequests.length).toBe(count + 1)
})

test('the app that is left ends its watch', async () => {
  const { watch, session } = await aWatchingApp()
  session.commands.stopWatches()

  expect(watch.asked).toEqual(['stop the app is left'])
  expect(session.timers()).toEqual([])
})

test('what was seen before stays in the rows of a watch that follows', async () => {
  const { engine, watch, session } = await aWatchingApp()
  const next = watchNext(engine, ['login', 'cart'], 1)
  watch.end({ kind: 'approved', plan: PLAN })
  await session.pass(250)

  expect(session.state().health?.view?.probes.map(({ samples }) => samples.length)).toEqual([4, 4])
  expect(next.asked).toEqual([])
  expect(aRunView([]).id).toBe(PLAN.id)
})
