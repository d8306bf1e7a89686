import type { HealthSample } from '../../src/domain/health/health-sample.ts'

const LEVELS = '▁▂▃▄▅▆▇█'
const NOT_ASKED = '?'
const FAILED = 'x'

/**
 * The latencies of rounds, newest on the right, one column each. One step is twice as slow, and the highest is what the
 * check may take at most, so that a bar says the same today and tomorrow. A round that failed is no latency. Pure.
 */
export function spark(samples: readonly HealthSample[], width: number): string {
  return samples
    .slice(-width)
    .map((sample) => MARKS[sample.verdict] ?? LEVELS.charAt(levelOf(sample)))
    .join('')
    .padStart(width)
}

const MARKS: Readonly<Partial<Record<HealthSample['verdict'], string>>> = { unknown: NOT_ASKED, failing: FAILED }

function levelOf(sample: HealthSample): number {
  const highest = LEVELS.length - 1
  const halvings = Math.floor(Math.log2(sample.timeoutMs / Math.max(1, sample.latencyMs)))
  return Math.max(0, highest - Math.max(0, halvings))
}
