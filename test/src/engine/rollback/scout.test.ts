import { expect, test } from 'vitest'
import type { Stamped } from '../../../../src/events/events.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'
import { createMemoryWorld } from '../../../support/registries/memory-driver.ts'

/** Registries that cannot be asked whether our token may write. */
async function createUnsureFixture(registries: readonly string[]) {
  const world = createMemoryWorld('v1.3.0')
  const { inspect } = world.driver
  const driver = {
    ...world.driver,
    inspect: async (...args: Parameters<typeof inspect>) => unsure(await inspect(...args)),
  }
  return createEngineFixture({ registries, world, driver })
}

function unsure<T>(snapshot: T): T & { readonly access: 'unknown' } {
  return { ...snapshot, access: 'unknown' }
}

const registryOf = (event: Stamped) => ('step' in event ? event.step.split('@')[1] : '')
const started = (events: readonly Stamped[]) => events.filter(({ type }) => type === 'step.started').map(registryOf)

test('one step goes ahead of the others behind the same login, and is proved before they start', async () => {
  const { engine } = await createUnsureFixture(['https://a.example/x', 'https://a.example/y', 'https://b.example/z'])

  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  const events = await collect(handle)

  const [first] = started(events)
  const proofOfFirst = events.findIndex((event) => event.type === 'step.verified' && registryOf(event) === first)
  const second = events.findIndex((event) => event.type === 'step.started' && registryOf(event) !== first)
  expect(first).toBe('https://a.example/x')
  expect(proofOfFirst).toBeLessThan(second)
  expect((await handle.result).exitCode).toBe(0)
})

test('steps behind logins of their own start together', async () => {
  const { engine } = await createUnsureFixture(['https://a.example/x', 'https://b.example/y', 'https://c.example/z'])

  const events = await collect(engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover))

  const firstProof = events.findIndex(({ type }) => type === 'step.verified')
  expect(started(events.slice(0, firstProof))).toHaveLength(3)
})

test('a scout that is refused stops the line: nothing else has moved', async () => {
  const { engine, world } = await createUnsureFixture(['a.example/x', 'a.example/y', 'b.example/z'])
  world.registry('a.example/x').faults.push('forbidden')

  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  const events = await collect(handle)

  expect(started(events)).toEqual(['a.example/x'])
  expect(world.registry('a.example/y').writes).toEqual([])
  expect(world.registry('b.example/z').writes).toEqual([])
  expect((await handle.result).exitCode).toBe(6)
})

test('a scout that is not answered says nothing of its login, and does not hold up the others', async () => {
  const { engine, world } = await createUnsureFixture(['a.example/x', 'a.example/y', 'b.example/z'])
  world.registry('a.example/x').faults.push('not-applied', 'not-applied', 'not-applied', 'not-applied')

  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  await collect(handle)

  const { view } = await handle.result
  expect(view.steps.map(({ status }) => status)).toEqual(['unknown', 'done', 'done'])
})
