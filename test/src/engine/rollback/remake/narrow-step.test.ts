import { expect, test } from 'vitest'
import type { Json } from '../../../../../src/domain/text/json.ts'
import { BagboyError } from '../../../../../src/errors/bagboy-error.ts'
import type { AnyDriver } from '../../../../../src/registries/driver.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../../../../support/engine/engine-fixture.ts'
import type { MemoryTags } from '../../../../support/registries/memory-driver.ts'

const ONE_ATTEMPT = { retry: { attempts: 1, backoffMs: 1, maxBackoffMs: 5, jitter: false } } as const

function latestOf(pointer: Json): Json {
  return { tags: { latest: (pointer as unknown as { tags: MemoryTags }).tags.latest } }
}

/** The same registry behind an entry that moves the tag `latest` alone. */
function latestAlone(driver: AnyDriver): AnyDriver {
  return {
    ...driver,
    narrow: latestOf,
    async inspect(subject, context) {
      const snapshot = await driver.inspect(subject, context)
      return { ...snapshot, pointer: latestOf(snapshot.pointer) }
    },
    plan(request) {
      const draft = driver.plan(request)
      const { tags } = request.snapshot.pointer as { tags: Readonly<Record<string, string>> }
      if (!draft || 'stable' in tags) return draft
      const isLatest = (action: (typeof draft.actions)[number]) =>
        action.kind === 'custom' && action.input['tag'] === 'latest'
      return {
        ...draft,
        want: latestOf(draft.want),
        actions: draft.actions.filter(isLatest),
        undo: draft.undo.filter(isLatest),
      }
    },
  }
}

/** A run whose second part the registry refused, and the project with the entry that leaves that part out. */
async function refusedHalfway() {
  const first = await createEngineFixture({ registries: ['one'], config: ONE_ATTEMPT })
  const { world, folder, engine } = first
  world.beforeWrite.hook = (_registry, tag) => {
    if (tag === 'stable') throw new BagboyError('REGISTRY_REJECTED', 'no such tag here', { details: { status: 400 } })
  }
  const failed = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result
  const changed = await createEngineFixture({
    folder,
    world,
    registries: ['one'],
    config: ONE_ATTEMPT,
    driver: latestAlone(world.driver),
    seedIfEmpty: false,
  })
  return { failed, engine: changed.engine, another: changed.another, world }
}

test('a run that is gone on with leads to what its entry still moves, and says so', async () => {
  const { failed, engine, world } = await refusedHalfway()
  const report = await engine.recovery(failed.id)

  const handle = engine.resume(failed.id, defaultApprover)
  const events = await collect(handle)
  const outcome = await handle.result

  expect(failed).toMatchObject({ result: 'failed', exitCode: 6 })
  expect(report.steps[0]).toMatchObject({ found: 'want', next: 'verify' })
  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(events.filter(({ type }) => type === 'step.narrowed')).toHaveLength(1)
  expect(world.registry('one').writes).toEqual(['latest=v1.2.0'])
})

test('a run that goes back puts back what its entry still moves', async () => {
  const { failed, engine, world } = await refusedHalfway()

  const outcome = await engine.undo(failed.id, defaultApprover, 'not the release').result

  expect(outcome).toMatchObject({ result: 'undone', exitCode: 0 })
  expect(world.registry('one').writes).toEqual(['latest=v1.2.0', 'latest=v1.3.0'])
})

test('a run that was narrowed is undone as it was narrowed', async () => {
  const { failed, engine, another, world } = await refusedHalfway()
  await engine.resume(failed.id, defaultApprover).result

  const outcome = await another().undo(failed.id, defaultApprover, 'not the release').result

  expect(outcome).toMatchObject({ result: 'complete', exitCode: 0 })
  expect(world.registry('one').writes).toEqual(['latest=v1.2.0', 'latest=v1.3.0'])
})

test('a run whose entry moves what was planned is not narrowed', async () => {
  const first = await createEngineFixture({ registries: ['one'], config: ONE_ATTEMPT })
  first.world.registry('one').faults.push('not-applied')
  const { id: runId } = await first.engine.run(await first.engine.plan(aRequest('v1.2.0')), defaultApprover).result

  const handle = first.another().resume(runId, defaultApprover)
  const events = await collect(handle)

  expect((await handle.result).exitCode).toBe(0)
  expect(events.map(({ type }) => type)).not.toContain('step.narrowed')
})
