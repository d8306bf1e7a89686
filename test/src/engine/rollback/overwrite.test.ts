import { expect, test } from 'vitest'
import {
  aRequest,
  createEngineFixture,
  defaultApprover,
  type EngineFixture,
} from '../../../support/engine/engine-fixture.ts'

/** Somebody else moved `two` while the run was at `one`. */
async function conflicted(): Promise<EngineFixture & { readonly run: string; readonly step: string }> {
  const fixture = await createEngineFixture({ registries: ['one', 'two'], config: { parallelism: 1 } })
  fixture.world.beforeWrite.hook = (registry) => {
    if (registry === 'one') move(fixture, 'theirs')
  }
  const outcome = await fixture.engine.run(await fixture.engine.plan(aRequest('v1.2.0')), defaultApprover).result
  fixture.world.beforeWrite.hook = () => undefined
  expect([outcome.exitCode, outcome.view.steps.map(({ status }) => status)]).toEqual([6, ['done', 'conflict']])
  return { ...fixture, run: outcome.id, step: outcome.view.steps[1]?.id ?? '' }
}

const move = ({ world }: Pick<EngineFixture, 'world'>, value: string) =>
  void Object.assign(world.registry('two').tags, { latest: value, stable: value })

test('what somebody else put there is written over once an operator has said so', async () => {
  const { engine, world, run, step } = await conflicted()

  const before = await engine.recovery(run)
  await engine.overwriteStep(run, step, 'a bot, switched off')
  const after = await engine.recovery(run)
  const { result, exitCode } = await engine.resume(run, defaultApprover).result

  expect([before.steps[1]?.next, after.steps[1]?.next]).toEqual(['stop', 'run'])
  expect([result, exitCode]).toEqual(['complete', 0])
  expect(world.registry('two').tags).toEqual({ latest: 'v1.2.0', stable: 'v1.2.0' })
})

test('undo afterwards goes back to what the run overwrote, which is what it captured', async () => {
  const { engine, world, run, step } = await conflicted()
  await engine.overwriteStep(run, step, 'a bot, switched off')
  await engine.resume(run, defaultApprover).result

  const { exitCode } = await engine.undo(run, defaultApprover, 'not the deploy').result

  expect(exitCode).toBe(0)
  expect(world.registry('one').tags.latest).toBe('v1.3.0')
  expect(world.registry('two').tags.latest).toBe('theirs')
})

test('what comes after the decision stops the run again', async () => {
  const fixture = await conflicted()
  const { engine, world, run, step } = fixture
  await engine.overwriteStep(run, step, 'a bot, switched off')
  move(fixture, 'theirs again')

  const { exitCode, view } = await engine.resume(run, defaultApprover).result

  expect([exitCode, view.steps[1]?.status]).toEqual([6, 'conflict'])
  expect(world.registry('two').tags.latest).toBe('theirs again')
})

test('nothing is decided about a step without a change from outside', async () => {
  const fixture = await conflicted()
  move(fixture, 'v1.3.0')

  const refused = await fixture.engine
    .overwriteStep(fixture.run, fixture.step, 'why not')
    .catch((error: unknown) => error)

  expect(refused).toMatchObject({ code: 'RUN_NOT_OPEN', message: expect.stringContaining('No change from outside') })
})

test('undo writes over it too, when that was decided', async () => {
  const { engine, world, run, step } = await conflicted()
  await engine.overwriteStep(run, step, 'a bot, switched off')

  const { result } = await engine.undo(run, defaultApprover, 'not the deploy').result

  expect(result).toBe('undone')
  expect(world.registry('one').tags.latest).toBe('v1.3.0')
})
