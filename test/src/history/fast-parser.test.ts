import { describe, expect, test } from 'vitest'
import { parseCanonical } from '../../../src/history/edit/canonical-yaml.ts'
import { readHand } from '../../../src/history/read/read-piece.ts'
import { compareParsers } from '../../support/builders/compare-parsers.ts'
import { canonicalHistory, FULL_HISTORY, SEED_HISTORY } from '../../support/builders/history-texts.ts'
import { roundCount } from '../../support/effort.ts'

/** A million more are tried by test/chaos/yaml/hostile-yaml.test.ts. */
const MUTATIONS = roundCount(2000, 20_000)

describe('the fast parser', () => {
  test('takes what we write, the seed and the documented format', () => {
    for (const text of [canonicalHistory(3, 4), SEED_HISTORY, FULL_HISTORY]) {
      const fast = parseCanonical(text)
      const full = readHand(text)

      expect(fast).toBeDefined()
      expect(fast).toEqual('data' in full ? full.data : full)
    }
  })

  test(`reads ${MUTATIONS} mutated files as the full parser does, or declines`, { timeout: 300_000 }, () => {
    const seen = { fast: 0, cut: 0, refused: 0, disagreements: [] as number[] }

    for (let seed = 1; seed <= MUTATIONS; seed += 1) {
      const { isFast, isCut, isRefused, isWrong } = compareParsers(seed)
      seen.fast += Number(isFast)
      seen.cut += Number(isCut)
      seen.refused += Number(isRefused)
      if (isWrong) seen.disagreements.push(seed)
    }

    expect(seen.disagreements).toEqual([])
    expect(seen.fast).toBeGreaterThan(MUTATIONS / 10)
    expect(seen.cut).toBeGreaterThan(MUTATIONS / 10)
    expect(seen.refused).toBeGreaterThan(MUTATIONS / 10)
  })

  test.each([
    ['an anchor', 'a: &x 1'],
    ['an alias', 'a: *x'],
    ['a tag', 'a: !!str 1'],
    ['a block scalar', 'a: |\n  text'],
    ['a plain text over two lines', 'a: one\n  two'],
    ['a quoted text over two lines', 'a: "one\n  two"'],
    ['a colon in a plain text', 'a: b: c'],
    ['a tab', 'a:\tb'],
    ['an unknown escape', 'a: "\\x41"'],
    ['a key that stands twice', 'a: 1\na: 2'],
    ['a key of the object machinery', '__proto__: 1'],
    ['a name objects inherit', 'toString: 1'],
    ['a list in a list', 'a:\n  - - b'],
    ['an explicit key', '? a\n: b'],
    ['a second document', 'a: 1\n---\nb: 2'],
    ['a line separator as white space', 'a:\u2028b'],
  ])('declines %s', (_name, text) => {
    expect(parseCanonical(text)).toBeUndefined()
  })
})
