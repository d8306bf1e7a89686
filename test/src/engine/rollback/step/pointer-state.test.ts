import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparePointer } from '../../../../../src/engine/rollback/step/pointer-state.ts'
import { SEED } from '../../../../support/effort.ts'

const before = { tags: { latest: '1.3.0', stable: '1.3.0' }, deprecated: { '1.3.0': null } }
const want = { tags: { latest: '1.2.0', stable: '1.2.0' }, deprecated: { '1.3.0': 'rolled back' } }

test('a pointer that is where it should be is want, whatever the order of its keys', () => {
  const reordered = { deprecated: { '1.3.0': 'rolled back' }, tags: { stable: '1.2.0', latest: '1.2.0' } }

  expect(comparePointer(reordered, before, want)).toBe('want')
})

test('every mixture of the two states is between', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (a, b, c) => {
      const mixed = {
        tags: { latest: a ? '1.2.0' : '1.3.0', stable: b ? '1.2.0' : '1.3.0' },
        deprecated: { '1.3.0': c ? 'rolled back' : null },
      }
      const moved = [a, b, c].filter(Boolean).length

      expect(comparePointer(mixed, before, want)).toBe(moved === 3 ? 'want' : moved === 0 ? 'before' : 'between')
    }),
    { seed: SEED },
  )
})

test('any foreign value makes it other', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => text !== '1.2.0' && text !== '1.3.0'),
      (foreign) => {
        const moved = { ...want, tags: { ...want.tags, latest: foreign } }

        expect(comparePointer(moved, before, want)).toBe('other')
      },
    ),
    { seed: SEED },
  )
})

test('a missing key counts as null', () => {
  const partly = { tags: want.tags, deprecated: {} }

  expect(comparePointer(partly, before, want)).toBe('between')
})
