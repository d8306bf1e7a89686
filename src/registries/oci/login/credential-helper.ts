import { z } from 'zod'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { parseJson } from '../../../domain/text/parse-json.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { DockerLogin, LoginRequest } from './login-request.ts'

const helperAnswer = z.object({ Username: z.string().nullish(), Secret: z.string().nullish() })

const HELPER_NAME = /^[\w.-]+$/u
/** The one message that docker takes for "no login", regardless of the exit code of the helper. */
const NOT_FOUND = /credentials not found/iu
/** Docker's word for a user that goes with an identity token. */
const TOKEN_USER = '<token>'

/**
 * Runs a credential helper of docker as docker does: with the environment of the user, in which it finds its agent, its
 * store and its own credentials. `undefined` when it has none.
 * @throws CONFIG_INVALID, REGISTRY_UNAUTHORIZED, REGISTRY_UNREACHABLE
 */
export async function runHelper(
  helper: string,
  key: string,
  { platform, signal, timeoutMs }: LoginRequest,
): Promise<DockerLogin | undefined> {
  const file = `docker-credential-${helper}`
  if (!HELPER_NAME.test(helper)) {
    throw new BagboyError('CONFIG_INVALID', `docker's configuration names the helper "${sanitize(helper, 80)}"`, {
      hint: 'The name of a helper has letters, digits, ".", "-" and "_" only.',
    })
  }
  const request = { file, args: ['get'], stdin: key, timeoutMs, inherits: 'user' } as const
  const { exitCode, stdout, stderr } = await platform.exec(request, signal)
  const text = new TextDecoder().decode(stdout).trim()
  if (exitCode === 0) return readAnswer(file, text, platform)
  const said = text === '' ? stderr.trim() : text
  if (NOT_FOUND.test(said)) return undefined
  throw new BagboyError(
    'REGISTRY_UNAUTHORIZED',
    `${file} gave no credentials for ${key}: ${sanitize(platform.secrets.mask(said), 200)}`,
    { hint: `Run it by hand: echo ${key} | ${file} get` },
  )
}

function readAnswer(file: string, text: string, { secrets }: Pick<Platform, 'secrets'>): DockerLogin | undefined {
  const answer = helperAnswer.safeParse(parseJson(text))
  if (!answer.success) {
    throw new BagboyError('REGISTRY_UNAUTHORIZED', `${file} did not answer with credentials`, {
      hint: `Run it by hand and look at its output: ${file} get`,
    })
  }
  const { Username: user, Secret: secret } = answer.data
  // Some helpers answer this way instead of failing when there is no login.
  if (!secret) return undefined
  secrets.add(secret)
  return { user: !user || user === TOKEN_USER ? '' : user, secret }
}
