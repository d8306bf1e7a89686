import { expect, test } from 'vitest'
import { disabledReason } from '../../../components/input/key-binding.ts'
import { KEYMAP } from '../../../components/input/keymap.ts'
import { helpLines } from '../../../components/help/help-lines.ts'
import { initialState, SCREENS, type AppState, type Screen } from '../../../store/state.ts'
import { anOverview, NOW } from '../../support/builders/app-builders.ts'
import { lineWidth } from '../../../components/primitives/line.ts'

const OPTIONS = { isReadOnly: false, canSavePlan: true, program: 'bagboy-tui' }

function on(screen: Screen): AppState {
  return { ...initialState(OPTIONS, NOW), busy: null, overview: anOverview(), screen, back: ['history'] }
}

/** The lines below a title, until the next empty one. */
function sectionOf(state: AppState, title: string, width: number): readonly string[] {
  const lines = helpLines(state, width).map((line) => line.map(({ text }) => text).join(''))
  const first = lines.findIndex((line) => line.startsWith(` ${title}`)) + 1
  return first === 0 ? [] : lines.slice(first, lines.indexOf('', first))
}

test.each(SCREENS)('the help of the %s screen lists a key as live or as off, never as both', (screen) => {
  const state = on(screen)
  const here = sectionOf(state, 'Here', 80).join('\n')
  const off = sectionOf(state, 'Off right now', 80).join('\n')

  for (const binding of KEYMAP.filter(({ scope }) => scope === screen)) {
    const reason = disabledReason(binding, state)
    expect(reason === null ? here : off).toContain(binding.label)
    expect(reason === null ? off : here).not.toContain(binding.label)
  }
})

test.each(SCREENS)('no line of the help of the %s screen is cut at 80 columns', (screen) => {
  for (const line of helpLines(on(screen), 78)) expect(lineWidth(line)).toBeLessThanOrEqual(78)
})

test('the reason why a key is off is shown whole', () => {
  const off = sectionOf(on('traffic'), 'Off right now', 78).map((line) => line.trim())

  expect(off.join(' ')).toContain('bagboy.yaml names no balancer (deployment.blue_green.traffic)')
})

test('the help leaves out a general key that means something else on the screen', () => {
  const label = 'review the rollback that a trigger asks for'
  const textOf = (screen: Screen): string => [...sectionOf(on(screen), 'Off right now', 80)].join('\n')

  expect(textOf('runs')).toContain(label)
  expect(textOf('prune')).not.toContain(label)
})
