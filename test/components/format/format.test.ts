import { expect, test } from 'vitest'
import { pointerText, registryLabel } from '../../../components/format/names.ts'
import { clip, clipMiddle, fit, widthOf, wrap, wrapIndented } from '../../../components/format/text.ts'

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
