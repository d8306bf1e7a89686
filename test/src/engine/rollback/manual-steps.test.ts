import { describe, expect, test } from 'vitest'
import {
  aRequest,
  collect,
  createEngineFixture,
  defaultApprover,
  type EngineFixture,
} from '../../../support/engine/engine-fixture.ts'

/** `one` is moved by us, `two` by a person. */
const aFixture = () => createEngineFixture({ registries: ['one', 'two'], manual: ['two'] })

async function rollBack({ engine }: EngineFixture) {
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  const events = await collect(handle)
  return { outcome: await handle.result, events }
}

const byHand = ({ world }: EngineFixture, version: string, registry = 'two') =>
  void Object.assign(world.registry(registry).tags, { latest: version, stable: version })
const statuses = (outcome: { readonly view: { readonly steps: readonly { readonly status: string }[] } }) =>
  outcome.view.steps.map(({ status }) => status)

describe('a registry that only a person may write to', () => {
  test('is left to them: the run ends with 7 and stays open, everything else is done', async () => {
    const fixture = await aFixture()

    const { outcome, events } = await rollBack(fixture)

    expect([outcome.result, outcome.exitCode]).toEqual(['manual', 7])
    expect(statuses(outcome)).toEqual(['done', 'manual'])
    expect(fixture.world.registry('two').writes).toEqual([])
    expect(events).toContainEqual(expect.objectContaining({ type: 'step.waiting', byHand: expect.any(Array) }))
    const [entry] = (await fixture.readHistory()).deployments
    expect(entry).toMatchObject({ version: 'v1.2.0', status: 'active' })
    expect(entry?.packages.map(({ status }) => status)).toEqual(['deployed', 'manual'])
    expect((await fixture.engine.runs())[0]).toMatchObject({ isOpen: true, result: 'manual' })
  })

  test('is proved by resume once it is done by hand, and the history says so', async () => {
    const fixture = await aFixture()
    const { outcome } = await rollBack(fixture)
    byHand(fixture, 'v1.2.0')

    const report = await fixture.engine.recovery(outcome.id)
    const resumed = await fixture.engine.resume(outcome.id, defaultApprover).result

    expect(report.steps[1]).toMatchObject({ found: 'want', next: 'verify' })
    expect([resumed.result, resumed.exitCode, statuses(resumed)]).toEqual(['complete', 0, ['done', 'done']])
    const { deployments, held } = await fixture.readHistory()
    expect(deployments[0]?.packages.map(({ status }) => status)).toEqual(['deployed', 'deployed'])
    expect(deployments.filter(({ run }) => run === outcome.id)).toHaveLength(1)
    expect(held.map(({ version }) => version)).toEqual(['v1.3.0'])
    expect(fixture.world.registry('two').writes).toEqual([])
  })

  test('is waited for again by a resume that comes too early', async () => {
    const fixture = await aFixture()
    const { outcome } = await rollBack(fixture)

    const report = await fixture.engine.recovery(outcome.id)
    const resumed = await fixture.engine.resume(outcome.id, defaultApprover).result

    expect(report.steps[1]).toMatchObject({ found: 'before', next: 'wait' })
    expect([resumed.result, resumed.exitCode]).toEqual(['manual', 7])
  })

  test('half moved is no proof', async () => {
    const fixture = await aFixture()
    const { outcome } = await rollBack(fixture)
    fixture.world.registry('two').tags.latest = 'v1.2.0'

    const resumed = await fixture.engine.resume(outcome.id, defaultApprover).result

    expect([resumed.result, statuses(resumed)]).toEqual(['manual', ['done', 'manual']])
  })

  test('moved elsewhere is a conflict, as with any other', async () => {
    const fixture = await aFixture()
    const { outcome } = await rollBack(fixture)
    byHand(fixture, 'v9.9.9')

    const resumed = await fixture.engine.resume(outcome.id, defaultApprover).result

    expect([resumed.exitCode, statuses(resumed)]).toEqual([6, ['done', 'conflict']])
  })

  test("is in nobody else's way while it waits", async () => {
    const fixture = await aFixture()
    await rollBack(fixture)

    const plan = await fixture.engine.plan(aRequest('v1.1.0'))
    const next = await fixture.engine.run(plan, defaultApprover).result

    expect([next.result, next.exitCode]).toEqual(['manual', 7])
  })

  test('that could not be read when it was planned is waited for all the same', async () => {
    const fixture = await aFixture()
    fixture.world.registry('two').isDown = true
    const plan = await fixture.engine.plan(aRequest('v1.2.0'))
    fixture.world.heal('two')

    const outcome = await fixture.engine.run(plan, defaultApprover).result
    byHand(fixture, 'v1.2.0')
    const resumed = await fixture.engine.resume(outcome.id, defaultApprover).result

    expect([outcome.result, outcome.exitCode]).toEqual(['manual', 7])
    expect([resumed.result, statuses(resumed)]).toEqual(['complete', ['done', 'done']])
  })

  test('undo takes back what we moved, and waits for the person who moved the rest', async () => {
    const fixture = await aFixture()
    const { outcome } = await rollBack(fixture)
    byHand(fixture, 'v1.2.0')

    const undoing = await fixture.engine.undo(outcome.id, defaultApprover, 'not the deploy').result
    byHand(fixture, 'v1.3.0')
    const undone = await fixture.engine.resume(outcome.id, defaultApprover).result

    expect([undoing.result, undoing.exitCode, statuses(undoing)]).toEqual(['manual', 7, ['undone', 'manual']])
    expect([undone.result, undone.exitCode]).toEqual(['undone', 0])
    expect(fixture.world.registry('one').tags).toEqual({ latest: 'v1.3.0', stable: 'v1.3.0' })
  })

  test('undo of one that nobody has touched is done at once', async () => {
    const fixture = await aFixture()
    const { outcome } = await rollBack(fixture)

    const undone = await fixture.engine.undo(outcome.id, defaultApprover, 'not the deploy').result

    expect([undone.result, undone.exitCode]).toEqual(['undone', 0])
    expect((await fixture.readHistory()).deployments.find(({ status }) => status === 'active')?.version).toBe('v1.3.0')
  })
})
