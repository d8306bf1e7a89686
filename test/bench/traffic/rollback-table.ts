import { availableParallelism, totalmem } from 'node:os'
import { timingOf } from '../measure.ts'
import type { RollbackOutcome, RollbackTimes } from './measure-rollback.ts'

const STEPS: readonly (readonly [title: string, of: keyof RollbackTimes])[] = [
  ['locked, read again, journal open', 'started'],
  ['what was decided is durable', 'intended'],
  ['the balancer has answered', 'answered'],
  ['**last request on the bad version**', 'lastRequest'],
  ['read back twice', 'proved'],
  ['everything else as well', 'complete'],
]

/** What was measured, as Markdown that also reads well on a terminal. */
export function renderRollbacks(outcomes: readonly RollbackOutcome[]): string {
  return [
    row(['Rollback', 'Requests', 'Failed', ...STEPS.map(([title]) => title)]),
    row(Array.from({ length: STEPS.length + 3 }, () => '---')),
    ...outcomes.map(({ title, runs, requestCount, failures }) =>
      row([
        title,
        requestCount.toLocaleString('en'),
        String(failures.length),
        ...STEPS.map(([, of]) => timeText(runs.map((times) => times[of]))),
      ]),
    ),
  ].join('\n')
}

/** `docs/benchmarks-rollback.md`. */
export function renderRollbackDocument(table: string): string {
  const memoryGb = Math.round(totalmem() / 1024 ** 3)
  return `# From the key to the last request on the bad version

Measured on ${availableParallelism()} cores and ${memoryGb} GB of memory with Node.js ${process.versions.node}, the load, both services and HAProxy on the same machine.
To repeat it and rewrite this file: \`npm run bench:traffic -- rollback\`.

A rollback from green to blue on a real HAProxy, under 16 clients that send a request every 10 ms. It covers everything from the
app's call when its plan is approved: the engine in its thread, lock, checks, journal, the write, the read-back. 15 runs, each undone
under the same load. Times are ms since that call, \`median (smallest – largest)\`. *Failed* counts every request of all runs and
their undos that got no answer, or an answer other than 200.

${table}

Half of the time to the last request is the journal: eight records are written to disk in sequence before anything is sent. Reading the
other registries again is not part of it, because traffic moves before that (ADR 0056).
`
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function timeText(values: readonly number[]): string {
  const { medianMs, minMs, maxMs } = timingOf(values)
  return `${medianMs.toFixed(0)} (${minMs.toFixed(0)} – ${maxMs.toFixed(0)})`
}
