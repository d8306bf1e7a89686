import { expect, test } from 'vitest'
import { seededRandom } from '../support/builders/mutate-text.ts'
import { printFigure } from '../support/servers/print-figure.ts'
import { createTraveller, travelAll, type Journey } from './lives/journey.ts'
import { NETWORKS } from './lives/networks.ts'
import { roundCount, SEED } from '../support/effort.ts'

const RUNS = roundCount(24, 2000)
/** A process comes by more failpoints than that only when the network is bad. */
const REACH = 240

function randomJourney(seed: number): Journey {
  const random = seededRandom(seed)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const kills = Array.from({ length: 2 + Math.floor(random() * 4) }, (_, index) => {
    // Whoever goes on has less left to do: with the same reach most would live.
    return 1 + Math.floor(random() * (REACH / (index + 1)))
  })
  return {
    scenario: pick(['commit', 'revert', 'undo']),
    network: pick(Object.values(NETWORKS)),
    parallelism: pick([1, 4]),
    seed,
    kills,
  }
}

test(
  `a run whose every owner is killed ends as it should, two to five of them, ${RUNS} runs (seed ${SEED})`,
  { timeout: 6_000_000 },
  async () => {
    const traveller = await createTraveller()
    const journeys = Array.from({ length: RUNS }, (_, index) => randomJourney(SEED * 1_000_003 + index))

    const travelled = await travelAll(traveller, journeys)

    let [killCount, nestedCount] = [0, 0]
    for (const { journey, report } of travelled) {
      expect(report.violations, JSON.stringify(journey)).toEqual([])
      killCount += report.killCount
      if (report.killCount > 1) nestedCount += 1
    }
    expect(nestedCount).toBeGreaterThan(RUNS * 0.8)
    const lossy = travelled.filter(({ journey }) => journey.network.lostAnswers > 0).length
    printFigure(
      '1, 2',
      `${killCount} kills in ${RUNS} runs, ${nestedCount} of them nested: 0 histories lost, 0 unresolved`,
    )
    printFigure('5', `${lossy} of these runs lost answers: 0 effects twice`)
  },
)
