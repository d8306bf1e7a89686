import { knownSecrets } from '../../support/builders/known-secrets.ts'
import { MessageChannel } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { connectEngine } from '../../../src/remote/connect-engine.ts'
import { serveEngine } from '../../../src/remote/serve-engine.ts'
import { aWatchedProject, watching, watchToEnd } from '../../support/projects/watched-project.ts'
import {
  aRequest,
  collect,
  createEngineFixture,
  defaultApprover,
  type FixtureOptions,
} from '../../support/engine/engine-fixture.ts'

async function remoteFixture(options: FixtureOptions = {}) {
  const fixture = await createEngineFixture(options)
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => {
    port1.close()
    port2.close()
  })
  serveEngine(port1, fixture.engine, knownSecrets())
  return { ...fixture, ...connectEngine(port2) }
}

test('a rollback through a port ends as it does without one and shows every event', async () => {
  const { engine, world } = await remoteFixture()
  const plan = await engine.plan(aRequest('v1.2.0'))

  const handle = engine.run(plan, defaultApprover)
  const events = await collect(handle)

  expect(await handle.result).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(world.registry('one').tags.latest).toBe('v1.2.0')
})

test('an error keeps its code, message and hint on the way', async () => {
  const { engine } = await remoteFixture()

  const refused = engine.plan(aRequest('v9.9.9'))

  await expect(refused).rejects.toBeInstanceOf(BagboyError)
  await expect(refused).rejects.toMatchObject({
    code: 'TARGET_UNKNOWN',
    hint: expect.stringContaining('versions list'),
  })
})

test('a question crosses to the operator and its answer back', async () => {
  const { engine, world } = await remoteFixture({ lead: ['one', 'two'] })
  world.registry('two').isDown = true
  const asked: string[] = []
  const plan = await engine.plan(aRequest('v1.2.0'))

  const outcome = await engine.run(plan, {
    ask: (question) => {
      asked.push(question.id)
      return Promise.resolve('stop')
    },
  }).result

  expect(asked).toEqual(['after-partial-failure'])
  expect(outcome.view.steps.map(({ status }) => status)).toEqual(['done', 'failed', 'pending', 'pending'])
})

test('when the other side is gone, whoever waits is refused', async () => {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => {
    port1.close()
    port2.close()
  })
  const { engine, fail } = connectEngine(port2)

  const waiting = engine.overview()
  const run = engine.resume('01JK8Q4Z7T5V0000000000000A', defaultApprover).result
  fail(new BagboyError('BUG', 'The engine thread ended.'))

  await expect(waiting).rejects.toMatchObject({ message: 'The engine thread ended.' })
  await expect(run).rejects.toMatchObject({ message: 'The engine thread ended.' })
})

test('a watch through a port says and decides what it does without one, and obeys', async () => {
  const project = await aWatchedProject()
  project.bad.add('1.3.0')
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => {
    port1.close()
    port2.close()
  })
  serveEngine(port1, project.engine, knownSecrets())
  const { engine } = connectEngine(port2)

  const { result, events } = await watchToEnd(engine.watch(watching({ hasOperator: true })), (event, handle) => {
    if (event.type === 'countdown.started') handle.command('veto')
  })
  const stopped = await watchToEnd(engine.watch(watching({ until: 'stopped', mode: 'off' })), (event, handle) => {
    if (event.type === 'health.sampled') handle.stop('enough')
  })

  expect(result).toEqual({ kind: 'vetoed' })
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(stopped.result.kind).toBe('stopped')
})

test('a rollback that is approved there is begun there, and stopped from here', async () => {
  const project = await aWatchedProject()
  project.bad.add('1.3.0')
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => {
    port1.close()
    port2.close()
  })
  serveEngine(port1, project.engine, knownSecrets())
  const { engine } = connectEngine(port2)

  const { result } = await watchToEnd(engine.watch(watching()))
  if (result.kind !== 'approved') throw new Error(`not approved: ${result.kind}`)
  const run = engine.attach(result.plan.id)
  run.stop('not now')

  const there = await project.engine.attach(result.plan.id).result
  expect(await run.result).toEqual(there)
  expect(there.view.plan).toEqual(result.plan)
})

test('a watch that is refused there is refused here', async () => {
  const project = await aWatchedProject({ checks: [] })
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => {
    port1.close()
    port2.close()
  })
  serveEngine(port1, project.engine, knownSecrets())
  const { engine, fail } = connectEngine(port2)

  await expect(engine.watch(watching()).result).rejects.toMatchObject({ code: 'HEALTH_NOT_CONFIGURED' })
  const open = engine.watch(watching()).result
  fail(new BagboyError('BUG', 'The engine thread ended.'))
  await expect(open).rejects.toMatchObject({ message: 'The engine thread ended.' })
})
