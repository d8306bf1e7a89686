import { describe, expect, test } from 'vitest'
import { readYaml } from '../../../src/yaml/read-yaml.ts'
import { cpuMsOf } from '../../support/clocks/cpu-time.ts'

const options = { maxBytes: 1024 * 1024, numbers: 'exact', aliasNodes: 0 } as const
const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}: 1\n`).join('')
const flowKeys = (count: number) => `a: {${Array.from({ length: count }, (_, index) => `k${index}: 1`).join(', ')}}`
const ladder = (count: number) => Array.from({ length: count }, (_, index) => `${' '.repeat(index)}a:\n`).join('')
const bomb = `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from(
  { length: 12 },
  (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(10)}]\n`,
).join('')}`

const HOSTILE: readonly (readonly [string, string, RegExp])[] = [
  ['1.2 KB of explicit keys', '? '.repeat(600), /explicit keys/u],
  ['20,000 keys', keys(20_000), /more than 2000 keys/u],
  ['20,000 keys on one line', flowKeys(20_000), /more than 4000 items/u],
  ['10,000 brackets', '['.repeat(10_000), /nested more than 48/u],
  ['10,000 closed brackets', '['.repeat(10_000) + ']'.repeat(10_000), /nested more than 48/u],
  ['10,000 braces', '{a: '.repeat(10_000), /nested more than 48/u],
  [
    'brackets behind a quote that opens nothing',
    `a: b" ${'['.repeat(100)}\nc: ${'['.repeat(10_000)}`,
    /nested more than 48/u,
  ],
  ['10,000 dashes', '- '.repeat(10_000), /nested more than 48/u],
  ['a ladder of 1,000 levels', ladder(1000), /nested more than 48|nested too deeply/u],
  ['a ladder of 100 levels', ladder(100), /nested/u],
  ['an alias bomb', bomb, /anchors and aliases are not read/u],
  ['two megabytes', 'a'.repeat(2_000_000), /too many for one piece/u],
  ['a directive', '%YAML 1.1\n---\na: 1\n', /%YAML and %TAG/u],
  ['a tag directive', '%TAG ! tag:example.com,2000:\n---\na: 1\n', /%YAML and %TAG/u],
  ['an unknown tag', 'a: !danger 1\n', /tag/iu],
  ['__proto__', '__proto__: { polluted: true }\n', /the key __proto__ is refused/u],
  ['a quoted __proto__', '"__proto__": 1\n', /the key __proto__ is refused/u],
  ['a key that stands twice', 'a: 1\nb: 2\na: 3\n', /a stands here twice/u],
  ['a key that stands twice in another spelling', 'a: 1\n"a": 3\n', /a stands here twice/u],
  ['a map as a key', '{ a: 1 }: b\n', /used as a key/u],
  ['a second document', 'a: 1\n---\nb: 2\n', /a second document/u],
]

describe('the guarded parser', () => {
  test.each(HOSTILE)('refuses %s at once and says why', async (_name, text, reason) => {
    readYaml('warm: up\n', options)

    let result = readYaml('', options)
    const cpuMs = await cpuMsOf(() => (result = readYaml(text, options)))

    expect(result.problem?.wrong).toMatch(reason)
    expect(result.problem?.right).not.toBe('')
    expect(cpuMs).toBeLessThan(1000)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('computes for less than a second for each of a thousand random mixtures of YAML indicators', async () => {
    const parts = [
      '? ',
      '- ',
      '[',
      '{',
      ': ',
      'a: ',
      '"',
      "'",
      '|\n',
      '\n',
      ' #',
      '&a ',
      '*a ',
      '!t ',
      ',',
      ' ',
      'x',
      ']',
      '}',
      '\n  ',
    ]
    let state = 7
    const next = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return state % below
    }
    let worstMs = 0

    for (let round = 0; round < 1000; round += 1) {
      const text = Array.from({ length: 1 + next(600) }, () => parts[next(parts.length)] ?? '').join('')
      worstMs = Math.max(worstMs, await cpuMsOf(() => readYaml(text, options)))
    }

    expect(worstMs).toBeLessThan(1000)
  })

  test('names the place of a value, of a key, and of the nearest parent of what is missing', () => {
    const text = 'a:\n  - b: 1\n    c: [x, y]\n'
    const reading = readYaml(text, options)

    if (reading.problem) expect.fail(reading.problem.wrong)

    expect(text.slice(reading.offsetOf(['a', 0, 'c', 1]))).toMatch(/^y\]/u)
    expect(text.slice(reading.offsetOf(['a', 0, 'c'], 'key'))).toMatch(/^c: /u)
    expect(text.slice(reading.offsetOf(['a', 0, 'missing'], 'key'))).toMatch(/^b: 1/u)
  })

  test('expands aliases where they are allowed, up to what a reader can bear', () => {
    const few = readYaml('a: &a { b: 1 }\nc: *a\n', { ...options, aliasNodes: 100 })
    const many = readYaml(bomb, { ...options, aliasNodes: 1000 })

    expect(few).toMatchObject({ data: { a: { b: 1 }, c: { b: 1 } } })
    expect(many.problem?.wrong).toMatch(/repeat too much/u)
  })

  test('reads only the keys it is asked for and leaves the rest alone', () => {
    const text = 'other: !custom { x: 1 }\nname: app\n'

    const reading = readYaml(text, { ...options, aliasNodes: 10, only: ['name'] })

    expect(reading).toMatchObject({ data: { name: 'app' } })
  })
})
