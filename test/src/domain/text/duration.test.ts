import { expect, test } from 'vitest'
import { parseDuration, parseRatio } from '../../../../src/domain/text/duration.ts'

test.each([
  ['0s', 0],
  ['800ms', 800],
  ['30s', 30_000],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['7d', 604_800_000],
])('%s is %i milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', '30', 's', '30 s', '-1s', '1e3s', '1w', '30S', '1h 30m', '٣s'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

test.each([
  ['5%', 0.05],
  ['0%', 0],
  ['12.5%', 0.125],
  ['100%', 1],
])('%s is the ratio %d', (text, ratio) => {
  expect(parseRatio(text)).toBe(ratio)
})

test.each(['', '5', '%', '-1%', '5 %', '0.05'])('%j is no ratio', (text) => {
  expect(parseRatio(text)).toBeUndefined()
})
