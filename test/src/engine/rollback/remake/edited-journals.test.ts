import { expect, test } from 'vitest'
import { canonicalJson, type Json } from '../../../../../src/domain/text/json.ts'
import type { Action, PlanStep, RollbackPlan } from '../../../../../src/domain/plan.ts'
import type { Stamped } from '../../../../../src/events/events.ts'
import { hashPlan } from '../../../../../src/planner/plan-rollback.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../../../support/engine/engine-fixture.ts'

const EVIL: Action = {
  kind: 'custom',
  title: 'point latest at v9.9.9',
  operation: 'point',
  input: { tag: 'latest', value: 'v9.9.9' },
}

type StepEdit = (step: PlanStep) => Partial<PlanStep>

/** A run of this user that was begun with another plan than the engine makes, and wrote no step yet. */
async function aBegunRun(edit: StepEdit, more: (plan: RollbackPlan) => readonly object[] = () => []) {
  const fixture = await createEngineFixture({ registries: ['one', 'two'] })
  const made = await fixture.engine.plan(aRequest('v1.2.0'))
  const plan = { ...made, steps: made.steps.map((step, at) => (at === 0 ? { ...step, ...edit(step) } : step)) }
  const journal = await fixture.journals.create(plan.id, canonicalJson(plan as unknown as Json))
  const started = { type: 'run.started', plan, planHash: hashPlan(plan), epoch: 1, actor: {}, tool: 'test' }
  for (const [index, event] of [started, ...more(plan)].entries()) {
    await journal.append({ ...event, run: plan.id, seq: index + 1, at: plan.created } as unknown as Stamped)
  }
  await journal.close()
  return { ...fixture, plan }
}

const intended =
  (over: object) =>
  ({ steps: [step] }: RollbackPlan): readonly object[] => [
    { type: 'run.decided', direction: 'do', reason: '' },
    {
      type: 'step.intent',
      step: step?.id,
      direction: 'do',
      key: 'k',
      attempt: 1,
      pre: step?.before,
      want: step?.want,
      actions: step?.actions,
      undo: step?.undo,
      ...over,
    },
    { type: 'step.progress', step: step?.id, status: 'executing', done: 0, total: 4, label: '' },
  ]

type More = (plan: RollbackPlan) => readonly object[]
const NOTHING: More = () => []

const EDITS: readonly (readonly [string, StepEdit, More])[] = [
  ['actions', ({ actions }) => ({ actions: [...actions, EVIL] }), NOTHING],
  ['actions', () => ({ actions: [] }), NOTHING],
  ['undo', () => ({ undo: [EVIL] }), NOTHING],
  ['want', () => ({ want: { tags: { latest: 'v9.9.9', stable: 'v9.9.9' } } }), NOTHING],
  ['actions', () => ({}), intended({ actions: [EVIL] })],
  ['undo', () => ({}), intended({ undo: [EVIL] })],
  ['want', () => ({}), intended({ want: { tags: { latest: 'v9.9.9', stable: 'v1.2.0' } } })],
]

test.each(EDITS)(
  'a run whose journal says other %s than its driver makes is neither resumed nor undone (%#)',
  async (field, edit, more) => {
    const { engine, world, plan } = await aBegunRun(edit, more)
    const refused = { code: 'PLAN_CHANGED', message: expect.stringContaining(`memory:hello@one.${field}`) as string }

    await expect(engine.resume(plan.id, defaultApprover).result).rejects.toMatchObject(refused)
    if (more !== NOTHING) await expect(engine.undo(plan.id, defaultApprover, '').result).rejects.toMatchObject(refused)
    expect(world.registry('one').writes).toEqual([])
    expect(world.registry('two').writes).toEqual([])
  },
)

test('a run that was begun as it is planned here is resumed, and its actions may have had other titles', async () => {
  const { engine, world, plan } = await aBegunRun(({ actions }) => ({
    actions: actions.map((action) => ({ ...action, title: 'another title' })),
  }))

  const { exitCode } = await engine.resume(plan.id, defaultApprover).result

  expect(exitCode).toBe(0)
  expect(world.registry('one').tags).toEqual({ latest: 'v1.2.0', stable: 'v1.2.0' })
})

test('only the steps that are left are held against what is planned', async () => {
  const { engine, world, plan } = await aBegunRun(() => ({ actions: [EVIL] }))

  const { view } = await engine.resume(plan.id, defaultApprover, { only: ['memory:hello@two'] }).result

  expect(view.steps.map(({ status }) => status)).toEqual(['pending', 'done'])
  expect(world.registry('one').writes).toEqual([])
})

test('a frozen plan that was never begun is planned again, and what is not the same is closed unsent', async () => {
  const { engine, world, journals } = await createEngineFixture({ registries: ['one'] })
  const made = await engine.plan(aRequest('v1.2.0'))
  const plan = { ...made, steps: made.steps.map((step) => ({ ...step, actions: [EVIL] })) }
  await (await journals.create(plan.id, canonicalJson(plan as unknown as Json))).close()

  await expect(engine.resume(plan.id, defaultApprover).result).rejects.toMatchObject({ code: 'PLAN_CHANGED' })
  expect(world.registry('one').writes).toEqual([])
  expect(await journals.list()).toEqual([expect.objectContaining({ run: plan.id, isOpen: false })])
})

test('the compensation of a finished run is made by the driver from what was captured', async () => {
  const { engine, world } = await createEngineFixture({ registries: ['one'] })
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  await handle.result

  const undo = await engine.undo(handle.id, defaultApprover, '').result
  const again = await engine.undo(undo.id, defaultApprover, '').result
  const back = await engine.undo(again.id, defaultApprover, '').result

  expect([undo, again, back].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
  expect(world.registry('one').writes).toEqual([
    'latest=v1.2.0',
    'stable=v1.2.0',
    'latest=v1.3.0',
    'stable=v1.3.0',
    'latest=v1.2.0',
    'stable=v1.2.0',
    'latest=v1.3.0',
    'stable=v1.3.0',
  ])
})
