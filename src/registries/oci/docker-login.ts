import { own } from '../../domain/own.ts'
import { z } from 'zod'
import { untrusted } from '../../domain/display.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Platform } from '../../platform/platform.ts'
import { parseJson } from '../../domain/parse-json.ts'

export interface DockerLogin {
  /** Empty for an identity token. */
  readonly user: string
  readonly secret: string
}

interface LoginRequest {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

const dockerConfig = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).default({}),
})
const helperAnswer = z.object({ Username: z.string(), Secret: z.string() })

/** Of docker's configuration. */
const MAX_BYTES = 4 * 1024 * 1024
/** Cloud helpers find their own credentials in these. */
const HELPER_ENV = /^(?:AWS|AZURE|DOCKER|GOOGLE|CLOUDSDK)_/u
const HELPER_NAME = /^[\w-]+$/u

/**
 * The login that `docker login` stored for any of these names: a helper of its own first, then the common store, then
 * the file. `undefined` without one, and without trust. @throws CONFIG_INVALID, REGISTRY_UNAUTHORIZED when a helper fails
 */
export async function findDockerLogin(
  keys: readonly string[],
  request: LoginRequest,
): Promise<DockerLogin | undefined> {
  const { env, files, trust } = request.platform
  if (!trust.isGiven()) return undefined
  const path = configFile(env)
  const bytes = await files.read(path, MAX_BYTES)
  if (!bytes) return undefined
  const config = parseConfig(path, bytes)
  for (const key of keys) {
    const helper = own(config.credHelpers, key) ?? config.credsStore
    const found = helper === undefined ? undefined : await askHelper(helper, key, request)
    if (found) return found
  }
  return keys.map((key) => storedLogin(own(config.auths, key))).find((login) => login !== undefined)
}

/** Whether {@link findDockerLogin} may find one; no helper is asked. @throws CONFIG_INVALID */
export async function mayHaveDockerLogin(keys: readonly string[], { env, files }: Platform): Promise<boolean> {
  const path = configFile(env)
  const bytes = await files.read(path, MAX_BYTES)
  if (!bytes) return false
  const config = parseConfig(path, bytes)
  if (config.credsStore !== undefined && config.credsStore !== '') return true
  return keys.some(
    (key) => own(config.credHelpers, key) !== undefined || storedLogin(own(config.auths, key)) !== undefined,
  )
}

function configFile(env: Platform['env']): string {
  return `${env['DOCKER_CONFIG'] ?? `${env['HOME'] ?? ''}/.docker`}/config.json`
}

function parseConfig(path: string, bytes: Uint8Array): z.infer<typeof dockerConfig> {
  const config = dockerConfig.safeParse(parseJson(bytes))
  if (config.success) return config.data
  // Without the parser's message: it can quote a credential.
  throw new BagboyError('CONFIG_INVALID', `${path} is not a configuration of docker`, {
    hint: 'Repair it, or write new credentials with: docker login',
  })
}

function storedLogin(
  entry: { auth?: string | undefined; identitytoken?: string | undefined } | undefined,
): DockerLogin | undefined {
  if (entry?.identitytoken) return { user: '', secret: entry.identitytoken }
  if (!entry?.auth) return undefined
  return parseLogin(Buffer.from(entry.auth, 'base64').toString('utf8'))
}

/** `user:secret`; `undefined` when it is not of that form. */
export function parseLogin(text: string): DockerLogin | undefined {
  const colon = text.indexOf(':')
  return colon > 0 ? { user: text.slice(0, colon), secret: text.slice(colon + 1) } : undefined
}

async function askHelper(
  helper: string,
  key: string,
  { platform, signal, timeoutMs }: LoginRequest,
): Promise<DockerLogin | undefined> {
  const file = `docker-credential-${helper}`
  if (!HELPER_NAME.test(helper)) {
    throw new BagboyError('CONFIG_INVALID', `docker's configuration names the helper "${untrusted(helper, 80)}"`, {
      hint: 'A helper is named by letters, digits, "-" and "_" only.',
    })
  }
  const env = Object.fromEntries(
    Object.entries(platform.env).filter(
      (entry): entry is [string, string] => HELPER_ENV.test(entry[0]) && entry[1] !== undefined,
    ),
  )
  const { exitCode, stdout } = await platform.exec({ file, args: ['get'], stdin: key, env, timeoutMs }, signal)
  const text = new TextDecoder().decode(stdout).trim()
  if (exitCode === 0) return readHelperAnswer(file, text, platform)
  if (/not found/iu.test(text)) return undefined
  throw new BagboyError(
    'REGISTRY_UNAUTHORIZED',
    `${file} gave no credentials for ${key}: ${untrusted(platform.secrets.mask(text), 200)}`,
    {
      hint: `Run it by hand: echo ${key} | ${file} get`,
    },
  )
}

function readHelperAnswer(file: string, text: string, { secrets }: Pick<Platform, 'secrets'>): DockerLogin {
  const answer = helperAnswer.safeParse(parseJson(text))
  if (answer.success) secrets.add(answer.data.Secret)
  if (answer.success)
    return { user: answer.data.Username === '<token>' ? '' : answer.data.Username, secret: answer.data.Secret }
  throw new BagboyError('REGISTRY_UNAUTHORIZED', `${file} did not answer with credentials`, {
    hint: `Run it by hand and look at its output: ${file} get`,
  })
}
