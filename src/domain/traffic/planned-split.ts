import type { DeployPlan } from './deploy-plan.ts'
import { perSlot, type TrafficSplit } from './traffic.ts'

/** How the traffic stands when everything went as planned. Pure. */
export function plannedSplit({ stages, slot, before }: Pick<DeployPlan, 'stages' | 'slot' | 'before'>): TrafficSplit {
  const last = stages.findLast((stage) => stage.kind === 'weight')
  if (!last) return before
  return perSlot((each) => (each === slot ? last.percent : 100 - last.percent))
}
