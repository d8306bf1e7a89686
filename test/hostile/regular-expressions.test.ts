import { Script } from 'node:vm'
import { expect, test } from 'vitest'
import { sourceFiles } from '../support/harness/source-files.ts'

// What a text may be made of to keep an expression busy: one character or a few of them, again and again.
const ANY = [
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\u2028',
  'a',
  'A',
  '0',
  '.',
  '.1',
  '-',
  '_',
  '/',
  '#',
  '=',
  ',',
  ':',
  '"',
  "'",
]
const MORE = [
  '\\',
  '(',
  '{',
  '[',
  '<',
  '|',
  '*',
  '%',
  '@',
  '~',
  '^',
  '$',
  '${',
  '${env:',
  'a\r',
  '#\r\n ',
  '- ',
  'a=b,',
]
const ENDS = ['\u0000', '\n\u0000', '"/x']
const LENGTH = 200_000
/** A linear expression needs a moment for all of them; one that goes back for every character, far more than this. */
const LIMIT_MS = 10_000

const LITERAL =
  /(?<=^|[(,=:?&|![{ ])\/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsy]*[uv][dgimsy]*(?![\w/])/gmu

interface Literal {
  readonly place: string
  readonly source: string
  readonly flags: string
}

const literals = sourceFiles('src', 'store', 'components').flatMap(({ path, text }) =>
  [...text.matchAll(LITERAL)].map(([literal]): Literal => {
    const end = literal.lastIndexOf('/')
    return { place: `${path}: ${literal}`, source: literal.slice(1, end), flags: literal.slice(end + 1) }
  }),
)

/** Words of the expression itself are what gets furthest in it. */
function wordsOf(source: string): readonly string[] {
  const plain = source.replaceAll(/\\[wsdbpPuxSWDB]|\(\?[:=!<]*/gu, '\u0000').replaceAll('\\', '')
  return plain.split(/[^\w '/#:$<>{}@%;-]+/u).filter((word) => word.length > 1 && word.length < 40)
}

const searchAll = new Script('for (const text of texts) text.search(pattern)')

function isBusy({ source, flags }: Literal): boolean {
  const texts = [...common, ...wordsOf(source).flatMap(textsOf)]
  const isSticky = flags.includes('y')
  const pattern = new RegExp(isSticky ? `^(?:${source})` : source, flags.replaceAll(/[gy]/gu, ''))
  try {
    searchAll.runInNewContext({ pattern, texts }, { timeout: LIMIT_MS })
    return false
  } catch (error) {
    if (String(error).includes('timed out')) return true
    throw error
  }
}

function textsOf(part: string): readonly string[] {
  const body = part.repeat(Math.ceil(LENGTH / part.length))
  return ENDS.map((end) => `${body}${end}`)
}

const common = [...ANY, ...MORE].flatMap(textsOf)

test('every regular expression comes to an end on long texts made against it', () => {
  const busy = literals.filter(isBusy)

  expect(literals.length).toBeGreaterThan(200)
  expect(busy.map(({ place }) => place)).toEqual([])
}, 300_000)
