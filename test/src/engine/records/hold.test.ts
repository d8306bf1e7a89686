import { expect, test } from 'vitest'
import { version } from '../../../support/builders/a-history.ts'
import { NOTE } from '../../../support/projects/history-project.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'

async function heldAfter(target: string, hold: boolean, only: readonly string[] = []): Promise<readonly string[]> {
  const { engine, readHistory } = await createEngineFixture({ config: { hold } })
  const plan = await engine.plan(aRequest(target, { only }))
  await engine.run(plan, defaultApprover).result
  return (await readHistory()).held.map(({ version, reason }) => `${version}: ${reason}`)
}

test('the version that a rollback left is held with the reason that was given', async () => {
  expect(await heldAfter('v1.2.0', true)).toEqual(['v1.3.0: 5xx after deploy'])
})

test('with rollback.hold: false nothing is held', async () => {
  expect(await heldAfter('v1.2.0', false)).toEqual([])
})

test('a rollback of a part of the registries leaves the version live there, and holds nothing', async () => {
  expect(await heldAfter('v1.2.0', true, ['memory:one'])).toEqual([])
})

test('a version that is held without its v is not held a second time', async () => {
  const { engine, parts, readHistory } = await createEngineFixture()
  const hold = { version: version('1.3.0'), reason: 'leaks', at: '2026-01-01T00:00:00Z' }
  await parts.history.commit(() => [{ kind: 'hold', hold }], NOTE)
  const before = (await readHistory()).held

  await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

  expect(before.map(({ version: held }) => held)).toEqual(['1.3.0'])
  expect((await readHistory()).held).toEqual(before)
})

test('an undo of the rollback lifts its hold', async () => {
  const { engine, readHistory } = await createEngineFixture()
  const plan = await engine.plan(aRequest('v1.2.0'))
  await engine.run(plan, defaultApprover).result

  await engine.undo(plan.id, defaultApprover, 'it was not the release').result

  expect((await readHistory()).held).toEqual([])
})
