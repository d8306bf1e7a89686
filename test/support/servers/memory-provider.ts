import { z } from 'zod'
import { splitOf, type PerSlot, type TrafficSplit } from '../../../src/domain/traffic/traffic.ts'
import { defineProvider } from '../../../src/traffic/define-provider.ts'
import type { AnyTrafficProvider, SlotState } from '../../../src/traffic/provider.ts'

/** A balancer that is a value; what happens at a look or at a write is scripted. */
export interface MemoryBalancer {
  readonly provider: AnyTrafficProvider
  weights: PerSlot<number>
  states: PerSlot<SlotState>
  isApplied: boolean
  isComplete: boolean
  version: number
  weighted: boolean
  /** Before each look, by its number. */
  onLook: (count: number) => void
  /** Instead of writing; gives whether it was written nevertheless. */
  onWrite: (split: TrafficSplit) => boolean
  readonly writes: TrafficSplit[]
  lookCount: number
}

export function createMemoryBalancer(): MemoryBalancer {
  const balancer: MemoryBalancer = {
    weights: { blue: 100, green: 0 },
    states: { blue: 'up', green: 'up' },
    isApplied: true,
    isComplete: true,
    version: 1,
    weighted: true,
    onLook: () => undefined,
    onWrite: () => true,
    writes: [],
    lookCount: 0,
    provider: defineProvider({
      kind: 'memory',
      title: 'The memory',
      options: z.strictObject({}),
      capabilities: () => ({
        weighted: balancer.weighted,
        granularity: 1,
        splitsBy: 'requests',
        drainMs: 0,
        hasConditionalWrite: false,
        isAtomic: true,
        countsRequests: false,
      }),
      async observe() {
        balancer.lookCount += 1
        balancer.onLook(balancer.lookCount)
        const { weights, states, isApplied, isComplete, version } = balancer
        return {
          weights,
          states,
          isApplied,
          isComplete,
          revision: `r${version}`,
          evidence: splitOf(weights),
          seen: null,
        }
      },
      async apply(split) {
        balancer.writes.push(split)
        if (!balancer.onWrite(split)) return
        balancer.weights = split
        balancer.version += 1
      },
    }),
  }
  return balancer
}
