import fc from 'fast-check'
import { expect, test } from 'vitest'
import { play } from './there-and-back/play.ts'
import { scenario } from './there-and-back/scenario.ts'
import { roundCount, seedOr } from '../../../support/effort.ts'

const RUNS = roundCount(250, 5000)
const SEED = seedOr(20_261_130)

test(
  `no package falls out of the live entry, and a run that is undone leaves its pointers where it found them (seed ${SEED}, ${RUNS} scenarios)`,
  { timeout: 3_000_000 },
  async () => {
    const words = new Map<string, number>()

    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { violations, words: heard } = await play(given)
        for (const word of heard) words.set(word, (words.get(word) ?? 0) + 1)
        expect(violations).toEqual([])
      }),
      { seed: SEED, numRuns: RUNS },
    )

    for (const word of ['rollback complete', 'rollback partial', 'rollback manual', 'undo complete', 'undo undone']) {
      expect(words.get(word) ?? 0, word).toBeGreaterThan(5)
    }
  },
)
