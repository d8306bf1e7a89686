import { availableParallelism, totalmem } from 'node:os'
import { timingOf } from '../measure.ts'
import { REQUEST_COUNT, RUN_COUNT, type TrafficOutcome } from './measure-balancer.ts'

const HEAD = [
  'Balancer',
  'Connections',
  'Requests a run',
  'Failed, each run: all',
  'Failed with as many reloads by hand',
  'Green at 10 %',
  'Green at 50 %',
  'Move proved, ms',
  'Last request on green after going back, ms',
] as const

/** What was measured, as Markdown that also reads well on a terminal. */
export function renderOutcomes(outcomes: readonly TrafficOutcome[], skipped: readonly string[]): string {
  const rows = [HEAD, ...outcomes.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const [head = '', ...body] = rows.map(line)
  const table = [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body]
  return [...(outcomes.length > 0 ? table : []), ...skipped.map((reason) => `\nNot measured: ${reason}`)].join('\n')
}

/** `docs/benchmarks-traffic.md`. */
export function renderTrafficDocument(table: string): string {
  const memoryGb = Math.round(totalmem() / 1024 ** 3)
  return `# Traffic under load

Measured on ${availableParallelism()} cores and ${memoryGb} GB of memory with Node.js ${process.versions.node}, the load and both services on the same machine.
To repeat it and rewrite this file: \`npm run bench:traffic\`. It needs \`wrk\` and the servers.

Two small services behind a real balancer, with 16 connections that send requests without a pause. Green goes 0 → 10 → 50 → (everything,
stopped by the operator on the way) → 0 → 10 → 50 → 100 → 0 percent; every move is proved by reading the balancer back. ${RUN_COUNT}
runs, each on its own servers and with at least ${REQUEST_COUNT.toLocaleString('en')} requests. *Failed*: no answer, a cut connection, or an
unsuccessful answer. *Kept* connections are reused, *fresh* ones serve one request each. Every reload cuts some kept connections, and
Caddy also cuts some fresh ones that wait in the queue of its old socket, which a setting of Linux prevents. For comparison, the table
therefore shows the same number of manual reloads without a change, under the same load, in the same run.
Times are \`median (smallest – largest)\`. *Last request on green*: from our call to the last request that reached green.

${table}
`
}

function cellsOf({ title, connections, runs }: TrafficOutcome): readonly string[] {
  const shares = (wanted: number) =>
    runs.flatMap(({ walk }) => walk.shares.filter((share) => share.wanted === wanted).map(({ got }) => got))
  return [
    title,
    connections,
    `${Math.min(...runs.map(({ load }) => load.requestCount)).toLocaleString('en')} or more`,
    counts(runs.map(({ load }) => load.failedCount)),
    counts(runs.flatMap(({ byHand }) => byHand?.failedCount ?? [])) || 'nothing is reloaded',
    timeText(shares(10)),
    timeText(shares(50)),
    timeText(runs.flatMap(({ walk }) => walk.movedMs)),
    timeText(runs.flatMap(({ walk }) => walk.switchBackMs)),
  ]
}

/** `1, 0, 2: 3` */
function counts(values: readonly number[]): string {
  if (values.length === 0) return ''
  return `${values.join(', ')}: ${values.reduce((sum, value) => sum + value, 0)}`
}

function timeText(values: readonly number[]): string {
  const { medianMs, minMs, maxMs } = timingOf(values)
  return `${medianMs.toFixed(1)} (${minMs.toFixed(1)} – ${maxMs.toFixed(1)})`
}
