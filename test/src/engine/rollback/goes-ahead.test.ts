import { expect, test } from 'vitest'
import type { Config } from '../../../../src/config/config.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'
import { createMemoryWorld } from '../../../support/registries/memory-driver.ts'

/** `one` goes ahead of `two` and `three`. */
async function aProject(config: Partial<Config['rollback']> = {}) {
  const world = createMemoryWorld('v1.3.0')
  const fixture = await createEngineFixture({ registries: ['one', 'two', 'three'], lead: ['one'], world, config })
  return { ...fixture, plan: await fixture.engine.plan(aRequest('v1.2.0')) }
}

test('what goes ahead is proved before any of the others is even read again', async () => {
  const { engine, world, plan } = await aProject()
  const readBefore = world.registry('two').readCount
  let readWhenProved = Number.NaN

  const handle = engine.run(plan, defaultApprover)
  world.seen.onWrite = ({ registry }) => {
    if (registry === 'one') readWhenProved = world.registry('two').readCount
  }
  await collect(handle)

  expect((await handle.result).exitCode).toBe(0)
  expect(readWhenProved).toBe(readBefore)
  expect(world.registry('three').tags.latest).toBe('v1.2.0')
})

test('nothing else is touched when one of the others has moved since the plan, and the run says which', async () => {
  const { engine, world, plan } = await aProject()
  world.registry('two').tags.latest = 'v1.3.1'

  const { exitCode, view } = await engine.run(plan, defaultApprover).result

  expect(exitCode).toBe(6)
  expect(world.registry('one').tags.latest).toBe('v1.2.0')
  expect(world.registry('three').writes).toEqual([])
  expect(view.steps.map(({ status }) => status)).toEqual(['done', 'conflict', 'pending'])
})

test('an artifact that is gone by then stops the others; once it is there again, resume goes on', async () => {
  const { engine, world, plan } = await aProject()
  world.registry('two').hasTarget = false

  const handle = engine.run(plan, defaultApprover)
  const { exitCode, view } = await handle.result
  const early = await engine.resume(handle.id, defaultApprover).result
  const writesOfEarly = [...world.registry('two').writes]
  world.heal('two')
  const resumed = await engine.resume(handle.id, defaultApprover).result

  expect(exitCode).toBe(6)
  expect([early.exitCode, writesOfEarly]).toEqual([6, []])
  expect(view.steps[1]?.error).toMatchObject({ code: 'VALIDATION_FAILED', message: expect.stringContaining('V09') })
  expect(resumed.exitCode).toBe(0)
  expect(world.registry('three').tags.latest).toBe('v1.2.0')
})

test('what goes ahead is stale like everything else when it has moved itself', async () => {
  const { engine, world, journals, plan } = await aProject()
  world.registry('one').tags.latest = 'v1.3.1'

  const refused = engine.run(plan, defaultApprover).result

  await expect(refused).rejects.toMatchObject({ code: 'PLAN_STALE' })
  expect(await journals.list()).toEqual([])
})

test('where a failure means undo, what went ahead comes back', async () => {
  const { engine, world, plan } = await aProject({ onPartialFailure: 'undo' })
  world.registry('two').isDenied = true

  const { view } = await engine.run(plan, defaultApprover).result

  expect(world.registry('one').tags.latest).toBe('v1.3.0')
  expect(world.registry('three').writes).toEqual([])
  expect(view.steps[0]?.status).toBe('undone')
})

test('on the way back it is last, and everything is read before', async () => {
  const { engine, world, plan } = await aProject()
  const { id: runId } = await engine.run(plan, defaultApprover).result
  world.registry('one').writes.splice(0)
  world.registry('two').tags.latest = 'v1.3.1'

  const undone = engine.undo(runId, defaultApprover, 'rather not')
  await collect(undone)

  await expect(undone.result).rejects.toMatchObject({ code: 'PLAN_STALE' })
  expect(world.registry('one').writes).toEqual([])
})
