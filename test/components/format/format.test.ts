import { expect, test } from 'vitest'
import { pointerText, registryLabel } from '../../../components/format/names.ts'
import { clip, clipMiddle, fit, widthOf, wrap, wrapIndented } from '../../../components/format/text.ts'
import { age, clockTime, dateTime, duration, elapsed } from '../../../components/format/time.ts'

test('a text is cut to columns, not to characters', () => {
  expect(clip('日本語', 5)).toBe('日本…')
  expect(widthOf(fit('日本語', 5))).toBe(5)
  expect(fit('ab', 4, 'right')).toBe('  ab')
  expect(clip('two\nlines', 20)).toBe('two lines')
})

test('the ends of a digest survive', () => {
  const cut = clipMiddle('sha256:0123456789abcdef', 12)

  expect(cut).toBe('sha256:0…def')
  expect(widthOf(cut)).toBe(12)
})

test('lines are broken at spaces and never longer than asked', () => {
  const lines = wrap('a formula stays at the bad version until its users install it again', 20)

  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(20)
  expect(lines.join(' ')).toBe('a formula stays at the bad version until its users install it again')
})

test('a word longer than the line is cut, not lost', () => {
  expect(wrap('x'.repeat(25), 10).join('')).toBe('x'.repeat(25))
})

test('what is broken off stands under the beginning of its line', () => {
  expect(wrapIndented('  one two', 6)).toEqual(['  one', '  two'])
})

test('ages and durations say as much as they must', () => {
  const now = '2026-02-01T20:00:00.000Z'

  expect(age('2026-02-01T19:59:30.000Z', now)).toBe('30s')
  expect(age('2026-02-01T18:00:00.000Z', now)).toBe('2h')
  expect(age('2026-01-15T12:00:00.000Z', now)).toBe('17d')
  expect(age('never', now)).toBe('–')
  expect(duration(61_000)).toBe('1m01')
  expect(duration(3_900_000)).toBe('1h05m')
  expect(elapsed(null, now)).toBe('')
})

test('times are shown in UTC and foreign text stays as it is', () => {
  expect(clockTime('2026-02-01T20:02:11.000Z')).toBe('20:02:11Z')
  expect(dateTime('2026-02-01T20:02:11Z')).toBe('2026-02-01 20:02Z')
  expect(dateTime('later')).toBe('later')
})

test('a registry is called by its format where that is enough', () => {
  const npm = (name: string) => ({ format: 'npm', registry: 'npm.example.com', name })

  expect(registryLabel(npm('a'), [npm('a')])).toBe('npm')
  expect(registryLabel(npm('a'), [npm('a'), npm('b')])).toBe('npm a')
})

test('a pointer is shown by the part of it that says something', () => {
  expect(pointerText(null)).toBe('–')
  expect(pointerText('1.2.0')).toBe('1.2.0')
  expect(pointerText({ latest: '1.2.0' })).toBe('1.2.0')
  expect(pointerText({ latest: '1.2.0', next: '2.0.0' })).toBe('latest → 1.2.0  next → 2.0.0')
})
