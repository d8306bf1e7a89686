import { describe, expect, test } from 'vitest'
import { sanitize } from '../../src/domain/text/sanitize.ts'
import { parseDuration } from '../../src/domain/text/duration.ts'
import { duplicateKey } from '../../src/domain/text/duplicate-key.ts'
import { parseJson } from '../../src/domain/text/parse-json.ts'
import { parseHistory } from '../../src/history/read/parse-history.ts'
import { parseJsonPath } from '../../src/domain/text/json-path.ts'
import { parseVersion } from '../../src/domain/version.ts'
import { parseGitRemote } from '../../src/git/git-remote.ts'
import { scanHistory } from '../../src/history/read/scan-history.ts'
import { parseWwwAuthenticate } from '../../src/registries/oci/login/www-authenticate.ts'
import { BREW_LAYOUT } from '../../src/registries/brew/brew-layout.ts'
import { manifestVersion } from '../../src/registries/scoop/manifest-version.ts'
import { brewVersion } from '../../src/registries/brew/brew-version.ts'
import { raiseVersionScheme } from '../../src/registries/brew/raise-version-scheme.ts'
import { layerOfText } from '../../src/registries/npmrc/npm-layer.ts'
import { matchesName } from '../../src/registries/npm/npm-pin.ts'
import { parseOciReference } from '../../src/registries/oci/oci-reference.ts'
import { parseServersState, parseStat } from '../../src/traffic/haproxy/haproxy-servers.ts'
import { parseNginx } from '../../src/traffic/nginx/nginx-text.ts'
import { readYaml } from '../../src/yaml/read-yaml.ts'

const LAYER = { env: {}, home: '/h', folder: '/f' }
/** Parsers of text that somebody else writes. What they make of it is no matter here, only that they come to an end. */
const LONG_TEXT = 9_000_000

/** Of the texts that one value may hold: a stack that grows with the text ends before it. */
test.each(['x', '\\n', '\\"', '\\\\', '\\u202e'])('a long text of %j in the history and in JSON is read', (piece) => {
  const text = `"a\\n${piece.repeat(LONG_TEXT / piece.length)}b"`
  const entry = `  - version: "1.1.0"\n    timestamp: "2026-01-20T12:00:00Z"\n    commit: "abc1234"\n    packages: []\n`

  const { history } = parseHistory('history', `deployments:\n${entry}    reason: ${text}\n`)

  const meant = JSON.parse(text) as string
  const { reason = '' } = history.deployments[0] ?? {}
  expect(reason.startsWith('a')).toBe(true)
  expect((parseJson(`{"a":${text}}`) as { a: string }).a === meant).toBe(true)
  expect(duplicateKey(`{"a":${text},"b":1}`)).toBeUndefined()
})

test('JSON that is nested more deeply than any document is no JSON', () => {
  const nested = (depth: number, [open, close]: readonly [string, string]) => open.repeat(depth) + close.repeat(depth)

  for (const pair of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    expect(parseJson(nested(100, pair).replace(':}', ':1}'))).toBeDefined()
    expect(parseJson(nested(100_000, pair).replace(':}', ':1}'))).toBeUndefined()
  }
  expect(parseJson(`"${'['.repeat(1000)}"`)).toBe('['.repeat(1000))
  expect(parseJson(`[${'[],'.repeat(1000)}1]`)).toHaveLength(1001)
})

const PARSERS: readonly (readonly [string, (text: string) => unknown])[] = [
  ['sanitize', (text) => sanitize(text)],
  ['parseDuration', parseDuration],
  ['parseJsonPath', parseJsonPath],
  ['parseVersion', parseVersion],
  ['parseGitRemote', parseGitRemote],
  ['scanHistory', scanHistory],
  [
    'readYaml',
    (text) => readYaml(text.slice(-YAML_LENGTH), { maxBytes: YAML_LENGTH, numbers: 'exact', aliasNodes: 0 }),
  ],
  ['parseWwwAuthenticate', parseWwwAuthenticate],
  ['brewVersion', brewVersion],
  ['brewVersion of a tag', (text) => brewVersion(`url "https://h/x.git", tag: "v1${text}"\n`)],
  ['manifestVersion', manifestVersion],
  ['manifestVersion of a member', (text) => manifestVersion(`{"version": "1${text}"}`)],
  ['kindOfText', (text) => BREW_LAYOUT.kindOfText(text)],
  ['brewVersion of an address', (text) => brewVersion(`  url "https://h/x-1${text}"\n`)],
  ['raiseVersionScheme', (text) => raiseVersionScheme(`class A < Formula\n${text}`, text)],
  ['layerOfText', (text) => layerOfText(text, LAYER)],
  ['layerOfText of a value', (text) => layerOfText(`a=${text}`, LAYER)],
  ['matchesName', (text) => matchesName('a*a*a*a*a*b', text)],
  ['parseOciReference', (text) => parseOciReference(text, false)],
  ['parseOciReference of a path', (text) => parseOciReference(`localhost/${text}`, false)],
  ['parseServersState', parseServersState],
  ['parseStat', parseStat],
  ['parseNginx', parseNginx],
]
const PRINTED = String.raw`.1 1. -1.1 0 a a- - _ / /1.1 " ' \ \" = a= , a="b", ${'${'} ${'${env:'} # [ { tag:" url" 1s @ :: ( < * % a; a{ a{b;}`
const BLANK = [
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '#\r\n',
  '- ',
  '? ',
  'a: ',
  'a:\n',
  '&a ',
  '|\n',
  'tag: "1',
  'version "',
  'a b,',
]
const PARTS = [...PRINTED.split(' '), ...BLANK, '\u200b', '\u0301', '👨‍👩‍👧']
const LENGTH = 200_000
/** A parser that makes a tree of every character takes its time; it is given texts of limited length only. */
const YAML_LENGTH = 10_000

/** Errors are answers too. */
function finish(parse: (text: string) => unknown, text: string): string {
  try {
    parse(text)
    return 'an answer'
  } catch (error) {
    if (error instanceof Error && error.name === 'BagboyError') return 'an answer'
    throw error
  }
}

describe('a long text of one repeated part', () => {
  test.each(PARSERS)('is read to its end by %s', (_name, parse) => {
    const answers = PARTS.map((part) => finish(parse, part.repeat(Math.ceil(LENGTH / part.length)) + '"\u0000'))

    expect(new Set(answers)).toEqual(new Set(['an answer']))
  })
})
