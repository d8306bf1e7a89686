import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../../src/engine/engine.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'

const ONE_ATTEMPT = { retry: { attempts: 1, backoffMs: 1, maxBackoffMs: 5, jitter: false } } as const
const OLD = { latest: 'v1.3.0', stable: 'v1.3.0' }
const NEW = { latest: 'v1.2.0', stable: 'v1.2.0' }

async function rollBack(engine: Engine, over: Parameters<typeof aRequest>[1] = {}) {
  return engine.run(await engine.plan(aRequest('v1.2.0', over)), defaultApprover).result
}

const undo = (engine: Engine, run: string) => engine.undo(run, defaultApprover, 'not the release').result

describe('a run that changed nothing', () => {
  test('has nothing to undo: no event, no history entry, exit 0 and a sentence', async () => {
    const { engine, world, readHistory } = await createEngineFixture({ registries: ['one'], config: ONE_ATTEMPT })
    world.registry('one').faults.push('forbidden')
    const failed = await rollBack(engine)
    await engine.handOver(failed.id, 'the token is wrong')
    const before = await readHistory()

    const handle = engine.undo(failed.id, defaultApprover, 'not the release')
    const events = await collect(handle)
    const outcome = await handle.result

    expect(failed).toMatchObject({ result: 'failed', exitCode: 6 })
    expect(outcome).toMatchObject({
      exitCode: 0,
      nothingToDo: `Nothing to undo for run ${failed.id}: it changed nothing on any registry.`,
    })
    expect(events).toEqual([])
    expect(await readHistory()).toEqual(before)
    expect((await engine.runs()).map(({ id }) => id)).toEqual([failed.id])
  })

  test('is ended by its undo while it is open, without a write and without an entry', async () => {
    const { engine, world, readHistory } = await createEngineFixture({ registries: ['one'], config: ONE_ATTEMPT })
    world.registry('one').faults.push('forbidden')
    const { id: runId } = await rollBack(engine)

    const outcome = await undo(engine, runId)

    expect(outcome).toMatchObject({ result: 'undone', exitCode: 0 })
    expect(outcome.view.summary).toBe('v1.3.0 → v1.2.0 undone: the run had changed nothing, nothing was written')
    expect(world.registry('one').writes).toEqual([])
    expect((await readHistory()).deployments.map(({ kind }) => kind)).toEqual(['deploy', 'deploy', 'deploy'])
    expect((await engine.runs())[0]).toMatchObject({ isOpen: false, result: 'undone' })
  })

  test('is also one that was taken back already', async () => {
    const { engine, world } = await createEngineFixture({ registries: ['one', 'two'], config: ONE_ATTEMPT })
    world.registry('two').isDown = true
    const { id: runId } = await rollBack(engine)
    world.registry('two').isDown = false
    await undo(engine, runId)

    const again = await undo(engine, runId)

    expect(again).toMatchObject({
      exitCode: 0,
      nothingToDo: `Nothing to undo for run ${runId}: everything it changed was taken back already.`,
    })
  })
})

describe('a run that was undone by a later one', () => {
  test('is listed with that run, until that one is undone itself', async () => {
    const { engine } = await createEngineFixture({ registries: ['one'] })
    const first = await rollBack(engine)
    const second = await undo(engine, first.id)
    const whileUndone = await engine.runs()
    const third = await undo(engine, second.id)

    const undoneBy = Object.fromEntries((await engine.runs()).map((run) => [run.id, run.undoneBy]))

    expect(whileUndone.map((run) => [run.id, run.undoneBy])).toEqual([
      [second.id, null],
      [first.id, second.id],
    ])
    expect(undoneBy).toEqual({ [third.id]: null, [second.id]: third.id, [first.id]: null })
  })
})

test('an undo of the undo of a partial rollback leaves the live version live', async () => {
  const { engine, readHistory, world } = await createEngineFixture({ registries: ['one', 'two'] })
  const first = await rollBack(engine, { only: ['memory:one'] })
  const second = await undo(engine, first.id)

  const third = await undo(engine, second.id)

  expect(third).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('two').tags).toEqual(OLD)
  const { deployments } = await readHistory()
  expect(deployments.filter(({ status }) => status === 'active').map(({ version }) => version)).toEqual(['v1.3.0'])
  expect(deployments[0]).toMatchObject({ version: 'v1.2.0', status: 'partial' })
})

describe('a step whose request was refused', () => {
  test('is not compensated, and the others are', async () => {
    const { engine, world } = await createEngineFixture({ registries: ['one', 'two'], config: ONE_ATTEMPT })
    world.registry('two').faults.push('forbidden')
    const { id: runId } = await rollBack(engine)

    const outcome = await undo(engine, runId)

    expect(outcome).toMatchObject({ result: 'undone', exitCode: 0 })
    expect(world.registry('one').tags).toEqual(OLD)
    expect(world.registry('two').writes).toEqual([])
    expect(outcome.view.steps[1]?.detail).toBe('nothing was changed: no request was sent, or each was refused')
    expect(outcome.view.summary).toBe('v1.3.0 → v1.2.0 undone: 2 of 2 registries as this run found them')
  })

  test('is compensated where the registry shows what was wanted all the same', async () => {
    const { engine, world } = await createEngineFixture({ registries: ['one', 'two'], config: ONE_ATTEMPT })
    world.registry('two').faults.push('forbidden')
    const { id: runId } = await rollBack(engine)
    Object.assign(world.registry('two').tags, NEW)

    await undo(engine, runId)

    expect(world.registry('two').tags).toEqual(OLD)
  })

  test.each([
    ['got no answer', 'not-applied'],
    ['was applied and got no answer', 'lost-answer'],
  ] as const)('is compensated when it %s, whatever one read shows', async (_what, fault) => {
    const { engine, world } = await createEngineFixture({ registries: ['one', 'two'], config: ONE_ATTEMPT })
    world.registry('two').faults.push(fault)
    const { id: runId } = await rollBack(engine)

    const outcome = await undo(engine, runId)

    expect(outcome.view.steps[1]?.status).toBe('undone')
    expect(world.registry('two').writes.slice(-2)).toEqual(['latest=v1.3.0', 'stable=v1.3.0'])
  })
})

describe('a compensation that is refused', () => {
  test.each(['pause', 'continue', 'undo'] as const)(
    'does not stop the others of a finished run: %s',
    async (onPartialFailure) => {
      const { engine, world } = await createEngineFixture({
        registries: ['lead', 'one', 'two'],
        lead: ['lead'],
        config: { ...ONE_ATTEMPT, onPartialFailure },
      })
      const { id: runId } = await rollBack(engine)
      world.registry('one').faults.push('forbidden')

      const undoing = await undo(engine, runId)

      expect(undoing).toMatchObject({ result: 'partial', exitCode: 6 })
      expect(['lead', 'one', 'two'].map((name) => world.registry(name).tags.latest)).toEqual([
        'v1.3.0',
        'v1.2.0',
        'v1.3.0',
      ])
      expect(await engine.resume(undoing.id, defaultApprover).result).toMatchObject({
        result: 'complete',
        exitCode: 0,
      })
    },
  )

  test('leaves an undo in place open, and resume goes on with what is left', async () => {
    const { engine, world } = await createEngineFixture({ registries: ['one', 'two', 'three'], config: ONE_ATTEMPT })
    world.registry('three').isDown = true
    const { id: runId } = await rollBack(engine)
    world.registry('three').isDown = false
    world.registry('one').faults.push('forbidden')

    const undoing = await undo(engine, runId)
    const report = await engine.recovery(runId)
    const resumed = await engine.resume(runId, defaultApprover).result

    expect(undoing).toMatchObject({ result: 'partial', exitCode: 6 })
    expect(undoing.view.summary).toBe(
      'v1.3.0 → v1.2.0, going back to v1.3.0: PARTIAL: 2 of 3 registries as this run found them',
    )
    expect(report.direction).toBe('undo')
    expect(report.steps.map(({ next }) => next)).toEqual(['run', 'nothing', 'nothing'])
    expect(report.steps[0]?.explanation).toBe('serves v1.2.0; undo writes v1.3.0 again')
    expect(resumed).toMatchObject({ result: 'undone', exitCode: 0 })
  })
})

test('a rollback that is taken back after a failure ends with 6, and names the way back in what is left', async () => {
  const { engine, world } = await createEngineFixture({
    registries: ['one', 'two'],
    config: { ...ONE_ATTEMPT, onPartialFailure: 'undo' },
  })
  world.registry('two').faults.push('forbidden')

  const outcome = await rollBack(engine)

  expect(outcome).toMatchObject({ result: 'undone', exitCode: 6 })
  expect(world.registry('one').tags).toEqual(OLD)
  expect(outcome.view.steps[0]?.undoByHand).toEqual(['memory point latest v1.3.0', 'memory point stable v1.3.0'])
})

describe('undo of a finished run', () => {
  test('works after --only, and the live entry keeps every package', async () => {
    const { engine, world, readHistory } = await createEngineFixture({ registries: ['one', 'two', 'three'] })
    const { id: runId } = await rollBack(engine, { only: ['memory:one'] })

    const outcome = await undo(engine, runId)

    expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
    expect(world.registry('one').tags).toEqual(OLD)
    const [entry] = (await readHistory()).deployments
    expect(entry).toMatchObject({ kind: 'undo', version: 'v1.3.0', status: 'active' })
    expect(entry?.packages.map(({ registry, status, ref }) => [registry, status, ref])).toEqual([
      ['one', 'deployed', { version: 'v1.3.0' }],
      ['two', 'already', { version: 'v1.3.0' }],
      ['three', 'already', { version: 'v1.3.0' }],
    ])
  })

  test('works for the older of two that moved different registries, and says what is elsewhere', async () => {
    const { engine, world, readHistory } = await createEngineFixture({ registries: ['one', 'two'] })
    const first = await rollBack(engine, { only: ['memory:one'] })
    await rollBack(engine, { only: ['memory:two'] })

    await undo(engine, first.id)

    expect([world.registry('one').tags, world.registry('two').tags]).toEqual([OLD, NEW])
    const [entry] = (await readHistory()).deployments
    expect(entry?.packages.map(({ registry, status }) => [registry, status])).toEqual([
      ['one', 'deployed'],
      ['two', 'skipped'],
    ])
    expect((await engine.status()).map(({ state }) => state)).toEqual(['in-sync', 'drift'])
  })

  test('is refused when a later run moved the same registry', async () => {
    const { engine } = await createEngineFixture({ registries: ['one', 'two'] })
    const first = await rollBack(engine, { only: ['memory:one'] })
    await engine.run(await engine.plan(aRequest('v1.1.0')), defaultApprover).result

    await expect(undo(engine, first.id)).rejects.toMatchObject({ code: 'TARGET_UNSAFE' })
  })

  test('and undo of that undo lead to the same pointers and to the pins of the version they lead to', async () => {
    const { engine, world, readHistory } = await createEngineFixture({ registries: ['one', 'two'] })
    const there = await rollBack(engine)
    const back = await undo(engine, there.id)

    const again = await undo(engine, back.id)

    expect(again).toMatchObject({ result: 'complete', exitCode: 0 })
    expect(world.registry('one').tags).toEqual(NEW)
    const [entry] = (await readHistory()).deployments
    expect(entry).toMatchObject({ kind: 'undo', version: 'v1.2.0', status: 'active' })
    expect(entry?.packages.map(({ ref }) => ref)).toEqual([{ version: 'v1.2.0' }, { version: 'v1.2.0' }])
    expect(again.view.steps[0]?.plan).toMatchObject({
      title: 'Restore memory to v1.2.0',
      manual: ['memory point latest v1.2.0', 'memory point stable v1.2.0'],
    })
  })

  test('waits for the person who moved a registry, with the commands that move it back', async () => {
    const { engine, world } = await createEngineFixture({ registries: ['one', 'two'], manual: ['two'] })
    const there = await rollBack(engine)
    Object.assign(world.registry('two').tags, NEW)
    await engine.resume(there.id, defaultApprover).result

    const undoing = await undo(engine, there.id)
    Object.assign(world.registry('two').tags, OLD)
    const resumed = await engine.resume(undoing.id, defaultApprover).result

    expect(undoing).toMatchObject({ result: 'manual', exitCode: 7 })
    expect(undoing.view.steps.map(({ id, byHand }) => [id, byHand])).toContainEqual([
      'memory:hello@two',
      ['memory point latest v1.3.0', 'memory point stable v1.3.0'],
    ])
    expect(resumed).toMatchObject({ result: 'complete', exitCode: 0 })
  })

  test('takes back what a run had sent that was handed over in the middle', async () => {
    const { engine, world, readHistory } = await createEngineFixture({
      registries: ['one', 'two'],
      config: ONE_ATTEMPT,
    })
    world.registry('two').faults.push('lost-answer')
    const { id: runId } = await rollBack(engine)
    await engine.handOver(runId, 'the rest is done by hand')
    const [entry] = (await readHistory()).deployments

    const outcome = await undo(engine, runId)

    expect(entry).toMatchObject({ run: runId, status: 'partial' })
    expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
    expect([world.registry('one').tags, world.registry('two').tags]).toEqual([OLD, OLD])
  })
})

test('what somebody else put in the way of an undo is written over with the version that the undo leads to', async () => {
  const { engine, world } = await createEngineFixture({ registries: ['one', 'two'], config: ONE_ATTEMPT })
  const there = await rollBack(engine)
  world.beforeWrite.hook = (registry) => {
    if (registry === 'one') Object.assign(world.registry('one').tags, { latest: 'theirs', stable: 'theirs' })
  }
  world.registry('one').faults.push('forbidden')
  const undoing = await undo(engine, there.id)
  world.beforeWrite.hook = () => undefined
  const step = undoing.view.steps.find(({ id }) => id.endsWith('one'))
  await engine.overwriteStep(undoing.id, step?.id ?? '', 'a bot')

  const resumed = await engine.resume(undoing.id, defaultApprover).result

  expect(step?.status).toBe('conflict')
  expect(resumed).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('one').tags).toEqual(OLD)
})

describe('a live entry', () => {
  test('stays live when a step that a person was asked for is skipped later', async () => {
    const { engine, readHistory } = await createEngineFixture({ registries: ['one', 'two'], manual: ['two'] })
    const { id: runId, view } = await rollBack(engine)
    await engine.skipStep(runId, view.steps[1]?.id ?? '', 'not worth it')

    await engine.resume(runId, defaultApprover).result

    const { deployments } = await readHistory()
    expect(deployments[0]).toMatchObject({ version: 'v1.2.0', status: 'active' })
    expect(deployments[0]?.packages.map(({ status }) => status)).toEqual(['deployed', 'skipped'])
  })

  test('is not made by a run that goes back and still waits for a person', async () => {
    const { engine, world, readHistory } = await createEngineFixture({
      registries: ['one', 'two', 'three'],
      manual: ['two'],
      config: ONE_ATTEMPT,
    })
    world.registry('three').isDown = true
    const { id: runId } = await rollBack(engine)
    world.registry('three').isDown = false
    Object.assign(world.registry('two').tags, NEW)

    const undoing = await undo(engine, runId)

    expect(undoing).toMatchObject({ result: 'manual', exitCode: 7 })
    const { deployments, held } = await readHistory()
    expect(deployments.find(({ status }) => status === 'active')?.version).toBe('v1.3.0')
    expect(held).toEqual([])
  })
})
