import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitOf } from '../../../src/domain/traffic/traffic.ts'
import { spreadWeights } from '../../../src/traffic/spread-weights.ts'
import { SEED } from '../../support/effort.ts'

const sum = (weights: readonly number[]): number => weights.reduce((total, weight) => total + weight, 0)

test.each([
  [
    { blue: 90, green: 10 },
    { blue: [1], green: [1] },
    { blue: [90], green: [10] },
  ],
  [
    { blue: 100, green: 0 },
    { blue: [1, 1], green: [1] },
    { blue: [50, 50], green: [0] },
  ],
  [
    { blue: 50, green: 50 },
    { blue: [100, 50], green: [1] },
    { blue: [100, 50], green: [150] },
  ],
  [
    { blue: 75, green: 25 },
    { blue: [1, 1], green: [1, 1] },
    { blue: [75, 75], green: [25, 25] },
  ],
])('%j over servers of the capacities %j are the weights %j', (split, capacities, weights) => {
  expect(spreadWeights(split, capacities, 256)).toEqual(weights)
})

test('weights are whole, within their limits, and what they mean is what was wanted', () => {
  const capacities = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), capacities, capacities, (green, blues, greens) => {
      const split = { blue: 100 - green, green }
      const weights = spreadWeights(split, { blue: blues, green: greens }, 256)
      const all = [...weights.blue, ...weights.green]

      expect(all.every((weight) => Number.isInteger(weight) && weight >= 0 && weight <= 256)).toBe(true)
      const read = splitOf({ blue: sum(weights.blue), green: sum(weights.green) })
      expect(Math.abs(read.green - green)).toBeLessThanOrEqual(2)
      expect(weights.green.some((weight) => weight === 0)).toBe(green === 0)
    }),
    { seed: SEED },
  )
})
