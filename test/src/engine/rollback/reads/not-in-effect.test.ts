import { expect, test } from 'vitest'
import { READS_REQUIRED } from '../../../../../src/domain/plan.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../../../support/engine/engine-fixture.ts'
import { eagerPlatform } from '../../../../support/clocks/eager-platform.ts'
import { createMemoryWorld } from '../../../../support/registries/memory-driver.ts'

const NOTE = 'installs still get 1.3.0'
const GOOD = { latest: 'v1.2.0', stable: 'v1.2.0' }

async function aFixture() {
  const platform = eagerPlatform()
  const world = createMemoryWorld('v1.3.0', platform.clock)
  const config = { timeoutMs: 60_000, settleWindowMs: 2000 }
  const { engine } = await createEngineFixture({
    platform,
    world,
    registries: ['one'],
    config,
    folder: '/project',
  })
  const run = async () => engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  return { engine, one: world.registry('one'), run, world }
}

test('a pointer that is written down while users get something else is not proved, and the step says what they get', async () => {
  const { engine, one, run, world } = await aFixture()
  world.beforeWrite.hook = () => void (one.notAppliedNote = NOTE)

  const outcome = await run()
  const [status] = await engine.status()

  expect(outcome).toMatchObject({ exitCode: 6 })
  expect(outcome.view.steps).toMatchObject([{ status: 'failed', detail: expect.stringContaining(NOTE) as string }])
  expect(status).toMatchObject({ state: 'drift', detail: expect.stringContaining(NOTE) as string })
})

test('what is written down as recorded is no agreement while users get something else', async () => {
  const { engine, one } = await aFixture()
  const [before] = await engine.status()
  one.notAppliedNote = 'installs still get 1.2.0'

  expect(before).toMatchObject({ state: 'in-sync', detail: '' })
  expect(await engine.status()).toMatchObject([{ state: 'drift', detail: 'installs still get 1.2.0' }])
})

test('resume proves it when users get it, without another write', async () => {
  const { engine, one, run, world } = await aFixture()
  world.beforeWrite.hook = () => void (one.notAppliedNote = NOTE)
  const { view } = await run()
  const found = await engine.recovery(view.id)
  const again = await engine.resume(view.id, defaultApprover).result
  one.notAppliedNote = ''

  const done = await engine.resume(view.id, defaultApprover).result

  expect(found.steps).toMatchObject([{ next: 'verify' }])
  expect([again.exitCode, done.exitCode]).toEqual([6, 0])
  expect(one.writes).toEqual(['latest=v1.2.0', 'stable=v1.2.0'])
})

test('a registry that only writes the target down is not left alone as being there already', async () => {
  const { engine, one, run } = await aFixture()
  Object.assign(one.tags, GOOD)
  one.notAppliedNote = NOTE

  const plan = await engine.plan(aRequest('v1.2.0'))
  const outcome = await run()
  one.notAppliedNote = ''
  const healed = await engine.resume(outcome.view.id, defaultApprover).result

  expect(plan.steps).toMatchObject([{ deferred: NOTE }])
  expect(plan.findings).toContainEqual(expect.objectContaining({ code: 'V16', severity: 'warn', detail: NOTE }))
  expect([outcome.exitCode, outcome.view.steps[0]?.status]).toEqual([6, 'failed'])
  expect(outcome.view.steps[0]?.detail).toContain(NOTE)
  expect([healed.exitCode, healed.view.steps[0]?.status]).toEqual([0, 'already'])
  expect(one.writes).toEqual([])
})

test('a pointer that was proved and is seen not to be in effect at the end is open again', async () => {
  const { one, run } = await aFixture()
  let provedAt = 0
  one.show = (tags, readCount) => {
    if (tags.stable === 'v1.2.0' && provedAt === 0) provedAt = readCount
    if (provedAt > 0 && readCount >= provedAt + READS_REQUIRED) one.notAppliedNote = NOTE
    return tags
  }

  const outcome = await run()

  expect(outcome).toMatchObject({ exitCode: 6 })
  expect(outcome.view.steps[0]?.status).toBe('failed')
})
