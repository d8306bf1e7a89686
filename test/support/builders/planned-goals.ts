import type { Json } from '../../../src/domain/text/json.ts'
import type { Action } from '../../../src/domain/plan.ts'
import type { ActionScope, StepDraft } from '../../../src/registries/driver.ts'

/** Where an action leads, as the engine tells a driver. */
export type Goal = Pick<ActionScope<unknown>, 'wants' | 'restores'>

export interface PlannedGoals {
  remember(draft: StepDraft | undefined, before: Json): void
  /** Of an action that was never planned: where the last draft leads. */
  of(action: Action): Goal
}

/** Remembers of every planned action where it leads, so that it can be carried out by itself. */
export function plannedGoals(): PlannedGoals {
  const goals = new WeakMap<Action, Goal>()
  let last: Goal = { wants: {}, restores: false }
  return {
    remember(draft, before) {
      if (!draft) return
      last = { wants: draft.want, restores: false }
      for (const action of draft.actions) goals.set(action, last)
      for (const action of draft.undo) goals.set(action, { wants: before, restores: true })
    },
    of: (action) => goals.get(action) ?? last,
  }
}
