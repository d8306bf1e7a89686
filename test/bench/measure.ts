/** Of one thing, over all counted rounds. Milliseconds. */
export interface Timing {
  readonly medianMs: number
  readonly minMs: number
  readonly maxMs: number
  readonly count: number
}

export interface Contestant {
  /** Brings everything back to where it was; not measured. */
  readonly prepare?: () => Promise<void>
  /** One run. @returns how long it took, in ms */
  readonly run: () => Promise<number>
}

/** The first one only warms caches up and is dropped. */
const ROUND_COUNT = 16

/**
 * Runs all contestants in turn, round after round, so that a busy moment of the machine meets each of them; who
 * begins changes from round to round.
 */
export async function measureRounds<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  roundCount = ROUND_COUNT,
): Promise<Readonly<Record<Name, Timing>>> {
  const names = Object.keys(contestants) as Name[]
  const durations = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < roundCount; round += 1) {
    const first = round % names.length
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      await contestants[name].prepare?.()
      const durationMs = await contestants[name].run()
      if (round > 0) durations.get(name)?.push(durationMs)
    }
  }
  const timings = names.map((name) => [name, timingOf(durations.get(name) ?? [])] as const)
  return Object.fromEntries(timings) as Record<Name, Timing>
}

export function timingOf(durationsMs: readonly number[]): Timing {
  return {
    medianMs: quantile(durationsMs, 0.5),
    minMs: Math.min(...durationsMs),
    maxMs: Math.max(...durationsMs),
    count: durationsMs.length,
  }
}

/** @param share 0.5 is the median */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return below + (above - below) * (place - Math.floor(place))
}

/** How long `work` takes, in ms. */
export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}
