import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runScenario } from './run-scenario.ts'
import { scenario } from './scenario.ts'
import { roundCount, seedOr } from '../../support/effort.ts'

const RUNS = roundCount(200, 5000)
const SEED = seedOr(20_261_123)

test(
  `whatever befalls a run, its invariants hold (seed ${SEED}, ${RUNS} scenarios)`,
  { timeout: 3_000_000 },
  async () => {
    const words = new Map<string, number>()

    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const report = await runScenario(given)
        for (const word of report.words) words.set(word, (words.get(word) ?? 0) + 1)
        expect(report.violations).toEqual([])
      }),
      { seed: SEED, numRuns: RUNS, timeout: 20_000 },
    )

    for (const word of ['run complete', 'run died', 'resume complete', 'resume died', 'undo undone', 'undo complete']) {
      expect(words.get(word) ?? 0, word).toBeGreaterThan(0)
    }
  },
)
