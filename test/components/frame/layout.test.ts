import { expect, test } from 'vitest'
import { fitColumns } from '../../../components/frame/columns.ts'
import { layoutFor } from '../../../components/frame/layout.ts'
import { windowStart } from '../../../components/frame/window.ts'

test.each([
  [40, 24, 'line'],
  [80, 11, 'line'],
  [60, 15, 'tiny'],
  [79, 24, 'tiny'],
  [80, 24, 'single'],
  [109, 40, 'single'],
  [110, 36, 'panes'],
  [160, 48, 'panes'],
])('%i x %i is drawn as %s', (columns, rows, mode) => {
  expect(layoutFor(columns, rows).mode).toBe(mode)
})

test('a list moves only when the cursor comes near its edge', () => {
  const height = 10
  const starts = [0, 5, 7, 8, 9, 12].map((cursor) => windowStart(cursor, 100, height, 0))

  expect(starts).toEqual([0, 0, 0, 1, 2, 5])
})

test('the cursor is always in sight, wherever it jumps', () => {
  let start = 0
  for (const cursor of [0, 99, 50, 3, 98, 97, 0, 60]) {
    start = windowStart(cursor, 100, 8, start)

    expect(cursor).toBeGreaterThanOrEqual(start)
    expect(cursor).toBeLessThan(start + 8)
  }
})

test('a list that fits begins at its first row', () => {
  expect(windowStart(4, 5, 10, 3)).toBe(0)
})

test('the least important columns go first and the rest gets their room', () => {
  const columns = [
    { title: 'a', width: 10 },
    { title: 'b', width: 10, keep: 1 },
    { title: 'c', width: 10, grow: 1 },
  ]

  const narrow = fitColumns(columns, 24)
  const wide = fitColumns(columns, 50)

  expect(narrow.map(({ title, width }) => [title, width])).toEqual([
    ['a', 10],
    ['c', 12],
  ])
  expect(wide.map(({ width }) => width)).toEqual([10, 10, 26])
})
