import { trimEnd } from '../../domain/text/trim-end.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Trust } from '../../platform/platform.ts'
import type { NpmConfig } from '../npmrc/npm-config.ts'
import { refuseUnset } from '../npmrc/refuse-unset.ts'

/** Where a registry is, and the login that its address holds. */
export interface NpmAddress {
  /** Without a slash at the end, and without a login. */
  readonly url: string
  /** `user:password`; empty for none. Only of an address that npm's configuration names. */
  readonly login: string
}

/** Nothing that a shell reads differently: addresses stand in commands that people paste. */
const ADDRESS = /^[\w.~%:/@[\]-]+$/u
/** What npm uses when nothing is configured. */
const DEFAULT_REGISTRY = 'https://registry.npmjs.org/'

/**
 * The registry of a package: as the history names it, or what npm is configured to use.
 * @throws CONFIG_INVALID, NOT_TRUSTED
 */
export function findNpmAddress(written: string, name: string, config: NpmConfig, trust: Trust): NpmAddress {
  if (!namesNoRegistry(written)) return parseAddress(normalizeRegistry(written), 'bagboy.yaml')
  const scope = /^(@[^/]+)\//u.exec(name)?.[1]
  const key = scope !== undefined && config.get(`${scope}:registry`) !== undefined ? `${scope}:registry` : 'registry'
  refuseUnset(key, config, trust)
  const source = config.layers.find(({ settings }) => settings.has(key))?.source ?? 'the configuration of npm'
  return parseConfigured(config.get(key) ?? DEFAULT_REGISTRY, source)
}

/** npm takes a login in the address. */
function parseConfigured(address: string, source: string): NpmAddress {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || url.username === '') return parseAddress(address, source)
  const login = [url.username, url.password].map(decoded).join(':')
  url.username = ''
  url.password = ''
  return { ...parseAddress(url.href, source), login }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function parseAddress(address: string, source: string): NpmAddress {
  const url = ADDRESS.test(address) && URL.canParse(address) ? new URL(address) : undefined
  if (url && /^https?:$/u.test(url.protocol) && url.username === '') return { url: trimEnd(address, '/'), login: '' }
  throw new BagboyError('CONFIG_INVALID', `npm: "${sanitize(address, 200)}" is not the address of a registry`, {
    hint: `Write it in ${source} as https://npm.example.com, without user, password or query.`,
  })
}

/** Histories that people wrote name the format only. */
export function namesNoRegistry(written: string): boolean {
  return written === '' || written === 'npm' || written === 'npmjs'
}

/** `npm.example.com/path` is meant as https. */
export function normalizeRegistry(written: string): string {
  const address = /^[a-z][a-z0-9+.-]*:\/\//iu.test(written) ? written : `https://${written}`
  return trimEnd(address, '/')
}
