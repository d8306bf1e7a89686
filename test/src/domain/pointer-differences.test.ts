import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../../src/domain/text/json.ts'
import { comparePointers, partAt } from '../../../src/domain/pointer-differences.ts'

const textsOf = (expected: Json, observed: Json) =>
  comparePointers(expected, observed).differences.map(({ path }) => path.join('/'))

test.each<[string, Json, Json, string[]]>([
  ['equal', { tags: { latest: 'a', stable: 'a' } }, { tags: { latest: 'a', stable: 'a' } }, []],
  [
    'one part elsewhere',
    { tags: { latest: 'a', stable: 'a' } },
    { tags: { latest: 'a', stable: 'b' } },
    ['tags/stable'],
  ],
  ['a part that was not asked for', { tags: { latest: 'a', edge: 'a' } }, { tags: { latest: 'a' } }, []],
  ['a part that is gone', { tags: { latest: 'a' } }, { tags: { latest: null } }, ['tags/latest']],
  ['a package of a set that is gone', { hello: { tags: { latest: '1' } } }, {}, ['hello/tags/latest']],
  ['a part nothing was recorded of', { tags: { latest: 'a' } }, { tags: { latest: 'a', edge: 'b' } }, []],
])('of two pointers, %s', (_what, expected, observed, differing) => {
  expect(textsOf(expected, observed)).toEqual(differing)
})

test('without a common part nothing counts as compared', () => {
  expect(comparePointers({ files: { old: 'a' } }, { files: { new: 'a' } }).comparedCount).toBe(0)
})

const aPointer = fc.dictionary(
  fc.constantFrom('hello', 'linux', '__proto__'),
  fc.record({
    tags: fc.dictionary(fc.constantFrom('latest', 'stable', 'constructor'), fc.constantFrom('1', '2', null)),
  }),
)

test('every difference is one: the two values at its path are not equal', () => {
  fc.assert(
    fc.property(aPointer, aPointer, (expected, observed) => {
      for (const one of comparePointers(expected, observed).differences) {
        expect([partAt(expected, one.path), partAt(observed, one.path)]).toEqual([one.expected, one.observed])
        expect(one.expected).not.toEqual(one.observed)
      }
      expect(comparePointers(expected, expected).differences).toEqual([])
    }),
    { seed: 20_261_130, numRuns: 500 },
  )
})
