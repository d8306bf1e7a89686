import { expect, test } from 'vitest'
import { parseHistory } from '../../../src/history/read/parse-history.ts'

const entry = (line: string, rest = '') =>
  `deployments:\n  - version: "v1.0.0"\n    timestamp: "2026-02-01T18:00:00Z"\n    ${line}\n${rest}`

const commitOf = (literal: string) => parseHistory('h.yml', entry(`commit: ${literal}`)).history.deployments[0]?.commit

const versionOf = (literal: string) =>
  parseHistory('h.yml', `deployments:\n  - version: ${literal}\n    timestamp: 2026-02-01T18:00:00Z\n`).history
    .deployments[0]?.version

test.each([
  '1.10',
  '1.0',
  '10',
  '0',
  '007',
  '0123456',
  '1234e5',
  '1e3',
  '1E3',
  '0x1F',
  '0o17',
  '0b11',
  '1_000',
  '12345678901234567890',
  '9007199254740993',
  'no',
  'yes',
  'on',
  'off',
  'y',
  'n',
  'NaN',
  'Infinity',
  '2026-02-01',
  '1.2.3',
  '1.2.0-rc.1',
  'v1',
  'v1.10',
  '4.20e1',
  '00',
  '1.',
  '12.50',
])('reads the unquoted version %s as the text it is', (literal) => {
  expect(versionOf(literal)).toBe(literal)
})

test.each([
  'abc123',
  '0123456',
  '1234567',
  '1234e56',
  '0e12345',
  '12345678901234567890',
  '1e1000',
  '0x1f',
  '0o7',
  '+12',
  '-0',
  '-12',
  '.5',
  '5.',
  '1.0',
  '1.50',
  '.inf',
  '.nan',
  '-.inf',
  'no',
  'off',
  'Yes',
  '685_230',
  '190:20:30',
  '2001-12-14',
  '0.1e-7',
  '1e-7',
  "'0123'",
  '"0123"',
  '"1.10"',
  "'1e5'",
  '"true"',
  '"null"',
  '"~"',
])('reads the commit %s as the text it is', (literal) => {
  expect(commitOf(literal)).toBe(literal.replaceAll(/^["']|["']$/gu, ''))
})

test.each([
  ['|\n      1.10', '1.10'],
  ['>-\n      0123', '0123'],
  ['0123 # a comment', '0123'],
  ['"a\\u0031"', 'a1'],
  ['"\\x31"', '1'],
])('reads the commit %j in every style', (literal, expected) => {
  expect(commitOf(literal)).toBe(expected)
})

test.each(['true', 'False', 'TRUE', '[1]', '{ a: 1 }', '!!str 1', '!!int "1"', '&a 1', '*a'])(
  'refuses the version %s with its place',
  (literal) => {
    expect(() => versionOf(literal)).toThrow(/h\.yml:2:\d\d: .+; .+/u)
  },
)

test.each(['null', '~', '', '--upload-pack=x', '../v1', '"a b"', '"v1\\u001b[31m"', '"v1\\n"', '">=1.0"', '^1'])(
  'refuses the version %s, which is none',
  (literal) => {
    expect(() => versionOf(literal)).toThrow(/h\.yml:\d+:\d+: .+; .+/u)
  },
)

test.each([
  '2026-02-01',
  '2026-02-01 18:00:00',
  '2026-02-01T18:00:00',
  '2026-02-01T18:00:00+01:00',
  '2026-13-01T00:00:00Z',
  '1769968800',
])('refuses the timestamp %s and shows the right form', (literal) => {
  const text = `deployments:\n  - version: v1\n    timestamp: ${literal}\n`

  expect(() => parseHistory('h.yml', text)).toThrow(/h\.yml:3:16: timestamp is "?.+; write it in UTC, as in "2026-/u)
})

test('keeps numbers in a pin that are numbers, and texts that only look like some', () => {
  const pins = '{ revision: 42, ratio: 0.5, tag: 1.10, sha: 0123456, big: 12345678901234567890, exp: 1e5 }'
  const text = entry('commit: a', `    packages:\n      - format: x\n        registry: y\n        ref: ${pins}\n`)

  const [deployment] = parseHistory('h.yml', text).history.deployments

  expect(deployment?.packages[0]?.ref).toEqual({
    revision: 42,
    ratio: 0.5,
    tag: '1.10',
    sha: '0123456',
    big: '12345678901234567890',
    exp: '1e5',
  })
})

test('shows control characters of free text and refuses them in what is compared and sent', () => {
  const shown = parseHistory('h.yml', entry('reason: "a\\u001b[31mb\\u202ec"')).history.deployments[0]
  const hostile = entry('commit: a', '    packages:\n      - format: x\n        registry: "a\\u001b]0;b"\n')

  expect(shown?.reason).toBe('a^[[31mb<U+202E>c')
  expect(() => parseHistory('h.yml', hostile)).toThrow(/h\.yml:7:19: registry is "a\^\[\]0;b"; take the control/u)
})
