import { expect, test } from 'vitest'
import type { Row } from './benchmark.ts'
import { renderDocument, renderOutcome } from './report.ts'

const timing = (medianMs: number) => ({ medianMs, minMs: medianMs / 2, maxMs: medianMs * 2, count: 15 })
const row: Row = {
  goal: 'E1',
  what: 'rollback',
  ours: timing(50),
  against: 'floor',
  other: timing(40),
  ratio: 'of',
  aim: '≤ 1.25',
}
const benchmark = { name: 'a-name', title: 'A title', about: 'What it is.' }

test('a row shows median, extremes, ratio and aim', () => {
  const text = renderOutcome({ benchmark, found: [row, { ...row, ratio: 'faster', other: timing(500), aim: '≥ 7' }] })

  expect(text).toContain('| 50.0 (25.0 – 100) | floor   | 40.0 (20.0 – 80.0) | 1.25 ×        | ≤ 1.25 ×     |')
  expect(text).toContain('10.0 × faster')
  expect(text).toContain('≥ 7 × faster')
})

test('what could not be measured says why', () => {
  expect(renderOutcome({ benchmark, skipped: 'not installed: skopeo', found: [] })).toContain(
    'Not measured: not installed: skopeo',
  )
})

test('the document says how to repeat it and names no machine', () => {
  const text = renderDocument([{ benchmark, found: [row] }])

  expect(text).toMatch(/^# Benchmarks\n\nMeasured on \d+ cores and \d+ GB of memory with Node\.js \d+\.\d+\.\d+\./u)
  expect(text).toContain('npm run bench -- a-name')
})
