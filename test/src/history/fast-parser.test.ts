import { describe, expect, test } from 'vitest'
import { canonicalJson, type Json } from '../../../src/domain/json.ts'
import { parseCanonical } from '../../../src/history/canonical-yaml.ts'
import { readHistory } from '../../../src/history/read-history.ts'
import { readHand } from '../../../src/history/read-piece.ts'
import { canonicalHistory, FULL_HISTORY, SEED_HISTORY } from '../../support/history-texts.ts'
import { mutate, seededRandom } from '../../support/mutate-text.ts'

const MUTATIONS = 20_000
const BASES = [
  SEED_HISTORY,
  canonicalHistory(1, 1),
  SEED_HISTORY.replaceAll('\n', '\r\n'),
  SEED_HISTORY.replace(/^ {2}/gmu, ''),
  FULL_HISTORY.replace(/ {4}incident[^]*?(?= {4}packages)/u, '    notes: |\n      some\n      text\n').replace(
    / {6}- format: "docker"[^]*?(?= {6}- format: "pypi")/u,
    '',
  ),
]

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
      const text = mutate(BASES[seed % BASES.length] ?? '', seededRandom(seed))
      const fast = parseCanonical(text)
      const cut = readCut(text)
      if (cut === 'refused') seen.refused += 1
      if (fast === undefined && (cut === undefined || cut === 'refused')) continue
      const full = readHand(text)
      if (fast !== undefined) seen.fast += 1
      if (fast !== undefined && (full.problem || canonicalJson(fast) !== canonicalJson(full.data))) {
        seen.disagreements.push(seed)
      }
      if (cut === undefined || cut === 'refused') continue
      seen.cut += 1
      if (cut !== wholeOf(full)) seen.disagreements.push(seed)
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

/** What piece by piece reading gives; `undefined` when the file is not cut into pieces. */
function readCut(text: string): string | undefined {
  try {
    const { document, head, entries, held } = readHistory('history.yml', text)
    return document && canonicalJson({ ...head, deployments: entries.map(({ data }) => data), held })
  } catch (error) {
    expect(String(error)).toMatch(/history\.yml:\d+:\d+: .+; .+/u)
    return 'refused'
  }
}

function wholeOf(full: ReturnType<typeof readHand>): string | undefined {
  if (full.problem) return undefined
  const data = (full.data ?? {}) as { readonly [key: string]: Json }
  return canonicalJson({ ...data, deployments: data['deployments'] ?? [], held: data['held'] ?? [] })
}
