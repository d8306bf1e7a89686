import { expect, test } from 'vitest'
import { aHistory, anOverview, aPlan, aRunSummary, aStatus, NOW } from '../../support/builders/app-builders.ts'
import { aRunView, doneStep } from '../../support/builders/an-open-run.ts'
import { aRecovery } from '../../support/builders/app-builders.ts'
import { aSession, settle } from '../../support/harness/a-session.ts'
import { aScriptedEngine, startRun } from '../../support/harness/app-engine.ts'
import type { RegistryStatus } from '../../../src/engine/engine.ts'

const count = (session: ReturnType<typeof aSession>, name: string): number =>
  session.asked.filter(([method]) => method === name).length
const HEALTHY = [0, 1, 2, 3].map((index) => aStatus(index))
const DRIFT = [aStatus(0, { state: 'drift', serving: '1.28.0' }), ...HEALTHY.slice(1)]

/** An app whose registries say in turn what the test gives; the last answer stays. */
async function anApp(answers: readonly (readonly RegistryStatus[] | Error)[], overview = anOverview()) {
  const left = [...answers]
  const engine = Object.assign(aScriptedEngine({ overview }), {
    status: async () => {
      const next = left.length > 1 ? left.shift() : left[0]
      if (next instanceof Error) throw next
      return next ?? []
    },
  })
  const session = aSession(engine, { state: { overview } })
  await session.commands.start()
  await settle()
  return { engine, session }
}

test('a long history is shown in part before all of it is read', async () => {
  const requests: unknown[] = []
  const engine = Object.assign(aScriptedEngine(), {
    overview: async (request: unknown) => {
      requests.push(request)
      return anOverview({ isPartial: request !== undefined })
    },
  })
  const session = aSession(engine, { state: { overview: null } })
  await session.commands.start()
  await settle()

  expect(requests).toEqual([{ newest: 100 }, undefined])
  expect(session.state().overview?.isPartial).toBe(false)
  await session.press('ctrl-r')
  expect(requests).toEqual([{ newest: 100 }, undefined, undefined])
})

test('a history that was read as a whole at once is not read twice', async () => {
  const session = aSession(aScriptedEngine(), { state: { overview: null } })
  await session.commands.start()
  await settle()

  expect(count(session, 'overview')).toBe(1)
  expect(session.state().busy).toBeNull()
})

test('a history that cannot be read is said to be so, and no registry is asked', async () => {
  const engine = aScriptedEngine({ fails: { overview: new Error('line 3\u001B[2J') } })
  const session = aSession(engine, { state: { overview: null } })
  await session.commands.start()
  await settle()

  expect(session.state()).toMatchObject({ busy: null, overviewError: { message: expect.stringContaining('^[[2J') } })
  expect(count(session, 'status')).toBe(0)
})

test('registries that cannot be read are said to be so, until they can', async () => {
  const { session } = await anApp([new Error('down'), HEALTHY])
  expect(session.state()).toMatchObject({ registries: null, isReadingRegistries: false, registriesError: {} })

  await session.press('ctrl-r')

  expect(session.state()).toMatchObject({
    registries: HEALTHY,
    registriesError: null,
    registriesAt: session.state().now,
  })
})

test('the registries are read once a minute; the first drift that comes later rings and is told', async () => {
  const { session } = await anApp([HEALTHY, HEALTHY, DRIFT])
  expect(count(session, 'status')).toBe(1)
  await session.pass(60_000)
  expect([count(session, 'status'), session.rings(), session.state().flash]).toEqual([2, 0, null])

  await session.pass(60_000)

  expect(session.rings()).toBe(1)
  expect(session.state().flash).toEqual({ tone: 'bad', text: 'brew serves 1.28.0 instead of 1.30.0.' })
})

test('a held version that is served again is told as that', async () => {
  const held = [aStatus(0, { state: 'held-version', serving: '1.28.0' }), ...HEALTHY.slice(1)]
  const { session } = await anApp([HEALTHY, held])
  await session.pass(60_000)

  expect(session.state().flash).toEqual({ tone: 'bad', text: 'brew serves 1.28.0 again, which is held.' })
})

test('drift that is there from the start is no news, nor is drift that goes away', async () => {
  const { session } = await anApp([DRIFT, HEALTHY])
  await session.pass(60_000)

  expect([session.rings(), session.state().flash]).toEqual([0, null])
})

test('drift beside an open run is no news', async () => {
  const { engine, session } = await anApp([HEALTHY, DRIFT])
  engine.overview = async () => anOverview({ runs: [aRunSummary()] })
  await session.pass(60_000)

  expect([session.rings(), session.state().flash]).toEqual([0, null])
})

test('nothing is read by itself while a run goes on, or something is waited for', async () => {
  const { engine, session } = await anApp([HEALTHY])
  await session.commands.openPlan('v1.29.0')
  session.commands.startRollback(aPlan().id, '')
  startRun(engine.nextRun, aPlan())
  const before = count(session, 'status')
  await session.pass(180_000)

  expect(count(session, 'status')).toBe(before)
  expect(session.state().registries).toBeNull()
})

test('what was read while a run began is not shown', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly RegistryStatus[]>()
  const engine = Object.assign(aScriptedEngine(), { status: () => promise })
  const session = aSession(engine)
  await session.commands.openPlan('v1.29.0')
  void session.commands.refresh()
  await settle()
  session.commands.startRollback(aPlan().id, '')
  resolve(DRIFT)
  await settle()

  expect(session.state()).toMatchObject({ registries: null, isReadingRegistries: false })
})

test('an open run of ours comes before everything else, a foreign one does not', async () => {
  const view = aRunView(doneStep(aPlan().steps[0]?.id ?? ''))
  const start = async (parts: Parameters<typeof aRunSummary>[0]) => {
    const overview = anOverview({ runs: [aRunSummary(parts)] })
    const session = aSession(aScriptedEngine({ overview, recovery: aRecovery(view) }), { state: { overview } })
    await session.commands.start()
    await settle()
    return session.state()
  }

  expect(await start({})).toMatchObject({
    screen: 'recovery',
    recovery: { view: { id: view.id } },
    cursors: { recovery: 1 },
  })
  expect((await start({ origin: { kind: 'foreign', reason: 'unknown-key', key: '0' } })).screen).toBe('history')
  expect((await start({ result: 'manual' })).screen).toBe('history')
  expect((await start({ isOpen: false, result: 'complete' })).screen).toBe('history')
})

test('a step that was done by hand is told while its run waits, and nothing is resumed by itself', async () => {
  const overview = anOverview({ runs: [aRunSummary({ result: 'manual' })] })
  const recovery = aRecovery(aRunView([]))
  const steps = recovery.steps.map((step, index) => ({
    ...step,
    next: index === 0 ? ('verify' as const) : ('run' as const),
  }))
  const session = aSession(aScriptedEngine({ overview, recovery: { ...recovery, steps } }), { state: { overview } })
  await session.commands.start()
  await session.pass(60_000)

  expect(session.rings()).toBe(1)
  expect(session.state().flash?.text).toContain(`${steps[0]?.step}: done manually`)
  expect(count(session, 'resume')).toBe(0)
})

test('Esc stops waiting for a plan, and what comes later is not shown', async () => {
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof aPlan>>()
  const engine = Object.assign(aScriptedEngine(), { plan: () => promise })
  const session = aSession(engine)
  const opened = session.commands.openPlan('v1.29.0')
  expect(session.state().busy).toMatchObject({ canCancel: true })
  await session.press('esc')
  resolve(aPlan())
  await opened

  expect(session.state()).toMatchObject({
    busy: null,
    plan: null,
    screen: 'history',
    flash: { text: 'Stopped waiting. Nothing was changed.' },
  })
})

test('two versions are compared with the older one on the left', async () => {
  const compare = async (history: number, markedId: number | null) => {
    const session = aSession(aScriptedEngine(), { state: { cursors: { history }, markedId } })
    await session.press('d')
    return session.state()
  }

  expect(await compare(4, null)).toMatchObject({
    screen: 'compare',
    compare: { left: 26, right: 30, onlyChanges: false },
  })
  expect(await compare(0, null)).toMatchObject({ compare: { left: 29, right: 30 } })
  expect(await compare(0, 12)).toMatchObject({ compare: { left: 12, right: 30 } })
})

test('a finished run is shown from its journal, without escapes', async () => {
  const events = [
    {
      type: 'run.started',
      plan: aPlan({ reason: 'x\u001B[2J' }),
      planHash: '',
      epoch: 1,
      actor: {},
      tool: '',
      run: 'OLD',
      seq: 1,
      at: NOW,
    },
  ] as const
  const overview = anOverview({
    runs: [aRunSummary({ id: 'OLD', isOpen: false, result: 'complete' })],
    history: aHistory(3),
  })
  const engine = Object.assign(aScriptedEngine({ overview }), {
    readRun: async () => ({ view: aRunView([]), events, origin: { kind: 'own' } }),
  })
  const session = aSession(engine, { state: { overview } })
  await session.press('4', 'enter')

  expect(session.state()).toMatchObject({
    screen: 'result',
    past: { id: 'OLD', isActive: false, command: 'bagboy-tui runs show OLD', view: { plan: { reason: 'x^[[2J' } } },
    run: null,
  })
})

test('an open run of ours is opened to be gone on with; a foreign one is only asked about', async () => {
  const open = async (parts: Parameters<typeof aRunSummary>[0]) => {
    const overview = anOverview({ runs: [aRunSummary(parts)] })
    const session = aSession(aScriptedEngine({ overview, recovery: aRecovery(aRunView([])) }), { state: { overview } })
    await session.press('4', 'enter')
    return session
  }

  expect((await open({})).state()).toMatchObject({ screen: 'recovery', recovery: { direction: 'do' } })
  const foreign = await open({ origin: { kind: 'foreign', reason: 'unknown-key', key: '0' } })
  expect(foreign.state()).toMatchObject({ screen: 'runs', recovery: null })
  expect(foreign.asked.map(([method]) => method)).toEqual(['recovery'])
})

test('an error, a message, a filter and the help stay behind with the screen they were for', async () => {
  const error = { code: 'LOCKED', message: '', hint: null, details: null } as const
  const left = { error, flash: { tone: 'info', text: 'x' }, filter: { text: 'v1', isOpen: false } } as const
  const session = aSession(aScriptedEngine(), { state: { screen: 'version', back: ['history'], ...left } })
  session.commands.open('runs')
  expect(session.state()).toMatchObject({ error: null, flash: null, help: null, filter: { text: '', isOpen: false } })

  const back = aSession(aScriptedEngine(), { state: { screen: 'version', back: ['history'], ...left } })
  back.commands.goBack()
  expect(back.state()).toMatchObject({ screen: 'history', error: null, flash: null, filter: { text: '' } })
})
