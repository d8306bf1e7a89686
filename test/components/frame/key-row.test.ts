import { expect, test } from 'vitest'
import { hintOf } from '../../../components/input/key-binding.ts'
import { KEYMAP } from '../../../components/input/keymap.ts'
import { layoutFor } from '../../../components/frame/layout.ts'
import { keysLine } from '../../../components/frame/frame-lines.ts'
import { createTheme } from '../../../components/theme/theme.ts'
import { initialState, SCREENS, type AppState, type Screen } from '../../../store/state.ts'
import { anOverview, aPlan, aRunSummary, NOW } from '../../support/builders/app-builders.ts'

const THEME = createTheme({ isAscii: false, hasColor: true })
const OPTIONS = { isReadOnly: false, canSavePlan: true, program: 'bagboy-tui' }

function on(screen: Screen, parts: Partial<AppState> = {}): AppState {
  const plan = { plan: aPlan(), target: 'v1.29.0', except: [] }
  return {
    ...initialState(OPTIONS, NOW),
    busy: null,
    overview: anOverview(),
    screen,
    back: ['history'],
    plan,
    ...parts,
  }
}

function keyRow(state: AppState, columns: number): string {
  return keysLine(state, layoutFor(columns, 24), THEME)
    .map(({ text }) => text)
    .join('')
}

test.each(SCREENS)('every main action of the %s screen keeps its place in the key row at 60 columns', (screen) => {
  const row = keyRow(on(screen), 60)
  const main = KEYMAP.filter((one) => one.scope === screen && one.isMain === true && one.isRare !== true)

  for (const one of main) expect(row).toContain(hintOf(one, on(screen)))
  expect(row.length).toBeLessThanOrEqual(60)
  expect(row).toContain('? help')
  expect(row).toContain('esc back')
})

test('beside an open run its key has a place in the row of the history as well', () => {
  const row = keyRow(on('history', { overview: anOverview({ runs: [aRunSummary()] }), back: [] }), 60)

  expect(row).toContain('R open run…')
  expect(row).toContain('r roll back…')
  expect(row.length).toBeLessThanOrEqual(60)
})

test('every screen that has keys of its own names what it is for', () => {
  const scopes = new Set(KEYMAP.filter(({ hint }) => hint !== undefined).map(({ scope }) => scope))
  const named = new Set(KEYMAP.filter(({ isMain }) => isMain === true).map(({ scope }) => scope))

  expect([...scopes].filter((scope) => scope !== 'everywhere' && !named.has(scope))).toEqual([])
})
