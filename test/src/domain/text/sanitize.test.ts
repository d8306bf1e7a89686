import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderJson } from '../../../../src/cli/json.ts'
import { renderYaml } from '../../../../src/cli/yaml.ts'
import { sanitize } from '../../../../src/domain/text/sanitize.ts'
import { parseDocument } from 'yaml'
import { roundCount } from '../../../support/effort.ts'

const LAST = 0x10ffff
/** Said here by category, and not as the code says it. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\p{Variation_Selector}]/u
const WITHOUT_INK = [0x2800, 0x115f, 0x1160, 0x3164, 0xffa0, 0x1_d159, 0x1_3441]
const OTHER_SPACE = /(?! )\p{Zs}/u

const everyCharacter = Array.from({ length: LAST + 1 }, (_, code) => String.fromCodePoint(code))
const hidden = everyCharacter.filter((text) => HIDDEN.test(text))

test('every character that is a control, a format, unassigned, private or ignorable is made visible', () => {
  const characters = [...hidden, ...WITHOUT_INK.map((code) => String.fromCodePoint(code))]
  const shown = sanitize(characters.join('a'), 20_000_000)
  const left = new Set(shown)
  const passing = characters.filter((character) => left.has(character))

  expect(hidden.length).toBeGreaterThan(900_000)
  expect(passing).toEqual([])
})

test('every space but U+0020 is shown as U+0020', () => {
  const spaces = everyCharacter.filter((text) => OTHER_SPACE.test(text))

  expect(spaces.length).toBeGreaterThan(15)
  expect(spaces.map((space) => sanitize(`a${space}b`))).toEqual(spaces.map(() => 'a b'))
})

test.each(['👨‍👩‍👧', '❤️', '1️⃣', '🏳️‍🌈', '🇩🇪', '👍🏽'])(
  'the emoji %s stays whole, and what it is made of shows elsewhere',
  (emoji) => {
    expect(sanitize(`a${emoji}b`)).toBe(`a${emoji}b`)
    expect(sanitize(`a${emoji}\u200d\ufe0f`)).toBe(`a${emoji}<U+200D><U+FE0F>`)
  },
)

test('a text that is cut ends in a whole character, without a joiner', () => {
  expect(sanitize('👨‍👩‍👧', 1)).toBe('…')
  expect(sanitize('👨‍👩‍👧', 3)).toBe('👨…')
  expect(sanitize('x'.repeat(10_000_000), 5)).toBe('xxxxx…')
})

const foreignText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...hidden.slice(0, 400), '\u{e0041}', '👨‍👩‍👧', '❤️', '\u200d', '\ufe0f', '\u0301', ' '),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))

test('nothing hidden is left of any text once its emoji are taken out', () => {
  fc.assert(
    fc.property(foreignText, fc.integer({ min: 1, max: 60 }), (text, length) => {
      const shown = sanitize(text, length).replaceAll(/\p{RGI_Emoji}/gv, '')
      expect(Array.from(shown).filter((character) => HIDDEN.test(character))).toEqual([])
    }),
    { seed: 70, numRuns: roundCount(500, 2000) },
  )
})

test('JSON and YAML keep the value of any text and show nothing hidden but their own line breaks', async () => {
  await fc.assert(
    fc.asyncProperty(foreignText, async (text) => {
      const [json, yaml] = [renderJson([text]), await renderYaml([text])]
      expect(JSON.parse(json)).toEqual([text])
      expect(parseDocument(yaml).toJS()).toEqual([text])
      for (const output of [json, yaml]) {
        const shown = Array.from(output).filter((character) => character !== '\n')
        expect(shown.filter((character) => HIDDEN.test(character))).toEqual([])
      }
    }),
    { seed: 70, numRuns: 500 },
  )
})
