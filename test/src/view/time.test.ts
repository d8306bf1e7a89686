import { expect, test } from 'vitest'
import { plural } from '../../../src/view/plural.ts'
import { age, clockTime, dateTime, elapsed, formatDuration, msUntil, timerText } from '../../../src/view/time.ts'

test('ages and durations say as much as they must', () => {
  const now = '2026-02-01T20:00:00.000Z'

  expect(age('2026-02-01T19:59:30.000Z', now)).toBe('30s')
  expect(age('2026-02-01T18:00:00.000Z', now)).toBe('2h')
  expect(age('2026-01-15T12:00:00.000Z', now)).toBe('17d')
  expect(age('never', now)).toBe('–')
  expect(timerText(61_000)).toBe('1m01')
  expect(timerText(3_900_000)).toBe('1h05m')
  expect(elapsed(null, now)).toBe('')
  expect(elapsed('2026-02-01T19:59:50.000Z', now)).toBe('0m10')
  expect(msUntil('2026-02-01T20:00:01.000Z', now)).toBe(1000)
  expect(msUntil('2026-02-01T19:00:00.000Z', now)).toBe(0)
})

test('times are shown in UTC and foreign text stays as it is', () => {
  expect(clockTime('2026-02-01T20:02:11.000Z')).toBe('20:02:11Z')
  expect(dateTime('2026-02-01T20:02:11Z')).toBe('2026-02-01 20:02Z')
  expect(dateTime('later')).toBe('later')
})

test.for([
  [840, '840ms'],
  [1000, '1.0s'],
  [59_949, '59.9s'],
  [59_950, '1m'],
  [250_000, '4m 10s'],
  [3_600_000, '1h'],
  [3_720_000, '1h 2m'],
] as const)('%i ms are %s', ([ms, text]) => {
  expect(formatDuration(ms)).toBe(text)
})

test('only one thing is singular', () => {
  expect([0, 1, 2].map((count) => plural(count, 'check'))).toEqual(['0 checks', '1 check', '2 checks'])
  expect([1, 2].map((count) => plural(count, 'analysis', 'analyses'))).toEqual(['1 analysis', '2 analyses'])
})
