import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { isLoopback } from '../../http-api/is-loopback.ts'

/** One repository on one registry, from `host[:port]/repository`. */
export interface OciReference {
  /** As it was written, for people. */
  readonly name: string
  /** `https://registry-1.docker.io`, without a slash at the end. */
  readonly origin: string
  readonly repository: string
  /** Under which names a login may be stored, the usual one first. */
  readonly loginKeys: readonly string[]
}

const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/u
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/u
const DOCKER_HUB = ['https://index.docker.io/v1/', 'docker.io', 'index.docker.io', 'registry-1.docker.io']

/** @throws CONFIG_INVALID when the text names no repository, or plain http was asked for beyond this machine */
export function parseOciReference(text: string, insecure: boolean): OciReference {
  const [first = '', ...rest] = text.split('/')
  const hasHost = /[.:]/u.test(first) || first === 'localhost'
  const host = hasHost ? first : 'docker.io'
  const path = (hasHost ? rest : [first, ...rest]).join('/')
  if (!HOST.test(host) || !REPOSITORY.test(path)) {
    throw new BagboyError('CONFIG_INVALID', `docker: "${sanitize(text, 200)}" names no repository on a registry`, {
      hint: 'Write host[:port]/repository without scheme, tag or digest: registry.example.com/team/app',
    })
  }
  if (insecure && !isLoopback(host)) {
    throw new BagboyError('CONFIG_INVALID', `docker: ${host} is not on this machine, so plain http is refused`, {
      hint: 'Remove "insecure: true" and serve the registry with TLS.',
    })
  }
  if (DOCKER_HUB.includes(host)) {
    const repository = path.includes('/') ? path : `library/${path}`
    return { name: text, origin: 'https://registry-1.docker.io', repository, loginKeys: DOCKER_HUB }
  }
  const loginKeys = [host, `https://${host}`, `https://${host}/v1/`, `https://${host}/v2/`, `http://${host}`]
  return { name: text, origin: `${insecure ? 'http' : 'https'}://${host}`, repository: path, loginKeys }
}
