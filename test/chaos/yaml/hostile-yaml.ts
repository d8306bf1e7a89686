import { canonicalHistory, FULL_HISTORY, SEED_HISTORY } from '../../support/builders/history-texts.ts'
import { mutate } from '../../support/builders/mutate-text.ts'

const BASES = [SEED_HISTORY, FULL_HISTORY, canonicalHistory(2, 2)]

/** What means something in YAML, and what looks like it. */
const MARKS = `- |-|: |:|? |?|, |[|]|{|}|&a |*a |!!str |! |!<x> |>|>-2\n|"|'|\\|\\u|\\x4|#| #|%YAML 1.1\n|%TAG ! x\n|---\n|...\n|<<: |~|@|\``
const BLANKS = [
  '|',
  '\n',
  '\n  ',
  '\n    ',
  '\n\t',
  '\r\n',
  '\r',
  ' ',
  '\t',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\u0000',
  '\ud800',
  '\u200e',
]
const WORDS =
  'version deployments id held schema timestamp status __proto__ constructor prototype 1.10 0123456 1234e5 0x1F 0o17 .inf .nan yes no null 12345678901234567890 v1.0.0 🚀'
const TOKENS = [...MARKS.split('|'), ...BLANKS, ...WORDS.split(' ')]

type Random = () => number
type Maker = (random: Random) => string

const count = (random: Random, most: number): number => 1 + Math.floor(random() ** 3 * most)
const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
const entry = (value: string) =>
  `deployments:\n  - version: v1\n    timestamp: "2026-02-01T18:00:00Z"\n    notes: ${value}\n`

/** Ways to make a parser stumble, run for ever, or believe something that is not there. */
const MAKERS: Readonly<Record<string, Maker>> = {
  mutated: (random) => mutate(pick(random, BASES), random),
  'mutated many times': (random) => {
    let text = pick(random, BASES)
    for (let rounds = count(random, 20); rounds > 0; rounds -= 1) text = mutate(text, random)
    return text
  },
  tokens: (random) => Array.from({ length: count(random, 400) }, () => pick(random, TOKENS)).join(''),
  'tokens in an entry': (random) =>
    entry(Array.from({ length: count(random, 60) }, () => pick(random, TOKENS)).join('')),
  tower: (random) => {
    const step = pick(random, [
      '? ',
      '- ',
      '[',
      '{',
      '{a: ',
      '[[',
      '? - ',
      '&a ',
      '!!x ',
      '"',
      "'",
      '>',
      '|',
      '%',
      '\t',
      '\\',
    ])
    return pick(random, ['', 'deployments:\n  - ', 'held: ']) + step.repeat(count(random, 4000))
  },
  'tower by indent': (random) =>
    Array.from(
      { length: count(random, 600) },
      (_, depth) => `${' '.repeat(depth)}${pick(random, ['a:', '- b:', '? c'])}`,
    ).join('\n'),
  aliases: (random) => {
    const levels = count(random, 30)
    const lines = Array.from({ length: levels }, (_, level) => {
      const before = level === 0 ? '"x"' : `*a${level - 1}`
      return `a${level}: &a${level} [${Array.from({ length: 9 }, () => before).join(', ')}]`
    })
    return `${lines.join('\n')}\n`
  },
  keys: (random) =>
    `${Array.from({ length: count(random, 3000) }, (_, index) => `k${index % 2900}: ${index}`).join('\n')}\n`,
  items: (random) => entry(`[${Array.from({ length: count(random, 3000) }, (_, index) => index).join(',')}]`),
  'long scalar': (random) =>
    entry(
      pick(random, ['"', "'", '', '|\n      ']) +
        pick(random, ['a', '\\"', "''", ' ', 'é']).repeat(count(random, 20_000)),
    ),
  pollution: (random) => {
    const key = pick(random, [
      '__proto__',
      'constructor',
      'prototype',
      '"__proto__"',
      "'constructor'",
      '? __proto__\n',
      '"\\u005f_proto__"',
    ])
    return pick(random, [
      `${key}: { polluted: true }\n${SEED_HISTORY}`,
      entry(`{ ${key}: { polluted: true } }`),
      `deployments:\n  - ${key}:\n      polluted: true\n    version: v1\n`,
      `held:\n  - { ${key}: { prototype: { polluted: true } } }\n`,
    ])
  },
  bytes: (random) =>
    Array.from({ length: count(random, 500) }, () => String.fromCharCode(Math.floor(random() * 65_536))).join(''),
}

const NAMES = Object.keys(MAKERS)

/** The hostile text with this number, the same one every time. */
export function hostileYaml(seed: number, random: Random): { readonly kind: string; readonly text: string } {
  const kind = NAMES[seed % NAMES.length] ?? 'mutated'
  return { kind, text: MAKERS[kind]?.(random) ?? '' }
}
