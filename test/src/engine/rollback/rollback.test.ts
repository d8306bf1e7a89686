import { expect, test } from 'vitest'
import { collect, createEngineFixture, defaultApprover, aRequest } from '../../../support/engine/engine-fixture.ts'

test('a rollback moves every registry, proves it, writes the history and holds the version that was left', async () => {
  const { engine, world, readHistory } = await createEngineFixture()
  const plan = await engine.plan(aRequest('v1.2.0'))

  const handle = engine.run(plan, defaultApprover)
  const events = await collect(handle)
  const outcome = await handle.result

  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('three').tags).toEqual({ latest: 'v1.2.0', stable: 'v1.2.0' })
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(outcome.view.steps.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done'])
  const history = await readHistory()
  expect(history.deployments[0]).toMatchObject({
    id: 4,
    kind: 'rollback',
    version: 'v1.2.0',
    from: 'v1.3.0',
    run: plan.id,
    status: 'active',
    reason: '5xx after deploy',
  })
  expect(history.deployments[1]).toMatchObject({ version: 'v1.3.0', status: 'rolled_back_from' })
  expect(history.held).toMatchObject([{ version: 'v1.3.0', run: plan.id }])
})

test('a second rollback to the same version has nothing to do', async () => {
  const { engine, world } = await createEngineFixture()
  await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  const writeCount = world.registry('one').writes.length

  const plan = await engine.plan(aRequest('v1.2.0'))

  expect(plan.steps).toEqual([])
  expect(plan.excluded.map(({ status }) => status)).toEqual(['already', 'already', 'already', 'already'])
  expect(world.registry('one').writes).toHaveLength(writeCount)
})

test('a lost answer is done after the read-back and is not written twice', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('two').faults.push('lost-answer')

  const outcome = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  expect(outcome.exitCode).toBe(0)
  expect(world.registry('two').writes).toEqual(['latest=v1.2.0', 'stable=v1.2.0'])
})

test('a write that was not applied is tried again under the same key', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('two').faults.push('not-applied')

  const outcome = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  expect(outcome.exitCode).toBe(0)
  expect(world.registry('two').writes).toEqual(['latest=v1.2.0', 'stable=v1.2.0'])
  expect(new Set(world.registry('two').writeKeys).size).toBe(1)
})

test('a registry that shows the old value for a while is waited for, not written again', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('two').staleReads = 3

  const outcome = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  expect(outcome.exitCode).toBe(0)
  expect(world.registry('two').writes).toHaveLength(2)
})

test('one registry down for the whole run: the others are done, exit 6, resume finishes later', async () => {
  const { engine, world, readHistory } = await createEngineFixture()
  world.registry('two').isDown = true
  const plan = await engine.plan(aRequest('v1.2.0'))

  const outcome = await engine.run(plan, defaultApprover).result

  expect(outcome).toMatchObject({ result: 'partial', exitCode: 6 })
  expect(outcome.view.steps.map(({ status }) => status)).toEqual(['done', 'failed', 'done', 'done'])
  expect((await readHistory()).deployments[0]).toMatchObject({ status: 'partial', kind: 'rollback' })
  expect((await readHistory()).deployments[1]).toMatchObject({ version: 'v1.3.0', status: 'active' })

  world.registry('two').isDown = false
  const resumed = await engine.resume(plan.id, defaultApprover).result

  expect(resumed).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('two').tags.latest).toBe('v1.2.0')
  const history = await readHistory()
  expect(history.deployments.map(({ status }) => status)).toEqual([
    'active',
    'rolled_back_from',
    'superseded',
    'superseded',
  ])
  expect(history.deployments).toHaveLength(4)
})

test('refused credentials stop the plan before anything moves', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('four').isDenied = true

  const plan = await engine.plan(aRequest('v1.2.0'))
  const refused = engine.run(plan, defaultApprover).result

  await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  expect(world.registry('one').writes).toEqual([])
  expect(await engine.runs()).toEqual([])
})

test('a missing artifact cannot be overridden', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('four').hasTarget = false

  const plan = await engine.plan(aRequest('v1.2.0', { overrides: ['V09'] }))

  await expect(engine.run(plan, defaultApprover).result).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
})

test('an artifact that is there in part is gone back to when a person insists, and only then', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('four').lacksPart = true
  const refused = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: expect.stringContaining('V09') })

  const insisted = await engine.plan(aRequest('v1.2.0', { overrides: ['V09'] }))
  const done = await engine.run(insisted, defaultApprover).result

  expect(done).toMatchObject({ result: 'complete' })
  expect(world.registry('four').tags.latest).toBe('v1.2.0')
})

test('an artifact that nothing can compare with what was recorded is gone back to when a person insists, and only then', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('four').isUncompared = true
  const refused = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: expect.stringContaining('V02') })

  const insisted = await engine.plan(aRequest('v1.2.0', { overrides: ['V02'] }))
  const done = await engine.run(insisted, defaultApprover).result

  expect(done).toMatchObject({ result: 'complete' })
  expect(world.registry('four').tags.latest).toBe('v1.2.0')
})

test.each([
  ['loses a part', 'lacksPart'],
  ['can no longer be compared', 'isUncompared'],
] as const)('an artifact that %s after the preflight is not gone back to', async (_what, fault) => {
  const { engine, world } = await createEngineFixture({ config: { parallelism: 1 } })
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.beforeWrite.hook = (registry) => {
    if (registry === 'one') world.registry('two')[fault] = true
  }

  const outcome = await engine.run(plan, defaultApprover).result

  expect(outcome).toMatchObject({ exitCode: 6 })
  expect(world.registry('two').writes).toEqual([])
})

test('an artifact that lacks what nobody needs to use it is gone back to with a warning, also when it loses it on the way', async () => {
  const { engine, world } = await createEngineFixture({ config: { parallelism: 1 } })
  world.registry('four').lacksProof = true
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.beforeWrite.hook = (registry) => {
    if (registry === 'one') world.registry('two').lacksProof = true
  }

  const done = await engine.run(plan, defaultApprover).result

  const found = plan.findings.filter(({ code, severity }) => code === 'V09' && severity !== 'ok')
  expect(found.map(({ severity, title }) => [severity, title])).toEqual([
    ['warn', expect.stringContaining('without its attestation')],
  ])
  expect(done).toMatchObject({ result: 'complete' })
})

test('an artifact that goes missing between plan and run stops the run before anything moves', async () => {
  const { engine, world } = await createEngineFixture()
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.registry('two').hasTarget = false

  const refused = engine.run(plan, defaultApprover).result

  await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: expect.stringContaining('V09') })
  expect(world.registry('one').writes).toEqual([])
})

test('a plan whose registry moved meanwhile is stale and changes nothing', async () => {
  const { engine, world } = await createEngineFixture()
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.registry('three').tags.latest = 'v9.9.9'

  const refused = engine.run(plan, defaultApprover).result

  await expect(refused).rejects.toMatchObject({ code: 'PLAN_STALE', message: expect.stringContaining('three') })
  expect(world.registry('one').writes).toEqual([])
  expect(await engine.runs()).toEqual([])
})

test('somebody who moves a pointer between the last look and the write is not overwritten', async () => {
  const { engine, world } = await createEngineFixture({ config: { parallelism: 1 } })
  world.beforeWrite.hook = (registry) => {
    if (registry === 'one') world.registry('two').tags.latest = 'v9.9.9'
  }
  world.registry('two').faults.push('not-applied')

  const outcome = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  expect(outcome.exitCode).toBe(6)
  expect(outcome.view.steps[1]?.status).toBe('conflict')
  expect(world.registry('two').tags.latest).toBe('v9.9.9')
})

test('undo of a finished run restores every pointer and lifts the hold', async () => {
  const { engine, world, readHistory } = await createEngineFixture()
  const plan = await engine.plan(aRequest('v1.2.0'))
  await engine.run(plan, defaultApprover).result

  const outcome = await engine.undo(plan.id, defaultApprover, 'it was not the release').result

  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('four').tags).toEqual({ latest: 'v1.3.0', stable: 'v1.3.0' })
  const history = await readHistory()
  expect(history.held).toEqual([])
  expect(history.deployments[0]).toMatchObject({ kind: 'undo', version: 'v1.3.0', status: 'active' })
  expect(history.deployments[1]).toMatchObject({ kind: 'rollback', status: 'superseded' })
})

test('undo of an open run takes back what it moved and leaves the rest alone', async () => {
  const { engine, world, readHistory } = await createEngineFixture()
  world.registry('two').isDown = true
  const plan = await engine.plan(aRequest('v1.2.0'))
  await engine.run(plan, defaultApprover).result
  world.registry('two').isDown = false

  const outcome = await engine.undo(plan.id, defaultApprover, 'back to the start').result

  expect(outcome).toMatchObject({ result: 'undone', exitCode: 0 })
  for (const name of ['one', 'two', 'three', 'four']) {
    expect(world.registry(name).tags).toEqual({ latest: 'v1.3.0', stable: 'v1.3.0' })
  }
  expect(world.registry('two').writes).toEqual([])
  const history = await readHistory()
  expect(history.deployments[1]).toMatchObject({ version: 'v1.3.0', status: 'active' })
  expect((await engine.runs()).every(({ isOpen }) => !isOpen)).toBe(true)
})

test('an abort finishes what is in flight and starts nothing more', async () => {
  const { engine, world } = await createEngineFixture({ config: { parallelism: 1 } })
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  world.beforeWrite.hook = () => handle.stop('enough')

  const outcome = await handle.result

  expect(outcome).toMatchObject({ result: 'aborted', exitCode: 12 })
  expect(world.registry('one').tags).toEqual({ latest: 'v1.2.0', stable: 'v1.2.0' })
  expect(world.registry('two').writes).toEqual([])
})

test('an abort while the last steps are in flight comes too late: the run is complete', async () => {
  const { engine, world, readHistory } = await createEngineFixture()
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  world.beforeWrite.hook = () => handle.stop('too late')

  const outcome = await handle.result

  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect((await readHistory()).deployments[0]).toMatchObject({ version: 'v1.2.0', status: 'active' })
})

test('while a run is open another is refused and the ways out are named', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('two').isDown = true
  await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  const refused = engine.run(await engine.plan(aRequest('v1.1.0')), defaultApprover).result

  await expect(refused).rejects.toMatchObject({ code: 'RUN_OPEN', hint: expect.stringContaining('runs resume') })
})

test('a step that is skipped with a reason lets resume finish as partial', async () => {
  const { engine, world } = await createEngineFixture()
  world.registry('two').isDown = true
  const plan = await engine.plan(aRequest('v1.2.0'))
  await engine.run(plan, defaultApprover).result

  await engine.skipStep(plan.id, 'memory:hello@two', 'its owner does it tomorrow')
  const outcome = await engine.resume(plan.id, defaultApprover).result

  expect(outcome).toMatchObject({ result: 'partial', exitCode: 6 })
  expect(outcome.view.steps[1]).toMatchObject({ status: 'skipped', detail: 'its owner does it tomorrow' })
})

test('one step of an open run is tried alone; the others and the run stay as they are', async () => {
  const { engine, world } = await createEngineFixture({ registries: ['one', 'two', 'three'] })
  world.registry('one').isDown = true
  world.registry('two').isDown = true
  const failed = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  world.heal('one')
  world.heal('two')
  const [one, two] = failed.view.steps

  const tried = await engine.resume(failed.id, defaultApprover, { only: [one?.id ?? ''] }).result
  const [summary] = await engine.runs()
  const done = await engine.resume(failed.id, defaultApprover).result

  expect(tried.exitCode).toBe(6)
  expect(tried.view.steps.map(({ status }) => status)).toEqual(['done', two?.status, 'done'])
  expect(summary).toMatchObject({ id: failed.id, isOpen: true })
  expect([done.result, done.exitCode]).toEqual(['complete', 0])
})

test('a step that the run does not have is not tried', async () => {
  const { engine, world } = await createEngineFixture({ registries: ['one', 'two'] })
  world.registry('one').isDown = true
  const { id: runId } = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  const refused = await engine
    .resume(runId, defaultApprover, { only: ['npm:other'] })
    .result.catch((error: unknown) => error)

  expect(refused).toMatchObject({ code: 'RUN_UNKNOWN', message: expect.stringContaining('no step "npm:other"') })
})
