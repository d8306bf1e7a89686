import { expect, test } from 'vitest'
import { fittedConfirmLines } from '../../../components/primitives/TypeToConfirm.tsx'
import { widthOf } from '../../../components/format/text.ts'
import type { ConfirmDialog } from '../../../store/dialog/dialog.ts'

const LONG = `v1.20.0-rc.${'1.'.repeat(30)}build+2026.11.30.deadbeefcafe`

function aDialog(parts: Partial<ConfirmDialog> = {}): ConfirmDialog {
  return {
    kind: 'confirm',
    title: 'Roll back PRODUCTION',
    facts: ['myapp   v1.30.0  →  v1.29.0', 'plan ZB7F3A · 4 steps'],
    warnings: Array.from({ length: 12 }, (_, index) => `warning ${index} that takes a row of the dialog`),
    reasonMode: 'required',
    reason: 'bad release',
    expected: LONG,
    typed: LONG,
    label: 'Roll back',
    focus: 'typed',
    accept: () => undefined,
    openedMs: 0,
    lastKeyMs: 0,
    ...parts,
  }
}

test.each([
  [70, 18, 2],
  [52, 9, 1],
])('at %i columns and %i rows a long version can be read whole, and the buttons are there', (width, height, times) => {
  const rows = fittedConfirmLines(aDialog(), { width, height }).map((line) => line.map(({ text }) => text).join(''))
  const text = rows.map((row) => row.replace(/^ *(?:┃ )?/u, '').replace('▏', '')).join('')

  expect(rows.every((row) => widthOf(row) <= width)).toBe(true)
  expect(rows.length).toBeLessThanOrEqual(height)
  expect(text.split(LONG).length - 1).toBe(times)
  expect(rows.at(-1)).toContain('Cancel')
  expect(rows.at(-1)).toContain('Roll back')
})

test('where there is room everything stands, where there is little the facts say how many rows are missing', () => {
  const short = aDialog({ expected: 'v1.29.0', typed: '' })
  const rows = (height: number) => fittedConfirmLines(short, { width: 70, height }).length
  const said = fittedConfirmLines(short, { width: 70, height: 12 }).flatMap((line) => line.map(({ text }) => text))

  expect(rows(60)).toBeGreaterThan(20)
  expect(rows(12)).toBe(12)
  expect(said.join(' ')).toMatch(/\d+ more rows/u)
})
