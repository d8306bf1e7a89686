import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { countIds } from '../../../src/history/read/count-ids.ts'
import { idRanges, missingIds } from '../../../src/history/revision.ts'
import { applySplices, splicesOf } from '../../../src/history/edit/splices.ts'
import { SEED } from '../../support/effort.ts'

test('ids are kept as ranges and missed one by one', () => {
  expect(idRanges([])).toBe('')
  expect(idRanges([9, 3, 2, 1, 5])).toBe('1-3,5,9')
  expect(missingIds('1-3,5,9', [2, 9, 12])).toEqual([1, 3, 5])
  expect(missingIds('', [1])).toEqual([])
})

test('any ids are found again in their ranges', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
      fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
      (ids, left) => {
        const gone = ids.filter((id) => !left.includes(id)).sort((a, b) => a - b)

        expect(missingIds(idRanges(ids), left)).toEqual(gone)
      },
    ),
    { seed: SEED },
  )
})

test('splices of any parts lead from the old text to the new one and fit no other length', () => {
  const part = fc.record({ before: fc.string({ maxLength: 8 }), after: fc.string({ maxLength: 8 }) })

  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const before = parts.map((piece) => piece.before).join('')
      const after = parts.map((piece) => piece.after).join('')
      const splices = splicesOf(parts)

      expect(applySplices(before, splices)).toBe(after)
      const removed = splices.at(-1)
      if (removed && removed.remove > 0) expect(applySplices(before.slice(0, removed.at), splices)).toBeUndefined()
    }),
    { seed: SEED },
  )
})

test('an entry without an id is counted from the next older one, and never takes the id of another', () => {
  expect(countIds([undefined, undefined])).toEqual([2, 1])
  expect(countIds([undefined, 7, undefined, 2])).toEqual([8, 7, 3, 2])
  expect(countIds([3, undefined, 2])).toMatchObject({ id: 3, index: 1, other: 0 })
  expect(countIds([4, 4])).toMatchObject({ id: 4 })
})
