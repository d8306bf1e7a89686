import { expect, test } from 'vitest'
import { isRetryable, retryDelayMs } from '../../../../../src/engine/rollback/step/retry.ts'
import type { ErrorCode } from '../../../../../src/errors/codes.ts'

const rules = { attempts: 5, backoffMs: 1000, maxBackoffMs: 30_000, jitter: true }
const report = (code: ErrorCode, details: Record<string, number> | null = null) => ({
  code,
  message: 'no',
  hint: null,
  details,
})
const random = (value: number) => ({ next: () => value, hex: () => '' })

test.each([
  'REGISTRY_UNREACHABLE',
  'REGISTRY_TIMEOUT',
  'REGISTRY_BROKEN',
  'REGISTRY_RATE_LIMITED',
  'REGISTRY_CONFLICT',
] as const)('%s is worth another try', (code) => {
  expect(isRetryable(report(code))).toBe(true)
})

test.each(['REGISTRY_UNAUTHORIZED', 'REGISTRY_FORBIDDEN', 'REGISTRY_NOT_FOUND', 'REGISTRY_REJECTED', 'BUG'] as const)(
  '%s is never tried again',
  (code) => {
    expect(isRetryable(report(code))).toBe(false)
  },
)

test('the wait doubles, is jittered downwards by half at most, and is capped', () => {
  const delays = (value: number) =>
    [1, 2, 3, 9].map((attempt) => retryDelayMs(attempt, report('REGISTRY_BROKEN'), rules, random(value)))

  expect(delays(0)).toEqual([500, 1000, 2000, 15_000])
  expect(delays(1)).toEqual([1000, 2000, 4000, 30_000])
})

test('the registry’s own Retry-After is never undercut', () => {
  const limited = report('REGISTRY_RATE_LIMITED', { retryAfterMs: 60_000 })

  expect(retryDelayMs(1, limited, rules, random(0))).toBe(60_000)
})
