import { expect, test } from 'vitest'
import { parseLoad } from './load.ts'

const HEAD = 'Running 2s test @ http://127.0.0.1:1/\n  1 threads and 16 connections\n'

test('a load without failures says how many requests were answered', () => {
  expect(parseLoad(`${HEAD}  61526 requests in 2.00s, 9.1MB read\n`)).toEqual({
    requestCount: 61_526,
    failedCount: 0,
    failures: '',
  })
})

test('every kind of failure counts', () => {
  const printed = `${HEAD}  100 requests in 2.00s, 1MB read\n  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 5\n`

  expect(parseLoad(printed)).toMatchObject({ requestCount: 100, failedCount: 15 })
  expect(parseLoad(printed).failures).toContain('read 2')
})

test('a load that ended before its end is no result', () => {
  expect(() => parseLoad('unable to connect')).toThrow('wrk printed no result')
})
