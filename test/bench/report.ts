import { availableParallelism, totalmem } from 'node:os'
import type { Benchmark, Row } from './benchmark.ts'
import type { Timing } from './measure.ts'

export interface Outcome {
  readonly benchmark: Pick<Benchmark, 'name' | 'title' | 'about'>
  /** Why nothing was measured. */
  readonly skipped?: string
  readonly found: readonly Row[] | string
}

const HEAD = ['Goal', 'What', 'Ours, ms', 'Against', 'Its time, ms', 'Ratio', 'Aim'] as const

/** What one benchmark found, as Markdown that also reads well on a terminal. */
export function renderOutcome({ benchmark, skipped, found }: Outcome): string {
  const head = `## ${benchmark.title}\n\n${benchmark.about}\n`
  if (skipped !== undefined) return `${head}\nNot measured: ${skipped}\n`
  const table = typeof found === 'string' ? found : renderTable([HEAD, ...found.map(cellsOf)])
  return `${head}\n${table}\n`
}

/** `docs/benchmarks.md`. */
export function renderDocument(outcomes: readonly Outcome[]): string {
  const memoryGb = Math.round(totalmem() / 1024 ** 3)
  return [
    '# Benchmarks',
    '',
    `Measured on ${availableParallelism()} cores and ${memoryGb} GB of memory with Node.js ${process.versions.node}.`,
    'Repeat everything, which rewrites this file, or one part, which only prints its table:',
    '',
    '```sh',
    'npm run bench',
    `npm run bench -- ${outcomes[0]?.benchmark.name ?? ''}`,
    '```',
    '',
    'A time alone depends on the machine, so every line is a ratio: our time beside a lower bound, or beside a program that does',
    'the same, measured in the same rounds in sequence. Every time is `median (smallest – largest)` over the counted',
    'rounds; the first round is dropped. The ratio is that of the medians: `1.25 ×` takes a quarter longer than the',
    'floor, `7 × faster` takes a seventh of the time. No test fails because of a figure, because a machine may be busy.',
    '',
    ...outcomes.map(renderOutcome),
  ].join('\n')
}

function cellsOf({ goal, what, ours, against, other, ratio, aim }: Row): readonly string[] {
  const value = ratio === 'of' ? ours.medianMs / other.medianMs : other.medianMs / ours.medianMs
  const unit = ratio === 'of' ? '×' : '× faster'
  return [goal, what, timeText(ours), against, timeText(other), `${digits(value)} ${unit}`, `${aim} ${unit}`]
}

function timeText({ medianMs, minMs, maxMs }: Timing): string {
  return `${digits(medianMs)} (${digits(minMs)} – ${digits(maxMs)})`
}

/** Three digits that count. */
function digits(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** Markdown with columns as wide as their widest cell; the first row is the head. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  const [head = [], ...body] = rows.map(line)
  return [head, rule, ...body].join('\n')
}
