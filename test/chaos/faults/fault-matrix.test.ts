import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { FORMATS, ROWS, titleOf, type FaultRow, type Format } from './fault-cells.ts'
import { cellKey, cellText, readFaultDocument, renderFaultDocument } from './fault-document.ts'
import { createFaultMatrix } from './fault-matrix.ts'
import { isExhaustive, SEED } from '../../support/effort.ts'

const DOCUMENT = '../../../docs/fault-matrix.md'
/** Tried at the same time, each with a project of its own. */
const SHARDS: readonly (readonly Format[])[] = [
  ['docker', 'brew'],
  ['npm', 'scoop'],
]

/** Without `BAGBOY_CHAOS=all` one passing fault of each driver, of every driver another one. */
function rowsFor(format: Format): readonly FaultRow[] {
  if (isExhaustive) return ROWS
  const passing = ROWS.filter(({ times }) => times !== null)
  return passing.filter((_, index) => index === (SEED + FORMATS.indexOf(format) * 3) % passing.length)
}

async function tryCells(formats: readonly Format[]): Promise<ReadonlyMap<string, string>> {
  const matrix = await createFaultMatrix()
  onTestFinished(() => matrix.close())
  const texts = new Map<string, string>()
  for (const format of formats) {
    for (const row of rowsFor(format)) {
      const cell = await matrix.tryCell(row, format)
      const place = `${format}, ${row.place}, ${titleOf(row)}: ${JSON.stringify(cell)}`
      expect.soft(cell.falseSuccesses, place).toEqual([])
      expect.soft(cell.wrongPointers, place).toEqual([])
      // A late request was written again while it had not arrived: then both take effect, and are the same write.
      const allowed = cell.neededCount + (row.fault.kind === 'delayed' ? 1 : 0)
      expect.soft(cell.effectCount, place).toBeGreaterThanOrEqual(cell.neededCount)
      expect.soft(cell.effectCount, place).toBeLessThanOrEqual(allowed)
      expect.soft((cell.resumed ?? cell.first).endsWith(' 0'), place).toBe(true)
      texts.set(cellKey(row, format), cellText(cell))
    }
  }
  return texts
}

test(
  'every fault on a write or a read-back ends as docs/fault-matrix.md says: nothing false, nothing twice, nothing lost',
  { timeout: 3_000_000 },
  async () => {
    const tried = await Promise.all(SHARDS.map(tryCells))

    const texts = new Map(tried.flatMap((part) => [...part]))
    if (isExhaustive) return expect(renderFaultDocument(texts)).toMatchFileSnapshot(DOCUMENT)
    const written = readFaultDocument(readFileSync(`${import.meta.dirname}/${DOCUMENT}`, 'utf8'))
    expect([...texts]).toEqual([...texts.keys()].map((key) => [key, written.get(key)]))
  },
)
