import { expect, test } from 'vitest'
import { packageLines, versionLines } from '../../../components/history/version-lines.ts'
import { widthOf } from '../../../components/format/text.ts'
import { initialState, type AppState } from '../../../store/state.ts'
import { anOverview, aStatus, NOW } from '../../support/builders/app-builders.ts'
import type { Line } from '../../../components/primitives/line.ts'

const overview = anOverview()
const live = overview.active ?? overview.history.deployments[0]
if (!live) throw new Error('nothing is live')

function aState(parts: Partial<AppState>): AppState {
  const state = initialState({ isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }, NOW)
  return { ...state, overview, ...parts }
}

const textOf = (line: Line): string => line.map(({ text }) => text).join('')
const statuses = [0, 1, 2, 3].map((index) => aStatus(index))

test('a pin stands where it stood before the registries were read', () => {
  const before = packageLines(aState({ isReadingRegistries: true }), live, 80).map(textOf)
  const after = packageLines(aState({ registries: statuses }), live, 80).map(textOf)

  expect(before[2]).toContain('○ reading')
  expect(after[2]).toContain('✓ serves')
  expect(before.map((row) => row.indexOf('sha256:')).filter((at) => at > 0)).toEqual(
    after.map((row) => row.indexOf('sha256:')).filter((at) => at > 0),
  )
})

test('a registry that cannot be read says so instead of a version', () => {
  const [first, ...rest] = statuses
  if (!first) throw new Error('no status')
  const registries = [{ ...first, state: 'unreadable', serving: null } as const, ...rest]

  expect(textOf(packageLines(aState({ registries }), live, 80)[0] ?? [])).toContain('✗ cannot be read')
})

test.each([60, 80, 156])('no row is longer than %i columns, and the checks stand beside their names', (width) => {
  const rows = versionLines(aState({ registries: statuses }), live, width).map(textOf)

  expect(Math.max(...rows.map(widthOf))).toBeLessThanOrEqual(width)
  expect(rows.some((row) => /health {2}(?:passing|failing)/u.test(row))).toBe(true)
})
