import { expect, test } from 'vitest'
import { createEngineFixture } from '../../../support/engine/engine-fixture.ts'

const holdsOf = async ({ readHistory }: Awaited<ReturnType<typeof createEngineFixture>>) =>
  (await readHistory()).held.map(({ version, reason }) => ({ version, reason }))

test('a version that a registry serves can be held although it was never recorded', async () => {
  const fixture = await createEngineFixture()
  Object.assign(fixture.world.registry('two').tags, { latest: 'v1.4.0', stable: 'v1.4.0' })

  await fixture.engine.mark({ mark: 'hold', version: '1.4.0', reason: 'half published' })

  expect(await holdsOf(fixture)).toEqual([{ version: '1.4.0', reason: 'half published' }])
})

test('a version that is neither recorded nor served is not held, and the nearest one is named', async () => {
  const fixture = await createEngineFixture()

  const refused = fixture.engine.mark({ mark: 'hold', version: '1.3.1', reason: 'leaks' })

  await expect(refused).rejects.toMatchObject({
    code: 'TARGET_UNKNOWN',
    hint: expect.stringMatching(/Did you mean v1\.3\.0\?.*--unrecorded/u),
  })
  expect(await holdsOf(fixture)).toEqual([])
})

test('a version that nothing knows is held when the request says that it is unrecorded', async () => {
  const fixture = await createEngineFixture()

  await fixture.engine.mark({ mark: 'hold', version: '1.9.0', reason: 'signed by the wrong key', isUnrecorded: true })

  expect(await holdsOf(fixture)).toEqual([{ version: '1.9.0', reason: 'signed by the wrong key' }])
})

test('a hold of a version that is not in the history can be lifted', async () => {
  const fixture = await createEngineFixture()
  await fixture.engine.mark({ mark: 'hold', version: '1.9.0', reason: 'leaks', isUnrecorded: true })

  await fixture.engine.mark({ mark: 'unhold', version: 'v1.9.0', reason: '' })

  expect(await holdsOf(fixture)).toEqual([])
})

test.each(['pin', 'unpin'] as const)(
  '%s of a version that is not in the history names the nearest one',
  async (mark) => {
    const { engine } = await createEngineFixture()

    await expect(engine.mark({ mark, version: 'v1.2.9' })).rejects.toMatchObject({
      code: 'TARGET_UNKNOWN',
      hint: 'Did you mean v1.2.0?',
    })
  },
)

test('unhold of a version that is not in the history names the nearest one', async () => {
  const { engine } = await createEngineFixture()

  await expect(engine.mark({ mark: 'unhold', version: 'v1.2.9', reason: '' })).rejects.toMatchObject({
    code: 'TARGET_UNKNOWN',
    hint: 'Did you mean v1.2.0?',
  })
})

test('prune of an id that is not in the history is refused and moves nothing', async () => {
  const { engine, readHistory } = await createEngineFixture()

  await expect(engine.prune({ keep: 0, ids: [1, 99] })).rejects.toMatchObject({ code: 'TARGET_UNKNOWN' })
  expect((await readHistory()).deployments).toHaveLength(3)
})
