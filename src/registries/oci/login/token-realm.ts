import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { brokenAnswer, type ErrorContext } from '../../../http-api/http-errors.ts'
import { isLoopback } from '../../../http-api/is-loopback.ts'

export interface RealmRequest {
  /** As the registry's challenge names it. */
  readonly realm: string
  /** Of the registry: `https://registry.example.com`. */
  readonly origin: string
  /** `token_realm` of the registry's entry. */
  readonly configured: string | undefined
}

export interface TokenRealm {
  readonly url: URL
  /** `other`: a host that nothing connects with the registry; it gets no login and has to be a public one. */
  readonly host: 'registry' | 'known' | 'other'
}

/** Registries whose token server has a name of its own. Most others, as GHCR, Quay, ECR, GAR, ACR and Harbor, have one host. */
const KNOWN_PAIRS = new Map([
  ['registry-1.docker.io', 'auth.docker.io'],
  ['registry.gitlab.com', 'gitlab.com'],
  ['registry.digitalocean.com', 'api.digitalocean.com'],
])

/** An address that a login may go to: not in clear text beyond this machine, and with no login of its own. Pure. */
export function isSafeRealm(realm: string): boolean {
  if (!URL.canParse(realm)) return false
  const { protocol, host, username, password } = new URL(realm)
  const isHidden = protocol === 'https:' || (protocol === 'http:' && isLoopback(host))
  return isHidden && username === '' && password === ''
}

/** @throws REGISTRY_BROKEN for a realm that is no address, or would get the request in clear text */
export function parseTokenRealm({ realm, origin, configured }: RealmRequest, errorContext: ErrorContext): TokenRealm {
  const url = URL.canParse(realm) ? new URL(realm) : undefined
  if (!url || !isSafeRealm(realm)) {
    throw brokenAnswer(errorContext, 'it names no safe place to get a token from')
  }
  return { url, host: hostOf(url, new URL(origin), configured) }
}

function hostOf(url: URL, registry: URL, configured: string | undefined): TokenRealm['host'] {
  if (url.host === registry.host) return 'registry'
  // A registry on a port of its own, as GitLab serves it: the host's own service is in the same hands at least.
  const isMainService = url.protocol === 'https:' && url.port === '' && registry.protocol === 'https:'
  if (isMainService && url.hostname === registry.hostname) return 'registry'
  if (configured !== undefined && isConfigured(url, new URL(configured))) return 'known'
  const isPair = KNOWN_PAIRS.get(registry.host) === url.host && url.protocol === 'https:'
  return isPair || isBelow(url, registry) ? 'known' : 'other'
}

/** A path that is configured is the only one; without it any path of that host is meant. */
function isConfigured(url: URL, configured: URL): boolean {
  return url.origin === configured.origin && ['/', url.pathname].includes(configured.pathname)
}

/** A name below the registry's own belongs to the same owner. */
function isBelow(url: URL, registry: URL): boolean {
  const isName = /[a-z]$/u.test(registry.hostname) && registry.hostname.includes('.')
  return (
    isName && url.protocol === 'https:' && url.port === registry.port && url.hostname.endsWith(`.${registry.hostname}`)
  )
}

/** For a login that would have to go to a host which nothing connects with the registry. */
export function foreignRealmError({ url }: TokenRealm, { registry, doing }: ErrorContext): BagboyError {
  const address = sanitize(`${url.origin}${url.pathname}`, 200)
  return new BagboyError(
    'REGISTRY_UNAUTHORIZED',
    `${registry} wants the login sent to another host, ${address}, while ${doing}; nothing was sent there`,
    {
      hint: `If this is the registry's own token server, name it beside the registry in bagboy.yaml: token_realm: "${address}"`,
    },
  )
}
