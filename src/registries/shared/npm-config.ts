import { own } from '../../domain/own.ts'
import { parse } from 'node:path'
import { trimEnd } from '../../domain/trim-end.ts'
import { untrusted } from '../../domain/display.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { notTrusted } from '../../platform/not-trusted.ts'
import type { Platform } from '../../platform/platform.ts'
import { isNpmCredential, npmrcLines } from './npmrc-lines.ts'
import { createProcessMemory } from './process-memory.ts'

/** What npm's own configuration says, as far as writing to a registry needs it. */
export interface NpmConfig {
  /** The last word: environment, project file, user file. */
  get(key: string): string | undefined
}

export interface NpmCredentials {
  readonly authorization: string
  readonly secrets: readonly string[]
}

interface ConfigRequest {
  readonly platform: Platform
  readonly root: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

/** Of one `.npmrc`. */
const MAX_BYTES = 1024 * 1024
/** Nothing that a shell reads differently: addresses stand in commands that people paste. */
const ADDRESS = /^[\w.~%:/@[\]-]+$/u

/**
 * Reads `.npmrc` of the project and of the user; `npm_config_*` variables win, as in npm itself. Without trust no
 * variable is filled in and no credential of the user is known: what the project's file says word for word is its own.
 * @throws NOT_TRUSTED when the project's file is no longer what the trust was given for
 */
export async function readNpmConfig({ platform, root }: ConfigRequest): Promise<NpmConfig> {
  const isTrusted = platform.trust.isGiven()
  const fromEnv = readVariables(platform.env)
  const projectFile = `${root}/.npmrc`
  const read = async (path: string): Promise<Uint8Array> =>
    (await platform.files.read(path, MAX_BYTES)) ?? new Uint8Array()
  const parse = (bytes: Uint8Array) => parseNpmrc(new TextDecoder().decode(bytes), isTrusted ? platform.env : {})
  const bytes = await read(projectFile)
  if (isTrusted && !platform.trust.coversFile(projectFile, bytes)) {
    throw notTrusted(`${projectFile} changed since this folder was trusted and was not used`)
  }
  const project = parse(bytes)
  const userFile = userFileOf(platform.env, fromEnv)
  const layers = [fromEnv, project, ...(userFile === projectFile ? [] : [parse(await read(userFile))])]
  const get = (key: string) => layers.map((layer) => layer.get(key)).find((value) => value !== undefined)
  const ownOfProject = (key: string) => (namesFile(key) ? undefined : project.get(key))
  return { get: (key) => (isTrusted || !isNpmCredential(key) ? get(key) : ownOfProject(key)) }
}

/** Whether the user's own configuration, not the project's, holds credentials for the host of this registry. */
export async function hasOwnNpmLogin(registry: string, { env, files }: Platform): Promise<boolean> {
  const fromEnv = readVariables(env)
  const bytes = (await files.read(userFileOf(env, fromEnv), MAX_BYTES)) ?? new Uint8Array()
  const keys = [...fromEnv.keys(), ...npmrcLines(new TextDecoder().decode(bytes)).map(({ key }) => key)]
  const address = normalizeRegistry(registry)
  // Without an address it is npm's default registry, whichever that is.
  const host = namesNoRegistry(registry) || !URL.canParse(address) ? undefined : new URL(address).host
  return keys.some(
    (key) => isNpmCredential(key) && (host === undefined || !key.startsWith('//') || key.slice(2).startsWith(host)),
  )
}

function readVariables(env: Platform['env']): Map<string, string> {
  return new Map(
    Object.entries(env).flatMap(([name, value]) =>
      /^npm_config_/iu.test(name) && value ? [[envKey(name), value] as const] : [],
    ),
  )
}

function userFileOf(env: Platform['env'], fromEnv: ReadonlyMap<string, string>): string {
  return fromEnv.get('userconfig') ?? `${env['HOME'] ?? ''}/.npmrc`
}

/** Such a key of the project could name a file of the user. */
function namesFile(key: string): boolean {
  return key.endsWith('certfile') || key.endsWith('keyfile')
}

/** Names are lower case except in keys of a registry (`//host/:_authToken`), which npm takes as they are. */
function envKey(name: string): string {
  const key = name.slice('npm_config_'.length)
  return key.startsWith('//') ? key : key.toLowerCase().replaceAll(/(?!^)_/gu, '-')
}

const VARIABLE = /\$\{([^{}]+)\}/gu

/** `${NAME}` stands for a variable of the environment; a key whose variable is not set does not exist. */
export function parseNpmrc(text: string, env: Platform['env']): Map<string, string> {
  const entries = new Map<string, string>()
  for (const { key, value } of npmrcLines(text)) {
    const names = [...value.matchAll(VARIABLE)].map(([, name = '']) => name)
    if (names.some((name) => own(env, name) === undefined)) continue
    entries.set(
      key,
      value.replaceAll(VARIABLE, (_, name: string) => own(env, name) ?? ''),
    )
  }
  return entries
}

/**
 * The registry's address without a slash at the end: as it stands in the history, or what npm is configured to use.
 * @throws CONFIG_INVALID
 */
export async function findNpmRegistry(
  written: string,
  name: string,
  config: NpmConfig,
  request: ConfigRequest,
): Promise<string> {
  const scope = /^(@[^/]+)\//u.exec(name)?.[1]
  const address = namesNoRegistry(written)
    ? ((scope === undefined ? undefined : config.get(`${scope}:registry`)) ??
      config.get('registry') ??
      (await askNpm(request)))
    : normalizeRegistry(written)
  const url = ADDRESS.test(address) && URL.canParse(address) ? new URL(address) : undefined
  if (url && /^https?:$/u.test(url.protocol) && url.username === '') return trimEnd(address, '/')
  throw new BagboyError('CONFIG_INVALID', `npm: "${untrusted(address, 200)}" is not the address of a registry`, {
    hint: 'Write it as https://npm.example.com, without user, password or query.',
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

const asked = createProcessMemory<string>()

/** npm's built-in default is npm's to know. */
async function askNpm({ platform, root, signal, timeoutMs }: ConfigRequest): Promise<string> {
  const known = asked.get(platform, root)
  if (known !== undefined) return known
  const args = ['config', 'get', 'registry']
  // Not in the project: what its `.npmrc` says was read before, and npm would look for updates where that says.
  const env = { npm_config_update_notifier: 'false' }
  const request = { file: 'npm', args, cwd: parse(root).root, env, timeoutMs, isOwnProgram: true } as const
  const { exitCode, stdout, stderr } = await platform.exec(request, signal)
  if (exitCode !== 0) {
    throw new BagboyError(
      'CONFIG_INVALID',
      `npm names no registry: ${untrusted(platform.secrets.mask(stderr).trim(), 200)}`,
      {
        hint: 'Name it in bagboy.yaml: registry: "https://npm.example.com"',
      },
    )
  }
  const registry = new TextDecoder().decode(stdout).trim()
  asked.set(platform, root, registry)
  return registry
}

/** The credentials npm would send to this address: those of the longest matching path. */
export function findNpmCredentials(registry: string, config: NpmConfig): NpmCredentials | undefined {
  const { host, pathname } = new URL(registry)
  const parts = pathname.split('/').filter((part) => part !== '')
  for (let length = parts.length; length >= 0; length -= 1) {
    const place = `//${[host, ...parts.slice(0, length)].join('/')}/`
    const found = credentialsAt(place, config)
    if (found) return found
  }
  return undefined
}

function credentialsAt(place: string, config: NpmConfig): NpmCredentials | undefined {
  const read = (key: string) => config.get(`${place}:${key}`)
  const token = read('_authToken')
  if (token) return tokenCredentials(token)
  const [user, password] = [read('username'), read('_password')]
  const pair = user && password ? `${user}:${Buffer.from(password, 'base64').toString('utf8')}` : undefined
  const basic = read('_auth') ?? (pair === undefined ? undefined : Buffer.from(pair).toString('base64'))
  if (!basic) return undefined
  const secret = Buffer.from(basic, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/u, '')
  return { authorization: `Basic ${basic}`, secrets: [basic, secret] }
}

export function tokenCredentials(token: string): NpmCredentials {
  return { authorization: `Bearer ${token}`, secrets: [token] }
}
