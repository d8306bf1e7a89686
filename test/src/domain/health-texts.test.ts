import { describe, expect, test } from 'vitest'
import { durationText, parseDuration, ratioText } from '../../../src/domain/text/duration.ts'
import { jsonAt, parseJsonPath } from '../../../src/domain/text/json-path.ts'
import { fillPlaceholders, unknownPlaceholders, usesPlaceholder } from '../../../src/domain/text/placeholders.ts'
import { quantile } from '../../../src/domain/health/quantile.ts'

describe('a JSON path', () => {
  const body = { status: 'ok', checks: [{ 'a b': 1 }, { up: null }], 'x.y': { '0': 'zero' } }

  test.each([
    ['$', body],
    ['$.status', 'ok'],
    ["$.checks[0]['a b']", 1],
    ['$.checks[0]["a b"]', 1],
    ['$.checks[1].up', null],
    ["$['x.y']['0']", 'zero'],
    ['$.checks[2]', undefined],
    ['$.checks.length', undefined],
    ['$.status.length', undefined],
    ["$['x.y'][0]", undefined],
    ['$.constructor', undefined],
  ])('%s leads to one value, or to none', (path, value) => {
    expect(jsonAt(body, parseJsonPath(path) ?? ['no such path'])).toEqual(value)
  })

  test.each(['', 'status', '$.', '$..a', '$.*', '$[*]', '$[-1]', '$[a]', '$.a[', "$['a", '$.a b'])(
    '%j is none',
    (path) => {
      expect(parseJsonPath(path)).toBeUndefined()
    },
  )
})

describe('a placeholder', () => {
  test('is filled in where it has a value; a secret is none', () => {
    const filled = fillPlaceholders('https://${target_host}/${version}?k=${env:KEY}&s=${slot}', {
      target_host: 'blue:8080',
      version: '1.2.0',
    })

    expect(filled).toEqual({ text: 'https://blue:8080/1.2.0?k=${env:KEY}&s=${slot}', missing: ['slot'] })
  })

  test('is one that is known', () => {
    expect(unknownPlaceholders('${version} ${verison} ${env:X} $x')).toEqual(['verison'])
    expect(usesPlaceholder('${version}', 'slot', 'version')).toBe(true)
    expect(usesPlaceholder('${env:version}', 'version')).toBe(false)
  })
})

describe('a quantile', () => {
  test.each([
    [[], 0.95, undefined],
    [[7], 0.95, 7],
    [[3, 1, 2], 0.5, 2],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95, 10],
    [Array.from({ length: 100 }, (_, index) => index + 1), 0.95, 95],
    [[1, 2, 3], 0, 1],
    [[1, 2, 3], 1, 3],
  ])('of %j at %s is %s', (values, share, expected) => {
    expect(quantile(values, share)).toBe(expected)
  })
})

describe('a duration in words', () => {
  test.each(['1h30m', '10m', '30s', '800ms', '2m5s', '1s500ms', '0s', '49h'])('%s can be read again', (text) => {
    expect(durationText(parseDuration(text) ?? -1)).toBe(text)
  })

  test('and a share', () => {
    expect([ratioText(0.05), ratioText(0.1234), ratioText(1), ratioText(0)]).toEqual(['5%', '12.34%', '100%', '0%'])
  })
})
