import { expect, test } from 'vitest'
import { compareLines, sidesLine } from '../../../components/compare/compare-lines.ts'
import { widthOf } from '../../../components/format/text.ts'
import { initialState, type AppState } from '../../../store/state.ts'
import { aDeployment, aHistory, anOverview, NOW } from '../../support/builders/app-builders.ts'
import type { Line } from '../../../components/primitives/line.ts'

const CHECKS = ['health', 'login'].map((name) => ({
  label: `https://status.of.the.application.example.com/api/v2/checks/${name}`,
  status: 'passing',
}))

function aState(): AppState {
  const [left, right] = [
    aDeployment('v1.2.0', { id: 1, healthChecks: CHECKS }),
    aDeployment('v1.3.0', { id: 2, healthChecks: CHECKS }),
  ]
  const state = initialState({ isReadOnly: false, canSavePlan: false, program: 'bagboy-tui' }, NOW)
  const history = { ...aHistory(1), deployments: [right, left] }
  return { ...state, overview: anOverview({ history }), compare: { left: 1, right: 2, onlyChanges: false } }
}

const textOf = (line: Line): string => line.map(({ text }) => text).join('')

test.each([80, 110, 156])('at %i columns both sides are equally wide and stand under their versions', (width) => {
  const rows = [sidesLine(aState(), width), ...compareLines(aState(), width).map(({ line }) => line)].map(textOf)

  const bars = new Set(rows.filter((row) => row.includes('│')).map((row) => row.indexOf('│')))
  expect(bars.size).toBe(1)
  const [left = ''] = rows[0]?.split('│') ?? []
  const label = left.indexOf('v1.2.0')
  expect(widthOf(left) - label).toBeGreaterThanOrEqual(Math.floor((width - label) / 2) - 3)
  expect(Math.max(...rows.map(widthOf))).toBeLessThanOrEqual(width)
})

test('two addresses that begin alike can be told apart', () => {
  const rows = compareLines(aState(), 80).map(({ line }) => textOf(line))

  expect(rows.filter((row) => /^ {3}https:\S*…\S*health /u.test(row))).toHaveLength(1)
  expect(rows.filter((row) => /^ {3}https:\S*…\S*login /u.test(row))).toHaveLength(1)
})

test('under 72 columns the sides stand below each other, and the head says which sign is which', () => {
  expect(textOf(sidesLine(aState(), 60))).toMatch(/- v1\.2\.0 .*\+ v1\.3\.0/u)
  expect(
    compareLines(aState(), 60)
      .map(({ line }) => textOf(line))
      .join('\n'),
  ).toMatch(/brew myapp +- v1\.2\.0\n +\+ v1\.3\.0/u)
})
