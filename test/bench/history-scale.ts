// How long it takes to open a history and to commit to it, by its length: node test/bench/history-scale.ts [1000 10000 …]
// Beside the figures stand JSON.parse of the same data and the bare disk: absolute times mean nothing elsewhere.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHistoryStore } from '../../src/history/yaml-history.ts'
import { createNodeFiles } from '../../src/platform/node/files.ts'
import { canonicalHistory } from '../support/history-texts.ts'
import { insertOf, NOTE } from '../support/history-project.ts'

const PACKAGES = 6
const COMMITS = 15
const READINGS = 7

interface Figures {
  readonly coldMs: number
  readonly warmMs: number
  readonly commitMs: number
  readonly commitP95Ms: number
  /** What the disk alone takes: one exclusive record and the whole file, both synced. */
  readonly diskMs: number
  readonly jsonMs: number
  readonly rssMb: number
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** In a process of its own, so that "cold" is cold and the memory is this history's alone. */
async function measure(folder: string): Promise<Figures> {
  const file = join(folder, 'deployment-history.yml')
  const open = () => createHistoryStore({ files: createNodeFiles(), file, folder })
  const store = open()
  const coldMs = await timed(() => store.read())
  const rssMb = process.memoryUsage().rss / 1e6
  const warm: number[] = []
  for (let round = 0; round < READINGS; round += 1) warm.push(await timed(() => store.read()))
  const commits: number[] = []
  for (let round = 0; round <= COMMITS; round += 1) {
    commits.push(await timed(() => store.commit(() => [insertOf(`v9.${round}.0`)], NOTE)))
  }
  const files = createNodeFiles()
  const bytes = readFileSync(file)
  const disk: number[] = []
  for (let round = 0; round < READINGS; round += 1) {
    disk.push(
      await timed(async () => {
        await files.createExclusive(join(folder, `floor-${round}.json`), Buffer.alloc(2000))
        await files.replace(join(folder, 'floor.yml'), bytes)
      }),
    )
  }
  const sorted = commits.slice(1).sort((a, b) => a - b)
  const json = JSON.stringify((await store.read()).history)
  const parses = Array.from({ length: READINGS }, () => {
    const start = performance.now()
    JSON.parse(json)
    return performance.now() - start
  })
  return {
    coldMs,
    warmMs: median(warm),
    commitMs: median(sorted),
    commitP95Ms: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0,
    diskMs: median(disk),
    jsonMs: median(parses),
    rssMb,
  }
}

function measureApart(count: number): { readonly sizeMb: number; readonly figures: Figures } {
  const folder = mkdtempSync(join(tmpdir(), 'bagboy-bench-'))
  try {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'deployment-history.yml')
    writeFileSync(file, canonicalHistory(count, PACKAGES))
    const sizeMb = statSync(file).size / 1e6
    const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--measure', folder], { encoding: 'utf8' })
    if (run.status !== 0) throw new Error(run.stderr)
    return { sizeMb, figures: JSON.parse(run.stdout) as Figures }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.padStart(11)).join(' | ')} |`
}

const [flag, ...rest] = process.argv.slice(2)
if (flag === '--measure') {
  process.stdout.write(JSON.stringify(await measure(rest[0] ?? '')))
} else {
  const counts = process.argv.slice(2).map(Number)
  const titles = ['deployments', 'MB', 'cold ms', 'x JSON', 'again ms', 'commit ms', 'p95 ms', 'disk ms', 'RSS MB']
  console.log(row(titles))
  console.log(row(titles.map(() => '---:')))
  for (const count of counts.length > 0 ? counts : [100, 1000, 10_000]) {
    const { sizeMb, figures } = measureApart(count)
    const { coldMs, warmMs, commitMs, commitP95Ms, diskMs, jsonMs, rssMb } = figures
    const numbers = [sizeMb, coldMs, coldMs / jsonMs, warmMs, commitMs, commitP95Ms, diskMs, rssMb]
    console.log(row([String(count), ...numbers.map((value) => value.toFixed(1))]))
  }
}
