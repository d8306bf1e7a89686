import { describe, expect, test } from 'vitest'
import type { RecordRequest } from '../../../../src/engine/records/record-request.ts'
import { createEngineFixture, type EngineFixture } from '../../../support/engine/engine-fixture.ts'

const MEMORY = (registry: string) => ({ format: 'memory', registry, name: 'hello' })
const request = (version: string, registries: readonly string[], over: Partial<RecordRequest> = {}): RecordRequest => ({
  version,
  commit: 'abc1234',
  packages: registries.map(MEMORY),
  notes: '',
  ...over,
})

function serve({ world }: EngineFixture, name: string, version: string): void {
  Object.assign(world.registry(name).tags, { latest: version, stable: version })
}

async function entriesOf({ readHistory }: EngineFixture): Promise<readonly string[]> {
  const { deployments } = await readHistory()
  return deployments.map(({ id, version, status, packages }) => {
    const named = packages.map(({ registry, ref }) => `${registry}=${(ref as { version: string }).version}`)
    return `@${id} ${version} ${status}: ${named.join(' ')}`
  })
}

describe('a record', () => {
  test('of what is served is written', async () => {
    const fixture = await createEngineFixture()
    serve(fixture, 'one', 'v1.4.0')

    await fixture.engine.record(request('v1.4.0', ['one']))

    expect((await entriesOf(fixture)).slice(0, 2)).toEqual([
      '@4 v1.4.0 active: one=v1.4.0',
      '@3 v1.3.0 superseded: one=v1.3.0 two=v1.3.0 three=v1.3.0 four=v1.3.0',
    ])
  })

  test('of what is not served is refused and names what is served instead', async () => {
    const fixture = await createEngineFixture()
    serve(fixture, 'one', 'v1.4.0')
    const before = await entriesOf(fixture)

    const plan = await fixture.engine.planRecord(request('v1.4.0', ['one', 'two']))

    expect(plan.notServed).toEqual([{ package: MEMORY('two'), detail: 'serves 1.3.0 instead of 1.4.0' }])
    await expect(fixture.engine.record(request('v1.4.0', ['one', 'two']))).rejects.toMatchObject({
      code: 'NOT_SERVED',
      message: 'v1.4.0 is not known to be what is served: memory serves 1.3.0 instead of 1.4.0.',
    })
    expect(await entriesOf(fixture)).toEqual(before)
  })

  test('of what is not served is written when that is accepted', async () => {
    const fixture = await createEngineFixture()

    await fixture.engine.record(request('v1.4.0', ['one'], { acceptsNotServed: true }))

    expect((await entriesOf(fixture))[0]).toBe('@4 v1.4.0 active: one=v1.4.0')
  })

  test('of several registries is written for those that can be read, and says which could not', async () => {
    const fixture = await createEngineFixture()
    serve(fixture, 'one', 'v1.4.0')
    serve(fixture, 'two', 'v1.4.0')
    const both = request('v1.4.0', ['one', 'two'], { acceptsNotServed: true })
    const failing = (): number => fixture.world.registry('two').readFaults.push('REGISTRY_UNAUTHORIZED')

    failing()
    const plan = await fixture.engine.planRecord(both)
    failing()
    const { packages } = await fixture.engine.record(both)

    expect(plan.notRead).toMatchObject([{ package: MEMORY('two'), error: { code: 'REGISTRY_UNAUTHORIZED' } }])
    expect(plan.notServed).toMatchObject([{ package: MEMORY('two'), detail: expect.stringContaining('without a pin') }])
    expect(packages).toMatchObject([
      { registry: 'one', status: 'deployed', ref: { version: 'v1.4.0' } },
      { registry: 'two', status: 'unknown' },
    ])
    expect(packages[1]).not.toHaveProperty('ref')
  })

  test('of one registry that cannot be read is refused', async () => {
    const fixture = await createEngineFixture()
    fixture.world.registry('one').readFaults.push('REGISTRY_UNAUTHORIZED')
    const before = await entriesOf(fixture)

    await expect(fixture.engine.record(request('v1.4.0', ['one'], { acceptsNotServed: true }))).rejects.toMatchObject({
      code: 'REGISTRY_UNAUTHORIZED',
    })
    expect(await entriesOf(fixture)).toEqual(before)
  })

  test('of a part of a tag set is not what is served', async () => {
    const fixture = await createEngineFixture()
    fixture.world.registry('one').tags.latest = 'v1.4.0'

    const { notServed } = await fixture.engine.planRecord(request('v1.4.0', ['one']))

    expect(notServed.map(({ detail }) => detail)).toEqual(['serves 1.4.0, but stable leads to 1.3.0'])
  })

  test('of one package of the live version goes into the live entry and leaves the others', async () => {
    const fixture = await createEngineFixture()
    serve(fixture, 'five', 'v1.3.0')

    const plan = await fixture.engine.planRecord(request('1.3.0', ['five']))
    await fixture.engine.record(request('1.3.0', ['five']))
    await fixture.engine.record(request('1.3.0', ['two']))

    expect(plan.mergesInto).toBe(3)
    expect(await entriesOf(fixture)).toEqual([
      '@3 v1.3.0 active: one=v1.3.0 two=v1.3.0 three=v1.3.0 four=v1.3.0 five=v1.3.0',
      '@2 v1.2.0 superseded: one=v1.2.0 two=v1.2.0 three=v1.2.0 four=v1.2.0',
      '@1 v1.1.0 superseded: one=v1.1.0 two=v1.1.0 three=v1.1.0 four=v1.1.0',
    ])
  })

  test('of a held version is refused', async () => {
    const { engine } = await createEngineFixture()
    await engine.mark({ mark: 'hold', version: 'v1.2.0', reason: 'leaks' })

    await expect(engine.record(request('v1.2.0', ['one']))).rejects.toMatchObject({ code: 'TARGET_UNSAFE' })
  })
})
