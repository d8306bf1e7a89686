import { expect, test } from 'vitest'
import { measureRounds, quantile, timingOf } from './measure.ts'

test('rounds take turns, another one begins each time, and the first round is dropped', async () => {
  const order: string[] = []
  const durations = [100, 1, 3, 2]
  const contestant = (name: string) => ({
    prepare: async () => void order.push(`prepare ${name}`),
    run: async () => {
      order.push(name)
      return durations[order.filter((each) => each === name).length - 1] ?? Number.NaN
    },
  })

  const timings = await measureRounds({ a: contestant('a'), b: contestant('b') }, 4)

  const one = ['prepare a', 'a', 'prepare b', 'b']
  const other = ['prepare b', 'b', 'prepare a', 'a']
  expect(order).toEqual([...one, ...other, ...one, ...other])
  expect(timings.a).toEqual({ medianMs: 2, minMs: 1, maxMs: 3, count: 3 })
  expect(timings.b).toEqual(timings.a)
})

test('by default at least fifteen rounds count', async () => {
  const { only } = await measureRounds({ only: { run: async () => 1 } })

  expect(only.count).toBeGreaterThanOrEqual(15)
})

test.each([
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 2, 3], 0.5, 2.5],
  [[10, 20], 0.95, 19.5],
  [[7], 0.95, 7],
])('the quantile of %j at %d is %d', (values, share, expected) => {
  expect(quantile(values, share)).toBeCloseTo(expected)
})

test('a timing names the smallest and the largest', () => {
  expect(timingOf([5, 4, 9])).toEqual({ medianMs: 5, minMs: 4, maxMs: 9, count: 3 })
})
