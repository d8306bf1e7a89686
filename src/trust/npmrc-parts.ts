import { isNpmCredential, npmrcLines } from '../registries/shared/npmrc-lines.ts'
import { digestOf, type TrustPart } from './trust-part.ts'

/** What a project's `.npmrc` says about registries, and which secrets it has npm send there. Pure. */
export function npmrcParts(text: string): readonly TrustPart[] {
  return npmrcLines(text).flatMap(({ key, value }): readonly TrustPart[] => {
    const isRegistry = key === 'registry' || key.endsWith(':registry')
    if (isRegistry) return [{ kind: 'login', what: `your npm login, by ${key} in .npmrc`, where: value, format: 'npm' }]
    const names = [...value.matchAll(/\$\{([^{}]+)\}/gu)].map(([reference]) => reference)
    // A login that stands there word for word is the project's own, unless it names a file.
    if (names.length === 0 && !(isNpmCredential(key) && key.endsWith('file'))) return []
    const where = key.startsWith('//') ? key.slice(2, key.lastIndexOf(':')) : key
    const what = names.length > 0 ? `${names.join(' ')} of .npmrc` : 'a login of .npmrc'
    return [{ kind: 'secret', what, where, digest: digestOf(`${key}=${value}`) }]
  })
}
