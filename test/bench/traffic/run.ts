// Moves traffic on real servers under load and prints a table. All of it, which also writes docs/benchmarks-traffic.md, or the
// balancers whose names begin so:   node test/bench/traffic/run.ts [NAME…]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BALANCERS } from './balancers.ts'
import { missingLoad, type Connections } from './load.ts'
import { moveToOwnNetwork } from './own-network.ts'
import { measureBalancer, type TrafficOutcome } from './measure-balancer.ts'
import { renderOutcomes, renderTrafficDocument } from './table.ts'

const DOCUMENT = join(import.meta.dirname, '../../../docs/benchmarks-traffic.md')
const CONNECTIONS: readonly Connections[] = ['kept', 'fresh']

moveToOwnNetwork()
const names = process.argv.slice(2).map((name) => name.toLowerCase())
const chosen = BALANCERS.filter(
  ({ title }) => names.length === 0 || names.some((name) => title.toLowerCase().startsWith(name)),
)
const noLoad = missingLoad()
const skipped = noLoad === undefined ? chosen.flatMap(({ missing }) => missing ?? []) : [noLoad]
const outcomes: TrafficOutcome[] = []
for (const balancer of chosen) {
  if (noLoad !== undefined || balancer.missing !== undefined) continue
  for (const connections of balancer.connections ?? CONNECTIONS) {
    process.stderr.write(`measuring ${balancer.title}, ${connections} connections\n`)
    const outcome = await measureBalancer(balancer, connections)
    for (const { load, byHand } of outcome.runs) {
      const hand = byHand ? `; by hand ${byHand.failedCount} ${byHand.failures}` : ''
      process.stderr.write(`  ${load.requestCount} requests, ${load.failedCount} failed ${load.failures}${hand}\n`)
    }
    outcomes.push(outcome)
  }
}
const table = renderOutcomes(outcomes, [...new Set(skipped)])
process.stdout.write(`${table}\n`)
if (names.length === 0 && skipped.length === 0) writeFileSync(DOCUMENT, renderTrafficDocument(table))
process.exit()
