import { expect, test } from 'vitest'
import type { PackageRecord } from '../../../../src/domain/deployment.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'

async function aFixture() {
  const fixture = await createEngineFixture({ registries: ['one', 'two'] })
  const statusOf = async (registry: string) => {
    const found = (await fixture.engine.status()).find((one) => one.package.registry === registry)
    return found ? [found.state, found.serving, found.detail] : []
  }
  return { ...fixture, statusOf }
}

test('a second tag that leads to another version is drift, and is named', async () => {
  const { world, statusOf } = await aFixture()
  expect(await statusOf('one')).toEqual(['in-sync', 'v1.3.0', ''])
  world.registry('one').tags.stable = 'v1.2.0'

  expect(await statusOf('one')).toEqual(['drift', 'v1.3.0', 'stable leads to 1.2.0'])
  expect(await statusOf('two')).toEqual(['in-sync', 'v1.3.0', ''])
})

test('a second tag that leads to a held version is a violation of the hold', async () => {
  const { world, engine, statusOf } = await aFixture()
  await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  world.registry('one').tags.stable = 'v1.3.0'

  expect(await statusOf('one')).toEqual(['held-version', 'v1.2.0', 'stable leads to 1.3.0'])
})

test('what leads to nothing the history knows is drift', async () => {
  const { world, statusOf } = await aFixture()
  world.registry('one').tags.stable = 'theirs'

  expect(await statusOf('one')).toEqual(['drift', 'v1.3.0', 'stable leads to theirs'])
})

test('a run records the pointer it has read back, and status holds it against that', async () => {
  const { world, engine, history, readHistory, statusOf } = await aFixture()
  await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  const [entry] = (await readHistory()).deployments
  expect(entry?.packages.map(({ pointer }) => pointer)).toEqual([
    { tags: { latest: 'v1.2.0', stable: 'v1.2.0' } },
    { tags: { latest: 'v1.2.0', stable: 'v1.2.0' } },
  ])
  // As a text that was changed for the clients: what was written is not what the pin names.
  const written: Partial<PackageRecord> = { pointer: { tags: { latest: 'v1.2.0', stable: 'v1.2.0-1' } } }
  const { id, ...rest } = entry ?? ({} as NonNullable<typeof entry>)
  const packages = rest.packages.map((one) => (one.registry === 'one' ? { ...one, ...written } : one))
  const note = { run: '', epoch: 0, purpose: 'test', actor: {} }
  await history.commit(() => [{ kind: 'replace', id, deployment: { ...rest, packages } }], note)

  expect((await statusOf('one'))[0]).toBe('drift')
  world.registry('one').tags.stable = 'v1.2.0-1'
  expect((await statusOf('one'))[0]).toBe('in-sync')
})

test('after an undo every pointer is as the history records it', async () => {
  const { engine, world, statusOf } = await aFixture()
  world.registry('one').tags.stable = 'v1.1.0'
  const { id: runId } = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  await engine.undo(runId, defaultApprover, 'it was right after all').result

  expect(world.registry('one').tags).toEqual({ latest: 'v1.3.0', stable: 'v1.1.0' })
  expect((await statusOf('one'))[0]).toBe('in-sync')
  world.registry('one').tags.stable = 'v1.3.0'
  expect(await statusOf('one')).toEqual(['drift', 'v1.3.0', 'stable leads to 1.3.0'])
})

test('what a run is at work on is moving, and neither drift nor in line', async () => {
  const { engine, world, another } = await aFixture()
  const states: string[] = []
  let isAsked = false
  world.beforeWrite.hook = async () => {
    // Steps of a group write side by side.
    if (isAsked) return
    isAsked = true
    states.push(...(await another().status()).map(({ state }) => state))
  }

  await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  expect(states).toEqual(['moving', 'moving'])
  expect((await engine.status()).map(({ state }) => state)).toEqual(['in-sync', 'in-sync'])
})

test('a write of which the registry does a part only fails, and names what is missing', async () => {
  const { world, engine } = await aFixture()
  world.registry('one').show = (tags) => ({ ...tags, stable: 'v1.3.0' })

  const { view, exitCode } = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  const [step] = view.steps
  expect(exitCode).toBe(6)
  expect(step?.error).toMatchObject({
    code: 'READBACK_DISAGREES',
    message: 'the registry accepted the write and did a part of it only; not as wanted: tags.stable',
  })
})
