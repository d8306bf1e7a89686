import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { ErrorCode } from '../errors/codes.ts'
import type { HttpResponse, Secrets } from '../platform/platform.ts'
import { parseJson } from '../domain/text/parse-json.ts'

/** What an error about an answer has to tell, apart from the answer. */
export interface ErrorContext {
  /** The registry as the operator knows it: `127.0.0.1:5000/team/app`. */
  readonly registry: string
  /** What was being done, as it continues "while …": `reading tag latest`. */
  readonly doing: string
  /** What helps when credentials are missing or refused, ideally a command. */
  readonly login: string
  /** An answer that repeats one is shown without it. */
  readonly secrets: Secrets
}

/** Of a foreign body, in characters: enough for a registry's own error message. */
const EXCERPT_LENGTH = 200

/** The longest wait for a registry, regardless of its answer. */
const LONGEST_DELAY_MS = 24 * 60 * 60_000

/** The error an answer means; the caller knows that it is one. */
export function answerError({ status, headers, body }: HttpResponse, errorContext: ErrorContext): BagboyError {
  const { code, hint } = meaningOf(status)
  const excerpt = excerptOf(body, errorContext.secrets)
  const retryAfterMs = parseRetryAfter(headers['retry-after'], headers['date'])
  const wait = retryAfterMs === undefined ? '' : `Wait ${Math.ceil(retryAfterMs / 1000)} s. `
  const message = `${errorContext.registry} answered ${status} while ${errorContext.doing}${excerpt === '' ? '' : `: ${excerpt}`}`
  return new BagboyError(code, message, {
    hint: wait + hint(errorContext),
    details: { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  })
}

interface Meaning {
  readonly code: ErrorCode
  readonly hint: (errorContext: ErrorContext) => string
}

const CONFLICT: Meaning = {
  code: 'REGISTRY_CONFLICT',
  hint: () => 'It was changed elsewhere at the same time: see bagboy-tui status.',
}
const MEANINGS: Readonly<Record<number, Meaning>> = {
  401: { code: 'REGISTRY_UNAUTHORIZED', hint: ({ login }) => login },
  403: { code: 'REGISTRY_FORBIDDEN', hint: ({ registry }) => `Use credentials that may do this on ${registry}.` },
  404: { code: 'REGISTRY_NOT_FOUND', hint: ({ login }) => `Check the name, and that it may be seen. ${login}` },
  409: CONFLICT,
  412: CONFLICT,
  429: { code: 'REGISTRY_RATE_LIMITED', hint: () => 'Wait until its limit allows more requests, then try again.' },
}

function meaningOf(status: number): Meaning {
  const known = MEANINGS[status]
  if (known) return known
  const hint = () => 'Look at the status of the registry, and try again when it answers.'
  if (status < 400 || status > 499) return { code: 'REGISTRY_BROKEN', hint }
  return { code: 'REGISTRY_REJECTED', hint: ({ registry }) => `Ask the operators of ${registry} why it refuses this.` }
}

/** The body as JSON. @throws REGISTRY_BROKEN with its beginning when it is none */
export function parseAnswer({ status, body }: HttpResponse, errorContext: ErrorContext): unknown {
  const parsed = parseJson(body)
  if (parsed !== undefined) return parsed
  const excerpt = excerptOf(body, errorContext.secrets)
  throw new BagboyError(
    'REGISTRY_BROKEN',
    `${errorContext.registry} sent no JSON while ${errorContext.doing}: ${excerpt}`,
    {
      hint: 'Something between here and the registry answers in its place: check the address and the proxy.',
      details: { status },
    },
  )
}

/** The registry's answer is well-formed and still not what its protocol promises. */
export function brokenAnswer(errorContext: ErrorContext, what: string): BagboyError {
  return new BagboyError(
    'REGISTRY_BROKEN',
    `${errorContext.registry}: ${errorContext.secrets.mask(what)}, while ${errorContext.doing}`,
    {
      hint: 'Check that the address is that of a registry and that no proxy answers in its place.',
    },
  )
}

/** Seconds or an HTTP date, which is read against the registry's own clock (RFC 9110, 10.2.3). */
export function parseRetryAfter(value: string | undefined, date: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const delayMs = /^\d+$/u.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.parse(date ?? '')
  return Number.isNaN(delayMs) ? undefined : Math.min(Math.max(0, delayMs), LONGEST_DELAY_MS)
}

function excerptOf(body: Uint8Array, secrets: Secrets): string {
  const text = new TextDecoder().decode(body.subarray(0, 4 * EXCERPT_LENGTH)).trim()
  return sanitize(secrets.mask(text).replaceAll(/\s+/gu, ' '), EXCERPT_LENGTH)
}
