import type { Benchmark, Row } from '../benchmark.ts'
import { elapsed, measureRounds } from '../measure.ts'
import { startNpmFleet, type NpmFleet } from './npm-fleet.ts'
import { chainsOf, replay, type RequestChain } from './request-chain.ts'

const COUNT = 20
const LATENCY_MS = 200
const REQUEST = { target: 'v1.2.0', only: [], except: [], reason: 'too many errors', incident: '', overrides: [] }

export const twentyRegistries: Benchmark = {
  name: 'twenty-registries',
  title: 'Twenty slow registries',
  about: [
    `${COUNT} npm registries answer every request after ${LATENCY_MS} ms. Ours is the engine with its real journal,`,
    'history and lock: plan, preflight, dist-tag and deprecation, read-back, sweep. The floor is the chain of requests',
    'of the registry that needs most of them, sent again alone: what a run takes at least, however many registries',
    'there are. The dry run is held against one round of reads: what has to be read of every registry, all at once.',
  ].join('\n'),
  run: measureFleet,
}

async function measureFleet(): Promise<readonly Row[]> {
  const fleet = await startNpmFleet(COUNT, LATENCY_MS)
  try {
    await fleet.reset()
    const chains = await observeRollback(fleet)
    const longest = chains.toSorted((a, b) => b.length - a.length)[0] ?? []
    await fleet.reset()
    const reads = await observeDryRun(fleet)
    const prepare = () => fleet.reset()
    const timings = await measureRounds({
      rollback: { prepare, run: () => elapsed(() => rollBack(fleet)) },
      chain: { prepare, run: () => elapsed(() => replay(longest)) },
      dryRun: { prepare, run: () => elapsed(() => planOnly(fleet)) },
      round: { prepare, run: () => elapsed(() => replay([reads])) },
    })
    const requests = longest.flat().length
    return [
      {
        goal: 'E1',
        what: `rollback of ${COUNT} registries`,
        ours: timings.rollback,
        against: `one registry's ${requests} requests in ${longest.length} stages`,
        other: timings.chain,
        ratio: 'of',
        aim: '≤ 1.25',
      },
      {
        goal: 'E9',
        what: `dry run of ${COUNT} registries`,
        ours: timings.dryRun,
        against: `its ${reads.length} reads at once`,
        other: timings.round,
        ratio: 'of',
        aim: '≤ 1.3',
      },
    ]
  } finally {
    await fleet.close()
  }
}

async function rollBack(fleet: NpmFleet) {
  const { engine, exchanges } = await fleet.open()
  const plan = await engine.plan(REQUEST)
  const { result } = await engine.run(plan, { ask: async ({ default: answer }) => answer }).result
  if (result !== 'complete') throw new Error(`the rollback ended as ${result}`)
  return exchanges
}

async function planOnly(fleet: NpmFleet) {
  const { engine, exchanges } = await fleet.open()
  const { steps } = await engine.plan(REQUEST)
  if (steps.length !== COUNT) throw new Error(`${steps.length} steps instead of ${COUNT}`)
  return exchanges
}

async function observeRollback(fleet: NpmFleet): Promise<readonly RequestChain[]> {
  return chainsOf(await rollBack(fleet))
}

async function observeDryRun(fleet: NpmFleet): Promise<RequestChain[number]> {
  return (await planOnly(fleet)).map(({ request }) => request)
}
