import { describe, expect, test } from 'vitest'
import type { RollbackPlan } from '../../../../src/domain/plan.ts'
import {
  aRequest,
  createEngineFixture,
  defaultApprover,
  type EngineFixture,
} from '../../../support/engine/engine-fixture.ts'

/** v1.3.0 is live by the history; `version` was published on some registries, and nobody recorded it. */
async function halfPublished(version: string, ...registries: readonly string[]): Promise<EngineFixture> {
  const fixture = await createEngineFixture()
  for (const name of registries) serve(fixture, name, version)
  return fixture
}

function serve({ world }: EngineFixture, name: string, version: string): void {
  Object.assign(world.registry(name).tags, { latest: version, stable: version })
}

const servedBy = ({ world }: EngineFixture) =>
  ['one', 'two', 'three', 'four'].map((name) => world.registry(name).tags.latest)
const startsOf = ({ steps }: RollbackPlan) =>
  steps.map(({ package: { registry }, from, to }) => [registry, from.version, to.version])
const findingsOf = ({ findings }: RollbackPlan) =>
  findings.filter(({ code }) => code === 'V34').map(({ title }) => title)

describe('a release that was half published and never recorded', () => {
  test('is taken back to what the history calls live, when no target is named', async () => {
    const fixture = await halfPublished('v1.4.0', 'one', 'three')

    const plan = await fixture.engine.plan(aRequest('last-good'))

    expect([plan.from, plan.to, plan.hold]).toEqual(['v1.4.0', 'v1.3.0', true])
    expect(startsOf(plan)).toEqual([
      ['one', 'v1.4.0', 'v1.3.0'],
      ['three', 'v1.4.0', 'v1.3.0'],
    ])
    expect(plan.excluded.map(({ package: { registry }, status }) => [registry, status])).toEqual([
      ['two', 'already'],
      ['four', 'already'],
    ])
    expect(findingsOf(plan)).toEqual([
      'memory: serves v1.4.0, which was never recorded',
      'memory: serves v1.4.0, which was never recorded',
    ])
  })

  test('is gone afterwards, is held, and the live version stays the live one', async () => {
    const fixture = await halfPublished('v1.4.0', 'one', 'three')
    const plan = await fixture.engine.plan(aRequest('last-good'))

    const { result } = await fixture.engine.run(plan, defaultApprover).result

    const { deployments, held } = await fixture.readHistory()
    expect(result).toBe('complete')
    expect(servedBy(fixture)).toEqual(['v1.3.0', 'v1.3.0', 'v1.3.0', 'v1.3.0'])
    expect(held.map(({ version }) => version)).toEqual(['v1.4.0'])
    expect(deployments.map(({ version, kind, status }) => `${version} ${kind} ${status}`)).toEqual([
      'v1.3.0 rollback active',
      'v1.3.0 deploy superseded',
      'v1.2.0 deploy superseded',
      'v1.1.0 deploy superseded',
    ])
  })

  test('is no longer in the way of the next rollback', async () => {
    const fixture = await halfPublished('v1.4.0', 'one')
    await fixture.engine.run(await fixture.engine.plan(aRequest('last-good')), defaultApprover).result

    const plan = await fixture.engine.plan(aRequest('last-good'))

    expect([plan.from, plan.to]).toEqual(['v1.3.0', 'v1.2.0'])
  })

  test('starts each step from what its registry serves, when an earlier target is named', async () => {
    const fixture = await halfPublished('v1.4.0', 'two')

    const plan = await fixture.engine.plan(aRequest('v1.2.0'))

    expect([plan.from, plan.to]).toEqual(['v1.3.0', 'v1.2.0'])
    expect(startsOf(plan)).toEqual([
      ['one', 'v1.3.0', 'v1.2.0'],
      ['two', 'v1.4.0', 'v1.2.0'],
      ['three', 'v1.3.0', 'v1.2.0'],
      ['four', 'v1.3.0', 'v1.2.0'],
    ])
    expect(findingsOf(plan)).toEqual(['memory: serves v1.4.0, which was never recorded'])
  })

  test('is taken back although no version before the live one is safe', async () => {
    const fixture = await halfPublished('v1.4.0', 'one')
    for (const version of ['v1.2.0', 'v1.1.0']) {
      await fixture.engine.mark({ mark: 'hold', version, reason: 'leaks' })
    }

    const plan = await fixture.engine.plan(aRequest('last-good'))
    serve(fixture, 'one', 'v1.3.0')

    expect([plan.from, plan.to]).toEqual(['v1.4.0', 'v1.3.0'])
    await expect(fixture.engine.plan(aRequest('last-good'))).rejects.toMatchObject({ code: 'TARGET_UNSAFE' })
  })

  test('is named with the newest of several', async () => {
    const fixture = await halfPublished('v1.4.0', 'one')
    serve(fixture, 'two', 'v1.5.0')

    const plan = await fixture.engine.plan(aRequest('last-good'))

    expect(plan.from).toBe('v1.5.0')
    expect(startsOf(plan).map(([, from]) => from)).toEqual(['v1.4.0', 'v1.5.0'])
  })

  test('is said in the status', async () => {
    const { engine } = await halfPublished('v1.4.0', 'one')

    const [one, two] = await engine.status()

    expect(one).toMatchObject({ serving: 'v1.4.0', state: 'drift', detail: expect.stringContaining('never recorded') })
    expect(two).toMatchObject({ state: 'in-sync' })
  })

  test('is compared with what is served when a saved plan is run', async () => {
    const fixture = await halfPublished('v1.4.0', 'one', 'three')
    const plan = await fixture.engine.plan(aRequest('last-good'))
    const changed = (from: string): RollbackPlan => ({
      ...plan,
      steps: plan.steps.map((step) => ({ ...step, from: { ...step.from, version: from as typeof step.from.version } })),
    })

    await expect(fixture.another().run(changed('v1.1.0'), defaultApprover).result).rejects.toMatchObject({
      code: 'PLAN_CHANGED',
    })
    const { result } = await fixture.another().run(plan, defaultApprover).result
    expect(result).toBe('complete')
  })

  test('makes a saved plan stale when its registry has gone on', async () => {
    const fixture = await halfPublished('v1.4.0', 'one')
    const plan = await fixture.engine.plan(aRequest('last-good'))
    serve(fixture, 'one', 'v1.5.0')

    await expect(fixture.another().run(plan, defaultApprover).result).rejects.toMatchObject({ code: 'PLAN_STALE' })
  })
})

test('a registry that serves an older version does not change the default target', async () => {
  const fixture = await halfPublished('v1.1.0', 'two')

  const plan = await fixture.engine.plan(aRequest('last-good'))

  expect([plan.from, plan.to]).toEqual(['v1.3.0', 'v1.2.0'])
  expect(startsOf(plan)[1]).toEqual(['two', 'v1.1.0', 'v1.2.0'])
  expect(findingsOf(plan)).toEqual(['memory: serves v1.1.0, which is not live'])
})

test('a version that was rolled back and is served again is taken back to the live one', async () => {
  const fixture = await createEngineFixture()
  await fixture.engine.run(await fixture.engine.plan(aRequest('last-good')), defaultApprover).result
  serve(fixture, 'three', 'v1.3.0')

  const plan = await fixture.engine.plan(aRequest('last-good'))

  expect([plan.from, plan.to]).toEqual(['v1.3.0', 'v1.2.0'])
  expect(startsOf(plan)).toEqual([['three', 'v1.3.0', 'v1.2.0']])
  expect(findingsOf(plan)).toEqual(['memory: serves v1.3.0, which is held'])
})

test('a registry that is left out is not asked what it serves', async () => {
  const fixture = await halfPublished('v1.4.0', 'one')

  const plan = await fixture.engine.plan(aRequest('last-good', { except: ['memory:one'] }))

  expect([plan.from, plan.to]).toEqual(['v1.3.0', 'v1.2.0'])
  expect(findingsOf(plan)).toEqual([])
})
