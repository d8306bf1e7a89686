import { knownSecrets } from '../../support/builders/known-secrets.ts'
import { describe, expect, test } from 'vitest'
import { answerError, parseAnswer } from '../../../src/http-api/http-errors.ts'

const story = {
  registry: 'npm.example.com',
  doing: 'reading myapp',
  login: 'npm login --registry https://npm.example.com',
  secrets: knownSecrets('s3cret', 's3cret-long'),
}
const answer = (status: number, headers: Readonly<Record<string, string>> = {}, body = '') => ({
  status,
  headers,
  body: new TextEncoder().encode(body),
})

describe('what an answer means', () => {
  test.each([
    [400, 'REGISTRY_REJECTED'],
    [401, 'REGISTRY_UNAUTHORIZED'],
    [403, 'REGISTRY_FORBIDDEN'],
    [404, 'REGISTRY_NOT_FOUND'],
    [405, 'REGISTRY_REJECTED'],
    [409, 'REGISTRY_CONFLICT'],
    [412, 'REGISTRY_CONFLICT'],
    [422, 'REGISTRY_REJECTED'],
    [429, 'REGISTRY_RATE_LIMITED'],
    [301, 'REGISTRY_BROKEN'],
    [500, 'REGISTRY_BROKEN'],
    [502, 'REGISTRY_BROKEN'],
    [503, 'REGISTRY_BROKEN'],
  ] as const)('%i is %s, with the place, the status and what to do', (status, code) => {
    const error = answerError(answer(status), story)

    expect(error.code).toBe(code)
    expect(error.message).toBe(`npm.example.com answered ${status} while reading myapp`)
    expect(error.details).toEqual({ status })
    expect(error.hint).toMatch(/\S/u)
  })

  test.each([
    ['2', undefined, 2000],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT', 0],
    ['Wed, 21 Oct 2026 07:28:30 GMT', undefined, undefined],
    ['soon', 'Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-5', undefined, undefined],
  ])('Retry-After %j at the date %j is %j ms', (retryAfter, date, expected) => {
    const headers = { 'retry-after': retryAfter, ...(date === undefined ? {} : { date }) }

    const error = answerError(answer(429, headers), story)

    expect(error.details).toEqual({ status: 429, ...(expected === undefined ? {} : { retryAfterMs: expected }) })
    expect(/Wait \d+ s/u.test(error.hint ?? '')).toBe(expected !== undefined)
  })

  test('shows the beginning of a foreign body, made safe and without what we sent', () => {
    const body = `denied for s3cret-long\r\n\u001b[2Jand \u202Es3cret${'x'.repeat(1000)}`

    const { message } = answerError(answer(403, {}, body), story)

    expect(message).toContain('denied for *** ^[[2Jand <U+202E>***')
    expect(message).not.toContain('s3cret')
    expect(message.length).toBeLessThan(300)
  })
})

describe('an answer that should be JSON', () => {
  test('is given back parsed', () => {
    expect(parseAnswer(answer(200, {}, '{"a":[1]}'), story)).toEqual({ a: [1] })
  })

  test.each(['<!doctype html><p>Sign in', '', '{"a":'])('is broken as %j', (body) => {
    expect(() => parseAnswer(answer(200, {}, body), story)).toThrow(
      expect.objectContaining({
        code: 'REGISTRY_BROKEN',
        message: `npm.example.com sent no JSON while reading myapp: ${body}`,
      }),
    )
  })
})
