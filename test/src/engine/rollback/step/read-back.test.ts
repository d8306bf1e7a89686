import { expect, test } from 'vitest'
import type { Config } from '../../../../../src/config/config.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../../../support/engine/engine-fixture.ts'
import { eagerPlatform } from '../../../../support/clocks/eager-platform.ts'
import { RETRY_AFTER_MS, createMemoryWorld } from '../../../../support/registries/memory-driver.ts'

const RETRIES = { attempts: 3, backoffMs: 1, maxBackoffMs: 5, jitter: false }
/** Of one registry: for the plan, before anything moves, and twice to prove the step. */
const READS_BEFORE_SWEEP = 5

async function aFixture(rollback: Partial<Config['rollback']> = {}, registries: readonly string[] = ['one']) {
  const platform = eagerPlatform()
  const world = createMemoryWorld('v1.3.0', platform.clock)
  const config = { timeoutMs: 600_000, ...rollback }
  const fixture = await createEngineFixture({ platform, world, registries, config, folder: '/project' })
  return { ...fixture, clock: platform.clock }
}

test('what cannot be read back after a good answer is unknown, and a refused read is not tried for long', async () => {
  const { engine, world, clock } = await aFixture()
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.seen.onWrite = () => {
    world.registry('one').readFaults.push('REGISTRY_UNAUTHORIZED', 'REGISTRY_UNAUTHORIZED', 'REGISTRY_UNAUTHORIZED')
  }

  const outcome = await engine.run(plan, defaultApprover).result

  expect(outcome).toMatchObject({ result: 'failed', exitCode: 6 })
  expect(outcome.view.steps[0]).toMatchObject({ status: 'unknown', error: { code: 'REGISTRY_UNAUTHORIZED' } })
  expect(clock.elapsedMs()).toBeLessThan(1000)
  world.registry('one').readFaults.splice(0)
  expect(await engine.resume(plan.id, defaultApprover).result).toMatchObject({ result: 'complete' })
  expect(world.registry('one').writes).toHaveLength(2)
})

test('a refused write that reads back as not there has failed, and is known to have', async () => {
  const { engine, world } = await aFixture()
  world.registry('one').faults.push('forbidden')

  const outcome = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  expect(outcome.view.steps[0]).toMatchObject({ status: 'failed', error: { code: 'REGISTRY_FORBIDDEN' } })
})

test('a step whose time is over before its first read-back is unknown', async () => {
  const { engine, world, clock } = await aFixture({ timeoutMs: 1000 })
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.beforeWrite.hook = async (_registry, tag) => {
    if (tag === 'stable') await clock.sleep(2000)
  }

  const outcome = await engine.run(plan, defaultApprover).result

  expect(outcome.view.steps[0]).toMatchObject({ status: 'unknown', error: { code: 'REGISTRY_TIMEOUT' } })
})

test('a registry that does not answer the last look within the time of a step is seen as unreadable', async () => {
  const { engine, world, clock } = await aFixture({ timeoutMs: 1000 }, ['one', 'two'])
  const plan = await engine.plan(aRequest('v1.2.0'))
  const inspect = world.driver.inspect.bind(world.driver)
  Object.assign(world.driver, {
    inspect: async (...[subject, context]: Parameters<typeof inspect>) => {
      if (world.registry('two').readCount >= READS_BEFORE_SWEEP) await clock.sleep(5000, context.signal)
      return inspect(subject, context)
    },
  })

  const outcome = await engine.run(plan, defaultApprover).result

  expect(outcome).toMatchObject({ result: 'partial', exitCode: 6 })
  expect(outcome.view.observations.map(({ agrees }) => agrees)).toEqual([false, false])
})

test('a compensation that was not answered is written again, however well it seems to read back', async () => {
  const { engine, world } = await aFixture({ onPartialFailure: 'undo', retry: RETRIES }, ['one', 'two'])
  const { faults } = world.registry('one')
  world.registry('two').faults.push('forbidden')
  world.registry('one').staleReads = 9
  world.beforeWrite.hook = (registry) => {
    if (registry === 'one' && world.registry('one').writes.length === 2) faults.push('not-applied')
    world.beforeWrite.hook = () => undefined
  }

  const outcome = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  expect(outcome).toMatchObject({ result: 'undone', exitCode: 6 })
  expect(world.registry('one').tags).toEqual({ latest: 'v1.3.0', stable: 'v1.3.0' })
})

test('a registry that asks to be left alone for a while is read again after that', async () => {
  const { engine, world, clock } = await aFixture()
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.seen.onWrite = ({ tag }) => {
    if (tag === 'stable') world.registry('one').readFaults.push('REGISTRY_RATE_LIMITED')
  }

  const outcome = await engine.run(plan, defaultApprover).result

  expect(outcome).toMatchObject({ result: 'complete' })
  expect(clock.elapsedMs()).toBe(RETRY_AFTER_MS)
})

test('a step that is elsewhere in the last look is open again, and resume brings it back', async () => {
  const { engine, world } = await aFixture({}, ['one', 'two'])
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.seen.onRead = (registry) => {
    if (registry === 'one' && world.registry('one').readCount === READS_BEFORE_SWEEP) {
      world.registry('one').tags.latest = 'v1.3.0'
    }
  }

  const outcome = await engine.run(plan, defaultApprover).result

  expect(outcome).toMatchObject({ result: 'partial', exitCode: 6 })
  expect(outcome.view.steps[0]).toMatchObject({ status: 'failed', error: { code: 'READBACK_DISAGREES' } })
  expect(await engine.resume(plan.id, defaultApprover).result).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('one').tags.latest).toBe('v1.2.0')
})

test('a step that somebody else moved before the last look is a conflict, and is not written over', async () => {
  const { engine, world } = await aFixture({}, ['one', 'two'])
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.seen.onRead = (registry) => {
    if (registry === 'one' && world.registry('one').readCount === READS_BEFORE_SWEEP) {
      world.registry('one').tags.latest = 'v9.9.9'
    }
  }

  expect((await engine.run(plan, defaultApprover).result).view.steps[0]?.status).toBe('conflict')
  expect((await engine.resume(plan.id, defaultApprover).result).result).toBe('partial')
  expect(world.registry('one').tags.latest).toBe('v9.9.9')
  const [step] = plan.steps
  await engine.skipStep(plan.id, step?.id ?? '', 'theirs is right')

  const resumed = await engine.resume(plan.id, defaultApprover).result

  expect(resumed).toMatchObject({ result: 'partial', exitCode: 6 })
  expect((await engine.runs()).map(({ isOpen }) => isOpen)).toEqual([false])
})

test('a step with an effect that nobody knows of can be left out, and stays so when the run is taken up again', async () => {
  const { engine, world } = await aFixture({ retry: { ...RETRIES, attempts: 1 } }, ['one', 'two'])
  world.registry('one').faults.push('not-applied')
  const plan = await engine.plan(aRequest('v1.2.0'))
  expect((await engine.run(plan, defaultApprover).result).view.steps[0]?.status).toBe('unknown')
  await engine.skipStep(plan.id, plan.steps[0]?.id ?? '', 'done by hand')

  const resumed = await engine.resume(plan.id, defaultApprover).result

  expect(resumed).toMatchObject({ result: 'partial', exitCode: 6 })
  expect(resumed.view.steps.map(({ status }) => status)).toEqual(['skipped', 'done'])
  expect((await engine.runs()).map(({ isOpen }) => isOpen)).toEqual([false])
})
