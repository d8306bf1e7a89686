import type { RollbackPlan } from '../../domain/plan.ts'

/**
 * How long the plan takes when every step needs all of its time: each group one after the other, its steps in order
 * on `parallelism` lanes. Milliseconds. Pure.
 */
export function worstCaseMs({ steps, parallelism }: Pick<RollbackPlan, 'steps' | 'parallelism'>): number {
  const groups = [...new Set(steps.map(({ group }) => group))]
  return groups
    .map((group) =>
      lanesMs(
        steps.filter((step) => step.group === group).map(({ timeoutMs }) => timeoutMs),
        parallelism,
      ),
    )
    .reduce((sum, ms) => sum + ms, 0)
}

function lanesMs(timesMs: readonly number[], laneCount: number): number {
  const lanes = Array.from({ length: Math.max(1, laneCount) }, () => 0)
  for (const ms of timesMs) {
    const free = lanes.indexOf(Math.min(...lanes))
    lanes[free] = (lanes[free] ?? 0) + ms
  }
  return Math.max(...lanes)
}
