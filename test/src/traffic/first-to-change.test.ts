import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstToChange } from '../../../src/traffic/first-to-change.ts'
import { SEED } from '../../support/effort.ts'

test.each([
  ['the slot that gains everything', { blue: 100, green: 0 }, { blue: 0, green: 100 }, 'green'],
  ['the slot that gains everything back', { blue: 0, green: 100 }, { blue: 100, green: 0 }, 'blue'],
  ['the slot that gains a share', { blue: 90, green: 10 }, { blue: 50, green: 50 }, 'green'],
  ['the old slot when the scale grows', { blue: 1, green: 0 }, { blue: 90, green: 10 }, 'blue'],
  ['whoever, when nobody had anything', { blue: 0, green: 0 }, { blue: 0, green: 100 }, 'green'],
] as const)('%s is changed first', (_title, from, to, slot) => {
  expect(firstToChange(from, to)).toBe(slot)
})

test('somebody takes the requests at every moment, and within one scale the share never leaves its way', () => {
  const percent = fc.integer({ min: 0, max: 100 })
  fc.assert(
    fc.property(percent, percent, (before, after) => {
      const [from, to] = [
        { blue: 100 - before, green: before },
        { blue: 100 - after, green: after },
      ]
      const slot = firstToChange(from, to)
      const moment = { ...from, [slot]: to[slot] }

      expect(moment.blue + moment.green).toBeGreaterThan(0)
      const share = moment.green / (moment.blue + moment.green)
      expect(share).toBeGreaterThanOrEqual(Math.min(before, after) / 100 - 1e-9)
      expect(share).toBeLessThanOrEqual(Math.max(before, after) / 100 + 1e-9)
    }),
    { seed: SEED },
  )
})
