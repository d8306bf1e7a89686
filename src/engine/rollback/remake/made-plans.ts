import type { RollbackPlan } from '../../../domain/plan.ts'
import { hashPlan } from '../../../planner/plan-rollback.ts'

/** The plans that this process has made: they were read and decided here, and could not be changed in between. */
export interface MadePlans {
  add(plan: RollbackPlan): void
  /** Whether the plan is one of them as it was made; the reason may have been given since. */
  has(plan: RollbackPlan): boolean
}

/** A session shows few plans at a time; one that is forgotten is only checked like a saved one. */
const KEPT_COUNT = 100

export function createMadePlans(): MadePlans {
  const hashes = new Map<string, string>()
  return {
    add(plan) {
      hashes.set(plan.id, hashWithoutReason(plan))
      const [oldest] = hashes.keys()
      if (oldest !== undefined && hashes.size > KEPT_COUNT) hashes.delete(oldest)
    },
    has: (plan) => hashes.get(plan.id) === hashWithoutReason(plan),
  }
}

function hashWithoutReason(plan: RollbackPlan): string {
  return hashPlan({ ...plan, reason: '' })
}
