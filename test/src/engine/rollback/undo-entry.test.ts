import { describe, expect, test } from 'vitest'
import { sameJson } from '../../../../src/domain/text/json.ts'
import { rememberRuns } from '../../../../src/engine/records/remember-runs.ts'
import { packageKey, type PackageRecord } from '../../../../src/domain/deployment.ts'
import type { EngineFixture } from '../../../support/engine/engine-fixture.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'

const at = (version: string) => ({ latest: version, stable: version })
const pointer = (version: string) => ({ tags: at(version) })

async function rollBack({ engine }: EngineFixture, target: string, only: readonly string[] = []) {
  return engine.run(
    await engine.plan(aRequest(target, { only, overrides: ['V05', 'V06', 'V07', 'V08'] })),
    defaultApprover,
  ).result
}

const undo = ({ engine }: EngineFixture, run: string) => engine.undo(run, defaultApprover, 'not the release').result

async function liveEntry({ readHistory }: EngineFixture) {
  const [entry] = (await readHistory()).deployments
  const [one, ...others] = entry?.packages ?? []
  return { entry, one, others }
}

const shown = ({ registry, status, ref }: PackageRecord) => [registry, status, ref]

/** v1.3.0 on two registries, of which `one` was found at v1.1.0 by the run that is taken back. */
async function twoRollbacks(fixture: EngineFixture): Promise<string> {
  await rollBack(fixture, 'v1.1.0', ['memory:one'])
  return (await rollBack(fixture, 'v1.2.0')).id
}

describe('the entry of an undo that puts a package back where it was found, at another version', () => {
  test('has the pin of the release, the pointer that was read back, and does not call it deployed', async () => {
    const fixture = await createEngineFixture({ registries: ['one', 'two'] })
    const run = await twoRollbacks(fixture)

    const outcome = await undo(fixture, run)

    const { entry, one, others } = await liveEntry(fixture)
    expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
    expect(fixture.world.registry('one').tags).toEqual(at('v1.1.0'))
    expect(entry).toMatchObject({ kind: 'undo', version: 'v1.3.0', status: 'active' })
    expect(one).toMatchObject({ status: 'skipped', ref: { version: 'v1.3.0' }, pointer: pointer('v1.1.0') })
    expect(others.map(shown)).toEqual([['two', 'deployed', { version: 'v1.3.0' }]])
    expect((await fixture.engine.status()).map(({ state, serving, detail }) => [state, serving, detail])).toEqual([
      ['drift', 'v1.1.0', 'latest leads to 1.1.0; stable leads to 1.1.0'],
      ['in-sync', 'v1.3.0', ''],
    ])
  })

  test('has the same pin when somebody else had put it back already', async () => {
    const fixture = await createEngineFixture({ registries: ['one', 'two'] })
    const run = await twoRollbacks(fixture)
    Object.assign(fixture.world.registry('one').tags, at('v1.1.0'))

    await undo(fixture, run)

    const { one } = await liveEntry(fixture)
    expect(one && shown(one)).toEqual(['one', 'skipped', { version: 'v1.3.0' }])
  })

  test('has the same pin while a person is awaited, and after', async () => {
    const fixture = await createEngineFixture({ registries: ['one', 'two'], manual: ['one'] })
    Object.assign(fixture.world.registry('one').tags, at('v1.1.0'))
    const there = await rollBack(fixture, 'v1.2.0')
    Object.assign(fixture.world.registry('one').tags, at('v1.2.0'))
    await fixture.engine.resume(there.id, defaultApprover).result

    const undoing = await undo(fixture, there.id)
    const awaited = (await liveEntry(fixture)).one
    Object.assign(fixture.world.registry('one').tags, at('v1.1.0'))
    await fixture.engine.resume(undoing.id, defaultApprover).result
    const done = (await liveEntry(fixture)).one

    expect(awaited && shown(awaited)).toEqual(['one', 'manual', { version: 'v1.3.0' }])
    expect(done && shown(done)).toEqual(['one', 'skipped', { version: 'v1.3.0' }])
  })

  test('does not call it deployed where only the history took it for the live version', async () => {
    const fixture = await createEngineFixture({ registries: ['one'], manual: ['one'] })
    // The person it waits for has not moved it: v1.1.0 is live in the history, and v1.3.0 is served.
    await rollBack(fixture, 'v1.1.0')
    const there = await rollBack(fixture, 'v1.2.0')
    await fixture.engine.handOver(there.id, 'by hand')

    await undo(fixture, there.id)

    const { entry, one } = await liveEntry(fixture)
    expect(fixture.world.registry('one').tags).toEqual(at('v1.3.0'))
    expect(entry).toMatchObject({ kind: 'undo', version: 'v1.1.0', status: 'active' })
    expect(one).toMatchObject({ status: 'skipped', ref: { version: 'v1.1.0' }, pointer: pointer('v1.3.0') })
  })

  test('is one that a rollback goes back to with every package', async () => {
    const fixture = await createEngineFixture({ registries: ['one', 'two'] })
    await undo(fixture, await twoRollbacks(fixture))
    await rollBack(fixture, 'v1.2.0')

    const plan = await fixture.engine.plan(aRequest('v1.3.0', { overrides: ['V05', 'V06', 'V07'] }))

    expect(plan.steps.map(({ package: ref, to }) => [packageKey(ref), to.pin])).toEqual([
      ['memory:one:hello', { version: 'v1.3.0' }],
      ['memory:two:hello', { version: 'v1.3.0' }],
    ])
  })
})

describe('the undo of a run that brought a registry back to the live version', () => {
  async function broughtBack() {
    const fixture = await createEngineFixture({ registries: ['one', 'two'] })
    Object.assign(fixture.world.registry('one').tags, at('v1.2.0'))
    return { fixture, there: await rollBack(fixture, 'v1.3.0') }
  }

  test('records where the registry is, with the pin of the live version, and says where it leads', async () => {
    const { fixture, there } = await broughtBack()

    const outcome = await undo(fixture, there.id)

    const { entry, one } = await liveEntry(fixture)
    expect(there.view.plan).toMatchObject({ from: 'v1.3.0', to: 'v1.3.0' })
    expect(outcome.view.steps[0]?.plan.title).toBe('Restore memory to v1.2.0')
    expect(fixture.world.registry('one').tags).toEqual(at('v1.2.0'))
    expect(entry).toMatchObject({ kind: 'undo', version: 'v1.3.0', status: 'active' })
    expect(one).toMatchObject({ status: 'skipped', ref: { version: 'v1.3.0' }, pointer: pointer('v1.2.0') })
    expect((await fixture.engine.status()).map(({ state }) => state)).toEqual(['drift', 'in-sync'])
  })

  test('is undone itself: the registry is deployed at the live version again', async () => {
    const { fixture, there } = await broughtBack()
    const back = await undo(fixture, there.id)

    const again = await undo(fixture, back.id)

    const { one } = await liveEntry(fixture)
    expect(again.view.steps[0]?.plan.title).toBe('Restore memory to v1.3.0')
    expect(one).toMatchObject({ status: 'deployed', ref: { version: 'v1.3.0' }, pointer: pointer('v1.3.0') })
  })
})

test('a history that is made again from journals gives every version its own pins', async () => {
  const fixture = await createEngineFixture({ registries: ['one', 'two'] })
  await undo(fixture, await twoRollbacks(fixture))
  const nothing = { ...(await fixture.readHistory()), deployments: [] }

  const { changes } = await rememberRuns(fixture.parts)

  const inserted = changes
    .flatMap((change) => change(nothing))
    .flatMap((edit) => (edit.kind === 'insert' ? [edit.deployment] : []))
  const pins = inserted.flatMap(({ version, packages }) => packages.map(({ ref }) => ({ version, ref })))
  expect(pins.length).toBeGreaterThan(8)
  expect(pins.filter(({ version, ref }) => ref !== undefined && !sameJson(ref, { version }))).toEqual([])
})
