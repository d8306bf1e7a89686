import { own } from '../../../domain/text/own.ts'
import type { Platform } from '../../../platform/platform.ts'
import { runHelper } from './credential-helper.ts'
import { readDockerConfigs, type DockerAuth, type DockerConfig } from './docker-config.ts'
import type { OciReference } from '../oci-reference.ts'
import type { DockerLogin, LoginRequest } from './login-request.ts'

/** What a login is looked for by. */
export type LoginSubject = Pick<OciReference, 'loginKeys' | 'repository'>

/**
 * The login that `docker login` stored for this repository: a helper of its own first, then the common store, then the
 * file. `undefined` without one, and without trust. @throws CONFIG_INVALID, REGISTRY_UNAUTHORIZED when a helper fails
 */
export async function findDockerLogin(subject: LoginSubject, request: LoginRequest): Promise<DockerLogin | undefined> {
  if (!request.platform.trust.isGiven()) return undefined
  for (const config of await readDockerConfigs(request.platform)) {
    for (const { helper, key } of helpersFor(config, subject)) {
      const found = await runHelper(helper, key, request)
      if (found) return found
    }
    const stored = storedLogin(config, subject)
    if (stored) return stored
  }
  return undefined
}

/** Whether {@link findDockerLogin} may find one; no helper is run. @throws CONFIG_INVALID */
export async function mayHaveDockerLogin(subject: LoginSubject, platform: Platform): Promise<boolean> {
  const configs = await readDockerConfigs(platform)
  return configs.some((config) => helpersFor(config, subject).length > 0 || storedLogin(config, subject) !== undefined)
}

interface Helper {
  readonly helper: string
  /** What it is asked for. */
  readonly key: string
}

/** That of the registry alone where one is named, else the common store; an empty one sends us to the file. */
function helpersFor({ credHelpers, credsStore }: DockerConfig, { loginKeys }: LoginSubject): readonly Helper[] {
  const named = loginKeys.flatMap((key) => {
    const helper = own(credHelpers, key)
    return helper === undefined ? [] : [{ helper, key }]
  })
  const all = named.length > 0 ? named : loginKeys.map((key) => ({ helper: credsStore, key }))
  return all.filter(({ helper }) => helper !== '')
}

/**
 * For the repository or a path above it, as podman writes it; for one of the usual names; for any other address of the
 * same host.
 */
function storedLogin({ auths }: DockerConfig, { loginKeys, repository }: LoginSubject): DockerLogin | undefined {
  const hosts = new Set(loginKeys.map(hostOf))
  const paths = pathsOf(repository)
  const keys = Object.keys(auths)
  const candidates = [
    ...paths.flatMap((path) => keys.filter((key) => hosts.has(hostOf(key)) && pathOf(key) === path)),
    ...loginKeys,
    ...keys.filter((key) => hosts.has(hostOf(key)) && ['', 'v1', 'v2'].includes(pathOf(key))),
  ]
  return candidates.map((key) => loginOf(own(auths, key))).find((login) => login !== undefined)
}

/** `team/app` → `team/app`, `team`. */
function pathsOf(repository: string): readonly string[] {
  const parts = repository.split('/')
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('/'))
}

/** As docker takes the host out of an address: without the scheme and the path. */
function hostOf(key: string): string {
  return key
    .replace(/^https?:\/\//u, '')
    .replace(/\/.*$/su, '')
    .toLowerCase()
}

/** Of a key without a scheme; empty for a host alone. */
function pathOf(key: string): string {
  return key.includes('://') ? '' : key.replace(/^[^/]*\/?/u, '').replace(/\/$/u, '')
}

function loginOf(entry: DockerAuth | undefined): DockerLogin | undefined {
  if (!entry) return undefined
  if (entry.identityToken !== '') return { user: '', secret: entry.identityToken }
  if (entry.auth !== '') return parseLogin(Buffer.from(entry.auth, 'base64').toString('utf8').replace(/\0+$/u, ''))
  return entry.username !== '' && entry.password !== '' ? { user: entry.username, secret: entry.password } : undefined
}

/** `user:secret`; `undefined` when it is not of that form. */
export function parseLogin(text: string): DockerLogin | undefined {
  const colon = text.indexOf(':')
  return colon > 0 ? { user: text.slice(0, colon), secret: text.slice(colon + 1) } : undefined
}
