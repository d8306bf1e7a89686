import { expect, test } from 'vitest'
import { pinFields, pinText, shortHash } from '../../../src/domain/pin-text.ts'

const DIGEST = `sha256:${'03eb620428de'.padEnd(64, '0')}`
const SHA = 'dbb5b7df5ce86ce18b740f45045c45e97bdd5916'

test.each([
  [{ tags: ['latest', 'stable'], digest: DIGEST, media_type: 'x' }, 'sha256:03eb620428de  latest, stable'],
  [{ tag: 'latest', version: '1.16.0', integrity: 'sha512-abc' }, '1.16.0  latest'],
  [{ path: 'Formula/hello.rb', sha: SHA, commit: SHA }, 'dbb5b7df5ce8  Formula/hello.rb'],
  [{ revision: 7 }, '7'],
  [null, ''],
  [undefined, ''],
])('the pin %j reads %s', (pin, text) => {
  expect(pinText(pin)).toBe(text)
})

test('a pointer names once what several names lead to', () => {
  expect(pinText({ tags: { latest: DIGEST, stable: DIGEST } })).toBe('latest, stable → sha256:03eb620428de')
  expect(
    pinText({ hello: { tags: { latest: '1.16.0' }, deprecated: { '1.17.0': 'withdrawn', '1.16.0': null } } }),
  ).toBe('latest → 1.16.0  1.17.0 deprecated → withdrawn')
})

test('only what looks like a hash is cut', () => {
  expect(shortHash(SHA)).toBe('dbb5b7df5ce8')
  expect(shortHash('sha512-25Jbn8h6j/fcIdboLHOjcZj0DDqJcJpRauhX7c2rRQ==')).toBe('sha512-25Jbn8h6j/fc')
  expect(shortHash('2026-02-01T18:00:00Z')).toBe('2026-02-01T18:00:00Z')
})

test('the parts of a pin are listed by their last name', () => {
  expect(pinFields({ a: { b: '1' }, c: ['x', 'y'], d: null })).toEqual([
    ['b', '1'],
    ['c', 'x, y'],
  ])
})
