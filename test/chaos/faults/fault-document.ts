import { FORMATS, ROWS, titleOf, type FaultRow, type Format, type Place } from './fault-cells.ts'
import type { CellResult } from './fault-matrix.ts'

export type CellTexts = ReadonlyMap<string, string>

const PLACES: Readonly<Record<Place, string>> = {
  write: 'On the write',
  'read-back': 'On the read-back',
}

const INTRODUCTION = `# Network faults against every driver

Every fault of the test proxy, before the request that moves a pointer and before the reads that prove it, against each
driver, in a rollback of four registries of which the other three are healthy. A cell shows how the run ended and its exit
code. If the run stayed open, it first names the state of the step, and after the arrow how \`runs resume\` ended
once the fault was healed. The number is how many writes took effect in all; without a fault it is 2 for \`docker\` and
\`npm\`, 1 for \`brew\` and \`scoop\`.

In no cell did a step or a run report success while its pointer was elsewhere, no write took effect twice, and every
pointer of every registry was correct in the end. The one exception is a request that arrives late: it was
written again before it arrived, and both are the same write.

Written by \`BAGBOY_CHAOS=all npx vitest run -u test/chaos/faults/fault-matrix.test.ts\`. \`npm run test:chaos\` tries every cell
and fails where the result differs from this page; \`npm test\` tries some. Here a request may take 2 s, a step 9 s and three attempts.
`

export function cellKey(row: FaultRow, format: Format): string {
  return `${row.place} | ${titleOf(row)} | ${format}`
}

export function cellText({ status, first, resumed, effectCount }: CellResult): string {
  const ending = resumed === null ? first : `${status}: ${first} → ${resumed}`
  return `${ending} · ${effectCount}`
}

/** The page as it should be. Pure. */
export function renderFaultDocument(cells: CellTexts): string {
  const tables = Object.entries(PLACES).map(([place, title]) => {
    const rows = ROWS.filter((row) => row.place === place).map((row) =>
      line([titleOf(row), ...FORMATS.map((format) => cells.get(cellKey(row, format)) ?? '')]),
    )
    return [`## ${title}\n`, line(['Fault', ...FORMATS]), line(['---', ...FORMATS.map(() => '---')]), ...rows].join(
      '\n',
    )
  })
  return `${[INTRODUCTION, ...tables].join('\n\n').replaceAll(/\n{3,}/gu, '\n\n')}\n`
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** The cells of a written page. Pure. */
export function readFaultDocument(text: string): CellTexts {
  const sections = text.split('\n## ').slice(1)
  const cells = new Map<string, string>()
  for (const [index, place] of (['write', 'read-back'] as const).entries()) {
    for (const written of (sections[index] ?? '').split('\n')) {
      const [title = '', ...texts] = written.split('|').slice(1, -1)
      for (const [at, format] of FORMATS.entries())
        cells.set(`${place} | ${title.trim()} | ${format}`, texts[at]?.trim() ?? '')
    }
  }
  return cells
}
