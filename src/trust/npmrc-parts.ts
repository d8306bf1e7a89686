import { npmReferences } from '../registries/npmrc/npm-variables.ts'
import { isNpmCredential, parseNpmrc, type NpmValue } from '../registries/npmrc/npmrc.ts'
import { digestOf, type TrustPart } from './trust-part.ts'

/** What decides over which way a login leaves, for every registry. */
const WAYS = new Set(['ca', 'cafile', 'https-proxy', 'noproxy', 'proxy', 'strict-ssl'])
/** Another file that npm reads its configuration from. */
const FILES = new Set(['globalconfig', 'prefix', 'userconfig'])
/** No address: the part concerns the user's logins for all of them. */
const EVERYWHERE = 'every npm registry'

/** What a project's `.npmrc` says about registries, and which secrets it has npm send there. Pure. */
export function npmrcParts(text: string): readonly TrustPart[] {
  return [...parseNpmrc(text)].flatMap(([key, value]) => partsOf(key, textOf(value)))
}

function partsOf(key: string, value: string): readonly TrustPart[] {
  const isRegistry = key === 'registry' || key.endsWith(':registry')
  if (isRegistry) return [{ kind: 'login', what: `your npm login, by ${key} in .npmrc`, where: value, format: 'npm' }]
  const names = npmReferences(`${key}=${value}`)
  const where = key.startsWith('//') ? key.slice(2, key.lastIndexOf(':')) : key
  const secrets: readonly TrustPart[] =
    names.length > 0
      ? [{ kind: 'secret', what: `${names.join(' ')} of .npmrc`, where, digest: digestOf(`${key}=${value}`) }]
      : []
  if (WAYS.has(key) || FILES.has(key)) {
    const what = FILES.has(key) ? `your npm logins, with ${key} of .npmrc` : `your npm logins, by ${key} in .npmrc`
    // Other files are not read: they may hold a login.
    const format = FILES.has(key) ? {} : { format: 'npm' }
    return [...secrets, { kind: 'login', what, where: EVERYWHERE, digest: digestOf(value), ...format }]
  }
  // A login that stands there word for word is the project's own, unless it names a file.
  if (secrets.length > 0 || !isNpmCredential(key) || !key.endsWith('file')) return secrets
  return [{ kind: 'secret', what: 'a login of .npmrc', where, digest: digestOf(`${key}=${value}`) }]
}

function textOf(value: NpmValue): string {
  return typeof value === 'object' && value !== null ? value.join(' ') : String(value)
}
