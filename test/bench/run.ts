// Measures and prints a table. All of it, which also writes docs/benchmarks.md, or the named parts:
//   node test/bench/run.ts [NAME…]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Benchmark } from './benchmark.ts'
import { firstFrame } from './app/first-frame.ts'
import { fourRegistries } from './registries/four-registries.ts'
import { healthRounds } from './health-rounds.ts'
import { history } from './history/history.ts'
import { keyToFrame } from './app/key-to-frame.ts'
import { npmTag } from './registries/npm-tag.ts'
import { ociTag } from './registries/oci-tag.ts'
import { renderDocument, renderOutcome, type Outcome } from './report.ts'
import { startUp } from './app/start-up.ts'
import { twentyRegistries } from './registries/twenty-registries.ts'

const BENCHMARKS: readonly Benchmark[] = [
  twentyRegistries,
  ociTag,
  npmTag,
  fourRegistries,
  startUp,
  firstFrame,
  keyToFrame,
  history,
  healthRounds,
]
const DOCUMENT = join(import.meta.dirname, '../../docs/benchmarks.md')

async function outcomeOf(benchmark: Benchmark): Promise<Outcome> {
  const skipped = await benchmark.missing?.()
  if (skipped !== undefined) return { benchmark, skipped, found: [] }
  return { benchmark, found: await benchmark.run() }
}

const names = process.argv.slice(2)
const unknown = names.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name))
if (unknown.length > 0) {
  const known = BENCHMARKS.map(({ name }) => name).join(', ')
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}. There are: ${known}\n`)
  process.exit(2)
}

const chosen = names.length === 0 ? BENCHMARKS : BENCHMARKS.filter(({ name }) => names.includes(name))
const outcomes: Outcome[] = []
for (const benchmark of chosen) {
  process.stderr.write(`measuring ${benchmark.name}\n`)
  const outcome = await outcomeOf(benchmark)
  process.stdout.write(`${renderOutcome(outcome)}\n`)
  outcomes.push(outcome)
}
if (names.length === 0) writeFileSync(DOCUMENT, renderDocument(outcomes))
// Servers and pools of connections that are still open must not hold the process.
process.exit()
