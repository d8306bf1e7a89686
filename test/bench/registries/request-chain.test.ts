import { expect, test } from 'vitest'
import { chainsOf } from './request-chain.ts'

const exchange = (url: string, startMs: number, endMs: number) => ({
  request: { method: 'GET', url, timeoutMs: 1000 },
  startMs,
  endMs,
})

test('requests that overlap are one stage, those that waited for an answer are the next', () => {
  const exchanges = [
    exchange('http://127.0.0.1:1/a', 0, 10),
    exchange('http://127.0.0.1:1/b', 1, 12),
    exchange('http://127.0.0.1:1/c', 12, 20),
    exchange('http://127.0.0.1:1/d', 90, 99),
  ]

  const [chain] = chainsOf(exchanges)

  const paths = chain?.map((stage) => stage.map(({ url }) => new URL(url).pathname))
  expect(paths).toEqual([['/a', '/b'], ['/c'], ['/d']])
})

test('every server has a chain of its own, whatever the others did meanwhile', () => {
  const exchanges = [
    exchange('http://127.0.0.1:1/a', 0, 10),
    exchange('http://127.0.0.1:2/a', 5, 15),
    exchange('http://127.0.0.1:1/b', 10, 20),
  ]

  expect(chainsOf(exchanges).map((chain) => chain.length)).toEqual([2, 1])
})
