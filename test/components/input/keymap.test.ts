import { expect, test } from 'vitest'
import { disabledReason } from '../../../components/input/key-binding.ts'
import { bindingFor, KEYMAP } from '../../../components/input/keymap.ts'
import { initialState, SCREENS, type AppState } from '../../../store/state.ts'
import { anOverview, NOW } from '../../support/builders/app-builders.ts'
import { aScriptedDeploy } from '../../support/engine/deploy-script.ts'

const OPTIONS = { isReadOnly: false, canSavePlan: true, program: 'bagboy-tui' }
const STATE: AppState = { ...initialState(OPTIONS, NOW), busy: null, overview: anOverview() }

test('no key means two things in one scope', () => {
  const pairs = KEYMAP.flatMap(({ scope, keys }) => keys.map((key) => `${scope} ${key}`))

  expect(pairs.filter((pair, index) => pairs.indexOf(pair) !== index)).toEqual([])
})

test.each(SCREENS)('every key of the %s screen is the one that the screen obeys', (screen) => {
  for (const binding of KEYMAP.filter(({ scope }) => scope === screen)) {
    for (const key of binding.keys) expect(bindingFor(key, { ...STATE, screen })).toBe(binding)
  }
})

test('a screen with its own meaning for a key replaces the general one', () => {
  expect(bindingFor('v', { ...STATE, screen: 'prune' })?.scope).toBe('prune')
  expect(bindingFor('v', { ...STATE, screen: 'runs' })?.scope).toBe('everywhere')
})

test.each([
  ['the session is read-only', { ...STATE, options: { ...OPTIONS, isReadOnly: true } }, 'read-only'],
  [
    'the history cannot be written',
    { ...STATE, overview: anOverview({ readOnly: 'its version is newer' }) },
    'the history is read-only: its version is newer',
  ],
])('every dangerous key is disabled while %s', (_title, state, reason) => {
  const dangerous = KEYMAP.filter(({ isDangerous }) => isDangerous === true)

  expect(new Set(dangerous.map((one) => disabledReason(one, state)))).toEqual(new Set([reason]))
})

test('while a deploy goes back its traffic can be kept as it is, and not be put back once more', () => {
  const deploy = { ...aScriptedDeploy().view(), direction: 'back', isBack: false } as const
  const traffic = { report: null, rates: null, readAt: NOW, error: null, deploy, isFollowed: true, log: [] }
  const reasonOf = (key: string): string | null | undefined => {
    const state: AppState = { ...STATE, screen: 'traffic', traffic }
    const binding = bindingFor(key, state)
    return binding && disabledReason(binding, state)
  }

  expect(reasonOf('T')).toBeNull()
  expect(reasonOf('O')).toBe('it is going back already')
})
