import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../../../domain/text/parse-json.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { Platform } from '../../../platform/platform.ts'

/** What docker's configuration says of logins. */
export interface DockerConfig {
  /** Under every name that the registry may be logged in to. */
  readonly auths: Readonly<Record<string, DockerAuth>>
  /** Empty: the file itself. */
  readonly credsStore: string
  /** An empty one means the file itself. */
  readonly credHelpers: Readonly<Record<string, string>>
}

export interface DockerAuth {
  /** `user:secret` in base64; the other two are read where it is empty. */
  readonly auth: string
  readonly username: string
  readonly password: string
  readonly identityToken: string
}

/** Of docker's configuration. */
const MAX_BYTES = 4 * 1024 * 1024
const ENVIRONMENT = 'DOCKER_AUTH_CONFIG'

const text = z.string().nullish()
/** Docker reads its keys in any case, and `null` as nothing. */
const anyCase = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]))
    : value
const entry = z
  .preprocess(
    anyCase,
    z.object({ auth: text, username: text, password: text, identitytoken: text }).nullish().catch(null),
  )
  .transform((found) => ({
    auth: found?.auth ?? '',
    username: found?.username ?? '',
    password: found?.password ?? '',
    identityToken: found?.identitytoken ?? '',
  }))
const configForm = z.preprocess(
  anyCase,
  z.object({
    auths: z.record(z.string(), entry).nullish(),
    credsstore: text,
    credhelpers: z.record(z.string(), text).nullish(),
  }),
)

/**
 * What docker itself would read, the first first: logins in `DOCKER_AUTH_CONFIG`, then `config.json`. Empty where docker
 * was never used. @throws CONFIG_INVALID
 */
export async function readDockerConfigs({
  env,
  files,
}: Pick<Platform, 'env' | 'files'>): Promise<readonly DockerConfig[]> {
  const path = configFile(env)
  const bytes = await files.read(path, MAX_BYTES)
  const inherited = env[ENVIRONMENT] ?? ''
  return [
    ...(inherited.trim() === '' ? [] : [{ ...parseConfig(ENVIRONMENT, inherited), credsStore: '', credHelpers: {} }]),
    // Docker takes an empty file for none.
    ...(bytes === undefined || bytes.length === 0 ? [] : [parseConfig(path, bytes)]),
  ]
}

function configFile(env: Platform['env']): string {
  const named = env['DOCKER_CONFIG'] ?? ''
  if (named === '') return join(env['HOME'] ?? env['USERPROFILE'] ?? '/', '.docker', 'config.json')
  return join(isAbsolute(named) ? named : join(env['PWD'] ?? '/', named), 'config.json')
}

function parseConfig(file: string, content: string | Uint8Array): DockerConfig {
  const config = configForm.safeParse(parseJson(content))
  if (config.success) {
    const { auths, credsstore, credhelpers } = config.data
    const helpers = Object.entries(credhelpers ?? {}).map(([host, helper]) => [host, helper ?? ''])
    return { auths: auths ?? {}, credsStore: credsstore ?? '', credHelpers: Object.fromEntries(helpers) }
  }
  // Without the parser's message: it can quote a credential.
  throw new BagboyError('CONFIG_INVALID', `${file} is not a configuration of docker`, {
    hint: 'Repair it, or write new credentials with: docker login',
  })
}
