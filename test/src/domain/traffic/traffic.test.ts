import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allTo, sameSplit, splitOf, splitText } from '../../../../src/domain/traffic/traffic.ts'
import { SEED } from '../../../support/effort.ts'

describe('a split', () => {
  test.each([
    [
      { blue: 100, green: 0 },
      { blue: 100, green: 0 },
    ],
    [
      { blue: 1, green: 1 },
      { blue: 50, green: 50 },
    ],
    [
      { blue: 2, green: 1 },
      { blue: 67, green: 33 },
    ],
    [
      { blue: 256, green: 1 },
      { blue: 99, green: 1 },
    ],
    [
      { blue: 1, green: 9999 },
      { blue: 1, green: 99 },
    ],
    [
      { blue: 0, green: 3 },
      { blue: 0, green: 100 },
    ],
    [
      { blue: 0, green: 0 },
      { blue: 0, green: 0 },
    ],
  ])('of the weights %j is %j', (weights, split) => {
    expect(splitOf(weights)).toEqual(split)
  })

  test('makes 100 together, and only who gets nothing has 0', () => {
    const weight = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property(weight, weight, (blue, green) => {
        fc.pre(blue + green > 0)
        const split = splitOf({ blue, green })

        expect(split.blue + split.green).toBe(100)
        expect([split.blue === 0, split.green === 0]).toEqual([blue === 0, green === 0])
      }),
      { seed: SEED },
    )
  })

  test('is compared and told in percent', () => {
    expect(sameSplit(allTo('blue'), { blue: 100, green: 0 })).toBe(true)
    expect(sameSplit(allTo('blue'), allTo('green'))).toBe(false)
    expect(splitText({ blue: 90, green: 10 })).toBe('blue 90 %, green 10 %')
  })
})
