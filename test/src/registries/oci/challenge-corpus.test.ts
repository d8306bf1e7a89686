import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseChallenges } from '../../../../src/registries/oci/login/oci-auth.ts'
import { parseWwwAuthenticate } from '../../../../src/registries/oci/login/www-authenticate.ts'
import { CHALLENGES } from './challenge-corpus.ts'

describe('the challenge', () => {
  test.each(CHALLENGES.map(({ from, header, offers }) => [from, header, offers] as const))(
    'of %s is read',
    (_from, header, offers) => {
      const read = parseChallenges(header).map((challenge) =>
        challenge.scheme === 'basic' ? 'basic' : `bearer ${challenge.realm} ${challenge.service}`,
      )

      expect(read).toEqual(offers)
    },
  )
})

test('at least sixty challenges are read', () => {
  expect(CHALLENGES.length).toBeGreaterThanOrEqual(60)
})

test('any challenges that are written as the grammar says are read as they were meant', () => {
  const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/u)
  const value = fc.string({ maxLength: 12 })
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/gu, (found) => `\\${found}`)}"`
  const challenge = fc.record({
    scheme: fc.constantFrom('Bearer', 'bearer', 'BASIC', 'Basic', 'Digest'),
    parameters: fc.uniqueArray(fc.tuple(token, value), {
      minLength: 1,
      maxLength: 4,
      selector: ([name]) => name.toLowerCase(),
    }),
  })
  fc.assert(
    fc.property(fc.array(challenge, { maxLength: 4 }), fc.constantFrom(',', ', ', ' ,\t'), (challenges, comma) => {
      const header = challenges
        .map(
          ({ scheme, parameters }) =>
            `${scheme} ${parameters.map(([name, text]) => `${name}=${quoted(text)}`).join(comma)}`,
        )
        .join(comma)

      const read = parseWwwAuthenticate(header).map(({ scheme, parameters }) => [scheme, [...parameters]])

      expect(read).toEqual(
        challenges.map(({ scheme, parameters }) => [
          scheme.toLowerCase(),
          parameters.map(([name, text]) => [name.toLowerCase(), text]),
        ]),
      )
    }),
    { seed: 11, numRuns: 500 },
  )
})

test('any text is read in the time that its length allows', () => {
  const hostile = [
    'Basic '.repeat(20_000),
    '"'.repeat(60_000),
    'a='.repeat(40_000),
    '\\"'.repeat(40_000),
    `x="${'\\'.repeat(50_000)}`,
  ]

  for (const header of hostile) expect(parseChallenges(header).length).toBeLessThanOrEqual(1)
})
