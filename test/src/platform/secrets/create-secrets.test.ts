import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { environmentSecrets } from '../../../../src/platform/secrets/environment-secrets.ts'
import { maskTexts } from '../../../../src/platform/secrets/mask-texts.ts'
import { knownSecrets } from '../../../support/builders/known-secrets.ts'

const encodeBase64 = (text: string): string => Buffer.from(text).toString('base64')

/** How applications, registries and proxies repeat what they were sent. */
const ECHOES: readonly (readonly [string, (secret: string) => string])[] = [
  ['as it is', (secret) => secret],
  ['inside other text', (secret) => `authorization: Bearer ${secret}, cookie: a=b`],
  ['as JSON', (secret) => JSON.stringify({ token: secret })],
  ['as JSON in JSON', (secret) => JSON.stringify({ body: JSON.stringify({ token: secret }) })],
  ['in an address', (secret) => `/login?token=${encodeURIComponent(secret)}`],
  ['in a form', (secret) => new URLSearchParams({ token: secret, other: 'x' }).toString()],
  [
    'in HTML',
    (secret) =>
      `<b>${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')}</b>`,
  ],
  ['as Basic credentials', (secret) => `Basic ${encodeBase64(`me:${secret}`)}`],
  ['as base64', (secret) => encodeBase64(secret)],
  ['as base64url', (secret) => Buffer.from(secret).toString('base64url')],
  ['in base64 with text around it', (secret) => encodeBase64(`{"user":"me","password":"${secret}","more":true}`)],
]

const secretText = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_./+=-]{10,60}$/u),
  fc.string({ minLength: 10, maxLength: 40, unit: 'grapheme-ascii' }).filter((text) => text.trim().length >= 10),
)

/** A secret's own characters in the order of the echo, where they say more than a few of them. */
function repeats(text: string, echo: string, plain: string): boolean {
  const told = echo.split(/[^A-Za-z0-9]+/u).filter((part) => part.length >= 8 && !plain.includes(part))
  return told.some((part) => text.includes(part))
}

test.each(ECHOES)('a secret is masked %s', (_how, echo) => {
  fc.assert(
    fc.property(secretText, (drawn) => {
      const secret = drawn.trim()
      const masked = knownSecrets(secret).mask(`before ${echo(secret)} after`)

      expect(masked).toContain('***')
      expect(masked).toMatch(/^before [\s\S]* after$/u)
      expect(masked).not.toContain(secret)
      expect(repeats(masked, secret, echo(''))).toBe(false)
    }),
    { seed: 70, numRuns: 300 },
  )
})

describe('masking', () => {
  test('leaves every other text as it is, byte for byte', () => {
    const secrets = knownSecrets('correct horse battery staple', 'npm_0123456789abcdef')

    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(secrets.mask(text)).toBe(text)
      }),
      { seed: 70, numRuns: 500 },
    )
  })

  test.each([
    ['abc', 'abc is no secret', 'abc is no secret'],
    ['1234', 'the code 1234, not 12345 or a1234', 'the code ***, not 12345 or a1234'],
    ['p4ss!', 'me:p4ss!@host, p4ss!word, xp4ss!', 'me:***@host, p4ss!word, xp4ss!'],
    ['s3cret', 'xs3cretx', 'x***x'],
  ])('of %j takes a short secret only as a word of its own', (secret, text, masked) => {
    expect(knownSecrets(secret).mask(text)).toBe(masked)
  })

  test('of our own words leaves secrets below eight characters alone', () => {
    expect(knownSecrets('latest').maskLong('tag latest')).toBe('tag latest')
    expect(knownSecrets('latest-and-best').maskLong('tag latest-and-best')).toBe('tag ***')
  })

  test('leaves no rest of a longer secret, and knows the lines of a key', () => {
    const secrets = knownSecrets(
      'token-12',
      'token-12-and-more',
      '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nAoIBAQC7VJTUt9Us8cKj\n',
    )

    expect(secrets.mask('token-12-and-more token-12')).toBe('*** ***')
    expect(secrets.mask('error in line 2: AoIBAQC7VJTUt9Us8cKj')).toBe('error in line 2: ***')
    expect(secrets.mask('MIIEvQIBADANBgkqhkiG AoIBAQC7VJTUt9Us8cKj')).toBe('*** ***')
  })

  test('takes the start of a secret away where a text was cut within it', () => {
    const [secrets, secret] = [knownSecrets('npm_0123456789abcdef'), 'npm_0123456789abcdef']

    for (let length = 8; length < secret.length; length += 1) {
      expect(secrets.mask(`said ${secret.slice(0, length)}`)).toBe('said ***')
    }
  })

  test('knows the login in Basic credentials, and its password alone', () => {
    const secrets = knownSecrets(encodeBase64('me:pass-word-1'))

    expect(secrets.mask('me:pass-word-1 or pass-word-1')).toBe('*** or ***')
  })

  test('of records reaches texts at any depth and nothing that is compared', () => {
    const secrets = knownSecrets('npm_0123456789')
    const event = {
      type: 'step.ended',
      pin: { tag: 'npm_0123456789' },
      plan: { steps: [{ title: 'npm_0123456789' }] },
      error: { code: 'X', details: { body: ['said npm_0123456789'] } },
      evidence: 'npm_0123456789',
    }

    expect(maskTexts(event, secrets)).toEqual({
      ...event,
      error: { code: 'X', details: { body: ['said ***'] } },
      evidence: '***',
    })
    expect(maskTexts({ evidence: 'none' }, secrets)).toEqual({ evidence: 'none' })
  })
})

test('variables whose names say that they hold a secret are known from the start', () => {
  const env = {
    NPM_TOKEN: 'a',
    DB_PASSWORD: 'b',
    AWS_SECRET_ACCESS_KEY: 'c',
    api_key: 'd',
    TOKENS_PATH: 'e',
    HOME: 'f',
  }

  expect(environmentSecrets(env)).toEqual(['a', 'b', 'c', 'd'])
})
