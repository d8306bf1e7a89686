import { expect, test } from 'vitest'
import { asciiOnly } from '../../../components/theme/ascii.ts'
import { breadcrumbStops } from '../../../components/frame/breadcrumb.ts'
import { createTheme, detectTheme, environmentTone, environmentWord } from '../../../components/theme/theme.ts'
import { sourceFiles } from '../../support/harness/source-files.ts'
import { TRANSITIONS, type Phase } from '../../../src/machine/transitions.ts'

test('every column stays where it is in ASCII', () => {
  const text = '● ✓ ✗ ▲ ◐ ○ ↺ ✂ ⊘ ▶ ━─│╭╮╰╯ → … é'

  const ascii = asciiOnly(text)

  expect(ascii).toHaveLength(Array.from(text).length)
  expect(ascii).toMatch(/^[ -~]*$/u)
  expect(ascii).toBe('* + X ! ~ . < - # > =-|++++ > ~ ?')
})

test('every symbol that the program writes has a twin in ASCII', () => {
  const texts = sourceFiles('src', 'store', 'components').map(({ text }) => text)
  const symbols = new Set(texts.flatMap((text) => text.match(/\P{ASCII}/gu) ?? []))

  expect([...symbols].filter((symbol) => asciiOnly(symbol) === '?')).toEqual([])
  expect(symbols.size).toBeGreaterThan(40)
})

test.each([
  [{ LANG: 'C.UTF-8' }, { isAscii: false, hasColor: true }],
  [
    { LANG: 'en_US.UTF-8', NO_COLOR: '1' },
    { isAscii: false, hasColor: false },
  ],
  [{ LANG: 'C' }, { isAscii: true, hasColor: true }],
  [
    { LC_ALL: 'POSIX', LANG: 'C.UTF-8' },
    { isAscii: true, hasColor: true },
  ],
  [
    { LANG: 'C.UTF-8', TERM: 'linux' },
    { isAscii: true, hasColor: true },
  ],
  [{}, { isAscii: true, hasColor: true }],
])('%o is shown as %o', (env, expected) => {
  expect(detectTheme(env)).toEqual(expected)
})

test('without colour no style has one', () => {
  const styles = Object.values(createTheme({ isAscii: false, hasColor: false }).styles)

  expect(styles.filter((style) => style.color !== undefined || style.backgroundColor !== undefined)).toEqual([])
})

test('an environment is named in words and tones', () => {
  expect([environmentWord('production'), environmentTone('production')]).toEqual(['PROD', 'prod'])
  expect([environmentWord('staging'), environmentTone('staging')]).toEqual(['STAGING', 'staging'])
  expect(environmentTone('sandbox')).toBe('dev')
})

test('every phase of the machine has exactly one place on the rail', () => {
  for (const phase of Object.keys(TRANSITIONS) as Phase[]) {
    const here = breadcrumbStops(phase).filter(({ state }) => state === 'here')

    expect(here, phase).toHaveLength(1)
  }
})

test('a failure has nothing ahead of it', () => {
  expect(breadcrumbStops('rollbackFailed').some(({ state }) => state === 'ahead')).toBe(false)
  expect(breadcrumbStops('rollbackInProgress').filter(({ state }) => state === 'ahead')).toHaveLength(2)
})
