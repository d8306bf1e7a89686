import { expect, test } from 'vitest'
import type { Config } from '../../../../../src/config/config.ts'
import type { Stamped } from '../../../../../src/events/events.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../../../../support/engine/engine-fixture.ts'
import { eagerPlatform } from '../../../../support/clocks/eager-platform.ts'
import { createMemoryWorld, type MemoryTags } from '../../../../support/registries/memory-driver.ts'

const OLD: MemoryTags = { latest: 'v1.2.0', stable: 'v1.2.0' }
const BAD: MemoryTags = { latest: 'v1.3.0', stable: 'v1.3.0' }
const LIMITS = { timeoutMs: 60_000, settleWindowMs: 2000 }

async function aFixture(registries: readonly string[] = ['one', 'two'], rollback: Partial<Config['rollback']> = {}) {
  const platform = eagerPlatform()
  const world = createMemoryWorld('v1.3.0', platform.clock)
  const config = { ...LIMITS, ...rollback }
  const fixture = await createEngineFixture({ platform, world, registries, config, folder: '/project' })
  const run = async () => {
    const handle = fixture.engine.run(await fixture.engine.plan(aRequest('v1.2.0')), defaultApprover)
    const events = await collect(handle)
    return { events, outcome: await handle.result }
  }
  return { ...fixture, run, clock: platform.clock }
}

/** The first reads say that it is there already. */
const oldFor = (count: number) => (tags: MemoryTags, readCount: number) => (readCount <= count ? OLD : tags)

const typesOf = (events: readonly Stamped[]) => new Set(events.map(({ type }) => type))

test.each([1, 2, 3, 5, 8])('a registry that is read as already there %i times, and is not, is moved', async (count) => {
  const { world, run, readHistory } = await aFixture()
  world.registry('one').show = oldFor(count)

  const { outcome } = await run()

  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('one').tags).toEqual(OLD)
  expect(world.registry('one').writes).toHaveLength(2)
  expect((await readHistory()).deployments[0]?.packages.map(({ status }) => status)).toEqual(['deployed', 'deployed'])
})

test('a plan that finds nothing to do has read that over the whole settle window', async () => {
  const { world, engine, clock } = await aFixture(['one'])
  world.registry('one').tags.latest = 'v1.2.0'
  world.registry('one').tags.stable = 'v1.2.0'
  const startedMs = clock.elapsedMs()

  const plan = await engine.plan(aRequest('v1.2.0'))

  expect(plan.steps).toEqual([])
  expect(world.registry('one').readCount).toBeGreaterThan(8)
  expect(clock.elapsedMs() - startedMs).toBeGreaterThanOrEqual(LIMITS.settleWindowMs)
})

test('a plan has a step when one of the reads that should confirm "nothing to do" disagrees', async () => {
  const { world, engine } = await aFixture(['one'])
  world.registry('one').show = oldFor(8)

  expect((await engine.plan(aRequest('v1.2.0'))).steps).toHaveLength(1)
})

test('a registry that needs nothing is proved to need nothing, in the journal and in the history', async () => {
  const { world, run, readHistory } = await aFixture()
  Object.assign(world.registry('one').tags, OLD)

  const { events, outcome } = await run()

  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(events.find(({ type }) => type === 'exclusion.verified')).toMatchObject({
    readCount: 9,
    pointer: { tags: OLD },
  })
  const final = events.findLast(({ type }) => type === 'sweep.finished')
  expect(final).toMatchObject({ observations: [{ agrees: true }, { step: 'memory:hello@one', agrees: true }] })
  expect(world.registry('one').writes).toEqual([])
  const [entry] = (await readHistory()).deployments
  expect(entry?.packages.find(({ registry }) => registry === 'one')).toMatchObject({
    status: 'already',
    verifiedAt: expect.any(String) as string,
  })
})

test('a registry that leaves the target while the others are moved is moved back in the same run', async () => {
  const { world, run } = await aFixture()
  Object.assign(world.registry('one').tags, OLD)
  world.seen.onRead = (registry) => {
    // Behind its proof: the read of the final verification finds it.
    if (registry === 'one' && world.registry('one').readCount === 11) Object.assign(world.registry('one').tags, BAD)
  }

  const { events, outcome } = await run()

  expect(typesOf(events).has('exclusion.verified')).toBe(true)
  expect(typesOf(events).has('step.added')).toBe(true)
  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('one').tags).toEqual(OLD)
})

test('a registry that was planned to need nothing and is moved from outside makes the plan stale', async () => {
  const { world, engine } = await aFixture()
  Object.assign(world.registry('one').tags, OLD)
  const plan = await engine.plan(aRequest('v1.2.0'))
  world.registry('one').tags.latest = 'theirs'

  await expect(engine.run(plan, defaultApprover).result).rejects.toMatchObject({ code: 'PLAN_STALE' })

  expect(['one', 'two'].flatMap((name) => world.registry(name).writes)).toEqual([])
})

test('a registry that needs nothing and is moved from outside during the run keeps what it serves, as a conflict', async () => {
  const { world, engine, run } = await aFixture()
  Object.assign(world.registry('one').tags, OLD)
  world.seen.onRead = (registry) => {
    if (registry === 'one' && world.registry('one').readCount === 11) world.registry('one').tags.latest = 'theirs'
  }

  const { outcome } = await run()
  const resumed = await engine.resume(outcome.view.id, defaultApprover).result

  expect(outcome.exitCode).toBe(6)
  for (const { view } of [outcome, resumed]) {
    expect(view.steps.map(({ id, status }) => [id, status])).toContainEqual(['memory:hello@one', 'conflict'])
  }
  expect(world.registry('one').tags).toEqual({ ...OLD, latest: 'theirs' })
  expect(world.registry('one').writes).toEqual([])
})

test('a registry that was planned to need nothing and cannot be read ends the run as partial, and resume finishes it', async () => {
  const { world, engine, run } = await aFixture(['one', 'two'], {
    retry: { attempts: 2, backoffMs: 1, maxBackoffMs: 5, jitter: false },
  })
  Object.assign(world.registry('one').tags, OLD)
  world.seen.onWrite = () => void (world.registry('one').isDown = true)

  const { outcome } = await run()

  expect(outcome).toMatchObject({ result: 'partial', exitCode: 6 })
  expect(outcome.view.steps.map(({ id, status }) => [id, status])).toContainEqual(['memory:hello@one', 'failed'])
  world.heal('one')
  expect(await engine.resume(outcome.id, defaultApprover).result).toMatchObject({ result: 'complete', exitCode: 0 })
})

test('a registry that was skipped is read in the final verification, and nothing is said of it', async () => {
  const { engine } = await aFixture()
  const plan = await engine.plan(aRequest('v1.2.0', { except: ['memory:one'] }))

  const { view } = await engine.run(plan, defaultApprover).result

  expect(view.excluded).toMatchObject([{ status: 'skipped', observed: { tags: BAD } }])
  expect(view.observations.map(({ step }) => step)).toEqual(['memory:hello@two'])
})

test('a registry that answers now so, now otherwise ends as unknown within the time of its step', async () => {
  const { world, run, clock } = await aFixture(['one'])
  world.registry('one').show = (tags, readCount) => (readCount > 4 && readCount % 3 === 0 ? BAD : tags)

  const { outcome } = await run()

  expect(outcome.exitCode).toBe(6)
  expect(outcome.view.steps[0]).toMatchObject({ status: 'unknown', error: { code: 'READBACK_DISAGREES' } })
  expect(clock.elapsedMs()).toBeLessThan(2 * LIMITS.timeoutMs)
})

test('a registry that calms down in time is waited for', async () => {
  const { world, run } = await aFixture(['one'])
  world.registry('one').show = (tags, readCount) => (readCount < 20 && readCount % 3 === 0 ? BAD : tags)

  const { outcome } = await run()

  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('one').writes).toHaveLength(2)
})

test('one old answer to the final verification does not undo what was proved', async () => {
  const { world, run } = await aFixture(['one'])
  // For the plan, before anything moves, in the step, and twice to prove it.
  world.registry('one').show = (tags, readCount) => (readCount === 6 ? BAD : tags)

  expect((await run()).outcome).toMatchObject({ result: 'complete', exitCode: 0 })
})

test.each([1, 4, 8])('a write without an answer is not sent twice for %i old reads', async (count) => {
  const { world, run } = await aFixture(['one'])
  world.registry('one').faults.push('lost-answer')
  world.registry('one').staleReads = count

  const { outcome } = await run()

  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('one').writes).toEqual(['latest=v1.2.0', 'stable=v1.2.0'])
})

test.each([1, 4, 8])('a write that was not applied is not taken for done for %i old reads', async (count) => {
  const { world, run } = await aFixture(['one'])
  const one = world.registry('one')
  one.faults.push('not-applied')
  let failedAt = Number.POSITIVE_INFINITY
  world.beforeWrite.hook = () => void (failedAt = Math.min(failedAt, one.readCount))
  one.show = (tags, readCount) => (readCount > failedAt && readCount <= failedAt + count ? OLD : tags)

  const { outcome } = await run()

  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(one.tags).toEqual(OLD)
  expect(one.writes).toHaveLength(2)
})

test('a registry that could not be read when planned and needed nothing is left alone by an undo', async () => {
  const { world, engine } = await aFixture()
  world.registry('one').isDown = true
  const plan = await engine.plan(aRequest('v1.2.0', { overrides: ['V01'] }))
  world.heal('one')
  Object.assign(world.registry('one').tags, OLD)
  const outcome = await engine.run(plan, defaultApprover).result
  expect(outcome.view.steps.map(({ status }) => status)).toEqual(['already', 'done'])
  world.registry('two').writes.splice(0)

  const undone = await engine.undo(outcome.id, defaultApprover, 'it was right after all').result

  expect(undone.result).toBe('complete')
  expect([world.registry('one').writes, world.registry('two').writes.length]).toEqual([[], 2])
})
