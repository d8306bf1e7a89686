import type { NpmConfig } from '../npmrc/npm-config.ts'

/** The credentials npm would send to a registry. */
export interface NpmLogin {
  /** `null` when the login is a client certificate alone. */
  readonly authorization: string | null
  readonly secrets: readonly string[]
  /** The files of a client certificate and its key. */
  readonly certificate: { readonly certFile: string; readonly keyFile: string } | null
}

export type FoundNpmLogin =
  | { readonly login: NpmLogin }
  /** `why`: what there is instead, as a sentence; empty when nothing is known. */
  | { readonly login: undefined; readonly why: string }

/** The kinds of login at one address, in npm's order. */
const KINDS = [['_authToken'], ['_auth'], ['username', '_password'], ['certfile', 'keyfile']] as const
const OLD_KEYS = ['_auth', '_authToken', '_password']

/** The credentials npm would send to this address: those of the longest matching path, with or without its slash. Pure. */
export function findNpmLogin(registry: string, config: NpmConfig): FoundNpmLogin {
  for (const scope of scopesOf(registry)) {
    const kind = KINDS.find((keys) => keys.every((key) => config.get(`${scope}:${key}`)))
    if (kind === undefined) continue
    const unset = kind.find((key) => (config.find(`${scope}:${key}`)?.missing.length ?? 0) > 0)
    return unset === undefined
      ? { login: loginAt(scope, config) }
      : { login: undefined, why: unsetReason(`${scope}:${unset}`, config) }
  }
  return { login: undefined, why: whyNone(registry, config) }
}

/** From `//host/a/b/` to `//host`: npm cuts off either a part of the path or the slash before it. */
function scopesOf(registry: string): readonly string[] {
  const { host, pathname } = new URL(registry)
  const path = `//${host}${pathname}`
  const scopes: string[] = []
  for (let scope = path.endsWith('/') ? path : `${path}/`; scope.length > 2; scope = shorter(scope)) scopes.push(scope)
  return scopes
}

function shorter(scope: string): string {
  return scope.endsWith('/') ? scope.slice(0, -1) : scope.slice(0, scope.lastIndexOf('/') + 1)
}

function loginAt(scope: string, config: NpmConfig): NpmLogin {
  const read = (key: string) => config.get(`${scope}:${key}`) || undefined
  const [certFile, keyFile] = [read('certfile'), read('keyfile')]
  const certificate = certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : null
  const token = read('_authToken')
  if (token !== undefined) return { ...tokenLogin(token), certificate }
  const [user, password] = [read('username'), read('_password')]
  const pair =
    user === undefined || password === undefined
      ? undefined
      : Buffer.from(`${user}:${Buffer.from(password, 'base64').toString('utf8')}`).toString('base64')
  const basic = read('_auth') ?? pair
  return basic === undefined ? { authorization: null, secrets: [], certificate } : { ...basicLogin(basic), certificate }
}

export function tokenLogin(token: string): NpmLogin {
  return { authorization: `Bearer ${token}`, secrets: [token], certificate: null }
}

/** `basic`: user and password in base64. */
export function basicLogin(basic: string): NpmLogin {
  const password = Buffer.from(basic, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/u, '')
  return { authorization: `Basic ${basic}`, secrets: [basic, password], certificate: null }
}

function unsetReason(key: string, config: NpmConfig): string {
  const layer = config.layers.find(({ settings }) => settings.has(key))
  const names = (config.find(key)?.missing ?? []).join(', ')
  return `${key} in ${layer?.source ?? 'npm'} names ${names}, which is not set.`
}

/** Logins that people believe to be the one of this registry. */
function whyNone(registry: string, config: NpmConfig): string {
  const { hostname, host } = new URL(registry)
  const old = OLD_KEYS.map((key) => [key, sourceOf(key, config)] as const).find(([, source]) => source !== undefined)
  if (old !== undefined) {
    return `${old[0]} in ${old[1]} names no registry, so npm sends it nowhere: write it as //${host}/:${old[0]}.`
  }
  const others = config.layers.flatMap(({ settings }) => [...settings.keys()])
  const near = others
    .filter((key) => OLD_KEYS.some((name) => key.endsWith(`:${name}`)))
    .map((key) => key.slice(0, key.lastIndexOf(':')))
    .find((scope) => scope.startsWith(`//${hostname}`))
  return near === undefined ? '' : `There is a login for ${near}, which is another address.`
}

function sourceOf(key: string, { layers }: NpmConfig): string | undefined {
  return layers.find(({ settings }) => Boolean(settings.get(key)?.value))?.source
}
