// How long it takes to open a history and to commit to it, by its length: node test/bench/history/history-scale.ts [1000 10000 …]
// Beside the figures stand JSON.parse of the same data and the bare disk: absolute times mean nothing elsewhere.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHistoryStore } from '../../../src/history/yaml-history.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { canonicalHistory } from '../../support/builders/history-texts.ts'
import { insertOf, NOTE } from '../../support/projects/history-project.ts'
import { clientOutput } from '../../support/processes/run-client.ts'
import { bundleProgram } from '../app/bundle.ts'

const PACKAGES = 6
const READINGS = 7
const COMMITS = 40
/** Of long histories. */
const FEW_COMMITS = 12

interface Reading {
  readonly ms: number
  readonly rssMb: number
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function percentile95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function repeat<T>(count: number, work: (round: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = []
  for (let round = 0; round <= count; round += 1) results.push(await work(round))
  return results.slice(1)
}

/** In a process of its own each time, so that nothing is warm but the disk. */
async function read(reader: string, what: 'read' | 'glance' | 'newest', folder: string): Promise<Reading> {
  const readings = await repeat(READINGS, async () => {
    return JSON.parse(await clientOutput(process.execPath, [reader, what, folder])) as Reading
  })
  return { ms: median(readings.map(({ ms }) => ms)), rssMb: median(readings.map(({ rssMb }) => rssMb)) }
}

async function measure(reader: string, count: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bagboy-bench-'))
  try {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'deployment-history.yml')
    writeFileSync(file, canonicalHistory(count, PACKAGES))
    const files = createNodeFiles()
    const store = createHistoryStore({ files, file, folder })
    const cold = await read(reader, 'read', folder)
    const commits = await repeat(count > 1000 ? FEW_COMMITS : COMMITS, (round) =>
      timed(() => store.commit(() => [insertOf(`v9.${round}.0`)], NOTE)),
    )
    const bytes = readFileSync(file)
    const disk = await repeat(READINGS, (round) =>
      timed(async () => {
        await files.createExclusive(join(folder, `floor-${round}.json`), Buffer.alloc(2000))
        await files.replace(join(folder, 'floor.yml'), bytes)
      }),
    )
    const glance = await read(reader, 'glance', folder)
    const newest = await read(reader, 'newest', folder)
    const json = JSON.stringify((await store.read()).history)
    const parses = await repeat(READINGS, () => timed(() => JSON.parse(json)))
    const one = (value: number): string => value.toFixed(1)
    return [
      String(count),
      one(statSync(file).size / 1e6),
      one(newest.ms),
      one(glance.ms),
      one(cold.ms),
      one(cold.ms / median(parses)),
      one(median(commits)),
      one(percentile95(commits)),
      one(median(disk)),
      one(glance.rssMb),
      one(cold.rssMb),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.padStart(11)).join(' | ')} |`
}

const TITLES = [
  'deployments',
  'MB',
  'newest 50',
  'glance',
  'cold',
  '× JSON',
  'commit',
  'p95',
  'disk',
  'RSS glance',
  'RSS cold',
]

const counts = process.argv.slice(2).map(Number)
const reader = await bundleProgram('history-reader.ts')
console.log(row(TITLES))
console.log(row(TITLES.map(() => '---:')))
for (const count of counts.length > 0 ? counts : [100, 1000, 10_000]) console.log(row(await measure(reader, count)))
