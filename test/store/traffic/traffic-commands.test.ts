import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { aPlan } from '../../support/builders/app-builders.ts'
import { aScriptedDeploy, aTrafficReport, passStages, withBalancer } from '../../support/engine/deploy-script.ts'
import { aSession, settle } from '../../support/harness/a-session.ts'
import { aScriptedEngine, finishStep, startRun } from '../../support/harness/app-engine.ts'

async function anApp(deploy?: ReturnType<typeof aScriptedDeploy>) {
  const balanced = withBalancer(aScriptedEngine(), deploy)
  const session = aSession(balanced.engine)
  await session.commands.start()
  await session.pass(250)
  const looks = (): number => session.asked.filter(([method]) => method === 'traffic').length
  return { ...balanced, session, looks }
}

function aDeploy() {
  const deploy = aScriptedDeploy()
  passStages(deploy, 2)
  return deploy
}

test('the balancer is read once a minute, and every two seconds while somebody looks', async () => {
  const { session, looks } = await anApp()
  expect(looks()).toBe(1)
  await session.pass(59_000)
  expect(looks()).toBe(1)
  await session.pass(1000)
  expect(looks()).toBe(2)

  await session.press('6')
  const there = looks()
  await session.pass(4000)
  expect(looks()).toBe(there + 2)
})

test('what a slot was asked between two reads becomes its rate; a counter that began again says nothing', async () => {
  const { session, says } = await anApp()
  const read = async (requests: number | null): Promise<unknown> => {
    const report = aTrafficReport()
    says({ ...report, slots: { ...report.slots, blue: { ...report.slots.blue, requests } } })
    await session.pass(60_000)
    return session.state().traffic?.rates
  }

  expect(await read(120)).toEqual({ blue: 0, green: 0 })
  expect(await read(180)).toEqual({ blue: 1, green: 0 })
  expect(await read(10)).toBeNull()
  expect(await read(null)).toBeNull()
  expect(await read(20)).toBeNull()
})

test('a balancer that cannot be read keeps what it said last, beside the error', async () => {
  const { session, says } = await anApp()
  says(new Error('no route\u001B[2J'))
  await session.pass(60_000)

  expect(session.state().traffic).toMatchObject({ error: { message: expect.stringContaining('^[[2J') }, rates: null })
  expect(session.state().traffic?.report).not.toBeNull()
  says(aTrafficReport())
  await session.pass(60_000)
  expect(session.state().traffic?.error).toBeNull()
})

test('where no balancer is configured nothing is read again', async () => {
  const session = aSession(aScriptedEngine())
  await session.commands.start()
  await session.pass(300_000)

  expect(session.state().traffic).toBeNull()
  expect(session.asked.filter(([method]) => method === 'traffic')).toHaveLength(1)
})

test('text of a balancer and of a deploy cannot move the cursor', async () => {
  const { session, says } = await anApp(aDeploy())
  says(aTrafficReport({ warnings: ['x\u001B[2J'] }))
  await session.pass(60_000)

  expect(session.state().traffic?.report?.warnings).toEqual(['x^[[2J'])
})

test('a deploy that somebody works on is followed; its questions ring', async () => {
  const deploy = aDeploy()
  const { session } = await anApp(deploy)
  expect(session.state().traffic).toMatchObject({ isFollowed: true, deploy: { position: 2 } })
  expect(session.commands.isAtWork()).toBe(false)
  deploy.emit({
    type: 'deploy.asked',
    question: { kind: 'failed', detail: 'bad\u001B[2J', choices: ['abort'], error: null },
  })
  await session.pass(250)

  expect(session.rings()).toBe(1)
  expect(session.state().traffic?.deploy?.question?.detail).toBe('bad^[[2J')
})

test('a deploy that ends stays in sight, and what it did is read again', async () => {
  const deploy = aDeploy()
  const { session, says } = await anApp(deploy)
  const before = session.asked.filter(([method]) => method === 'overview').length
  says(aTrafficReport())
  deploy.emit({ type: 'deploy.finished', result: 'promoted', exitCode: 0, summary: '' })
  deploy.end()
  await session.pass(250)

  expect(session.state().traffic).toMatchObject({ isFollowed: false, deploy: { result: 'promoted' } })
  expect(session.asked.filter(([method]) => method === 'overview').length).toBe(before + 1)
})

test.each([
  ['RUN_ABANDONED', null],
  ['ABORTED', null],
  ['LOCK_LOST', { code: 'LOCK_LOST' }],
] as const)('a followed deploy that ends with %s leaves the error %o', async (code, error) => {
  const deploy = aDeploy()
  const { session, says } = await anApp(deploy)
  says(aTrafficReport())
  deploy.fail(new BagboyError(code, 'gone'))
  await session.pass(250)

  if (error) expect(session.state().error).toMatchObject(error)
  else expect(session.state().error).toBeNull()
})

test('a command that is refused says why; one that nobody hears is carried out by this process', async () => {
  const deploy = aDeploy()
  const { session, receives, asked } = await anApp(deploy)
  receives({ status: 'refused', why: 'it stands elsewhere now' } as never)
  await session.press('6', 'p')
  expect(session.state().flash).toMatchObject({ tone: 'warning', text: 'Refused: it stands elsewhere now.' })
  expect(asked).toEqual(['follow', 'pause: '])

  receives({ status: 'unattended', why: '' } as never)
  await session.press('p')
  expect(asked.at(-1)).toBe('resume pause: ')
  expect(session.commands.isAtWork()).toBe(true)
})

test('what is told to a deploy that is over is said not to be done', async () => {
  const deploy = aDeploy()
  const { session, asked } = await anApp(deploy)
  await session.press('6', 'B')
  deploy.emit({ type: 'deploy.finished', result: 'promoted', exitCode: 0, summary: '' })
  await session.pass(250)
  await session.press('tab', 'tab', 'enter')

  expect(session.state().flash).toMatchObject({ tone: 'bad', text: 'Nothing was done: it is over (promoted).' })
  expect(asked).toEqual(['follow'])
})

test('the slots are read as soon as a step of a run is done', async () => {
  const { engine, session, looks } = await anApp()
  await session.commands.openPlan('v1.29.0')
  session.commands.startRollback(aPlan().id, '')
  startRun(engine.nextRun, aPlan())
  await session.pass(250)
  const before = looks()
  finishStep(engine.nextRun, aPlan().steps[0]?.id ?? '')
  await session.pass(250)

  expect(looks()).toBe(before + 1)
})

test('the app that is left looks no more, and stops following', async () => {
  const deploy = aDeploy()
  const { session, looks } = await anApp(deploy)
  session.commands.stopWatches()
  const before = looks()
  await session.pass(300_000)

  expect(looks()).toBe(before)
  expect(deploy.calls).toEqual(['stop the app is left'])
})

test('the cursor goes on with the deploy unless somebody has moved it', async () => {
  const deploy = aDeploy()
  const { session } = await anApp(deploy)
  await session.press('6')
  expect(session.state().cursors.traffic).toBe(2)
  const pass = async (stage: number): Promise<void> => {
    deploy.emit(
      {
        type: 'stage.finished',
        stage,
        result: 'passed',
        detail: '',
        evidence: null,
        isVersionBad: false,
        durationMs: 1,
      },
      { type: 'stage.started', stage: stage + 1, endsAt: null },
    )
    await session.pass(250)
  }
  await pass(2)
  expect(session.state().cursors.traffic).toBe(3)
  await session.press('k')
  await pass(3)

  expect(session.state().cursors.traffic).toBe(2)
  await settle()
})
