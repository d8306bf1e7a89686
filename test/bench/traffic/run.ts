// Moves traffic on real servers under load and prints tables: of whole rollbacks, which writes
// docs/benchmarks-rollback.md, and of the balancers; all of these write docs/benchmarks-traffic.md. Or only what begins so:
//   node test/bench/traffic/run.ts [rollback] [NAME…]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { BALANCERS } from './balancers.ts'
import { missingLoad, type Connections } from './load.ts'
import { moveToOwnNetwork } from './own-network.ts'
import { measureBalancer, type TrafficOutcome } from './measure-balancer.ts'
import { measureRollback, type RollbackOutcome } from './measure-rollback.ts'
import { renderRollbackDocument, renderRollbacks } from './rollback-table.ts'
import { renderOutcomes, renderTrafficDocument } from './table.ts'

const DOCS = join(import.meta.dirname, '../../../docs')
const CONNECTIONS: readonly Connections[] = ['kept', 'fresh']

const ROLLBACKS = [
  { title: 'alone', registryLatencyMs: null },
  { title: 'with four registries, 200 ms for every request', registryLatencyMs: 200 },
]

moveToOwnNetwork()
const names = process.argv.slice(2).map((name) => name.toLowerCase())
if ((names.length === 0 || names.includes('rollback')) && missingHaproxy() === undefined) {
  const rollbacks: RollbackOutcome[] = []
  for (const one of ROLLBACKS) {
    process.stderr.write(`measuring a rollback, ${one.title}\n`)
    rollbacks.push(await measureRollback(one))
  }
  const printed = renderRollbacks(rollbacks)
  process.stdout.write(`${printed}\n`)
  writeFileSync(join(DOCS, 'benchmarks-rollback.md'), renderRollbackDocument(printed))
}
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
if (names.length === 0 && skipped.length === 0) {
  writeFileSync(join(DOCS, 'benchmarks-traffic.md'), renderTrafficDocument(table))
}
process.exit()
