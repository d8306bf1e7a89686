import { expect, test } from 'vitest'
import type { Action } from '../../../../../src/domain/plan.ts'
import { makeAgain } from '../../../../../src/engine/rollback/remake/make-again.ts'
import type { BoundRegistry } from '../../../../../src/planner/bind-registries.ts'
import { aStep } from '../../../../support/builders/a-plan.ts'
import { createMemoryWorld } from '../../../../support/registries/memory-driver.ts'

const action = (operation: string): Action => ({ kind: 'custom', title: '', operation, input: {} })
const there = action('there')
const back = action('back')

/** A driver that finds something to do in every state. */
const { driver } = createMemoryWorld('v1.3.0')
const registry = {
  driver: { ...driver, plan: () => ({ want: 'v1.2.0', actions: [there], undo: [back] }) },
  options: {},
} as unknown as BoundRegistry

test.each([
  ['a rollback leads to its target', { kind: 'rollback', to: 'v1.2.0' }, {}, [there], [back]],
  ['an undo leads back', { kind: 'undo', to: 'v1.3.0' }, { isInverted: true }, [back], [there]],
  ['the undo of an undo leads there again', { kind: 'undo', to: 'v1.2.0' }, { isInverted: false }, [there], [back]],
  [
    'an undo to the very version it leaves leads back',
    { kind: 'undo', to: 'v1.2.0' },
    { isInverted: true },
    [back],
    [there],
  ],
] as const)('%s, as the step says', (_what, run, direction, actions, undo) => {
  const plan = { ...aStep('npm'), isManual: false, ...direction }

  expect(makeAgain({ plan, before: plan.before }, run as Parameters<typeof makeAgain>[1], registry)).toMatchObject({
    actions,
    undo,
  })
})
