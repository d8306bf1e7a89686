import { compareVersions, sameVersion } from '../version.ts'

/** How the git tags of an application are named. */
export interface TagNaming {
  readonly app: string
  /** `web-v${version}`; `null`: named after the application, or the version alone. */
  readonly releaseTag: string | null
}

const VERSION = '${version}'

/** What stands behind a name and `-` or `/`: with a dot, so that `api-2-v1.0.0` is no version of `api`. */
const DOTTED = /^v?\d+(?:\.\d+)+(?:[-+][0-9A-Za-z.+-]*)?$/u
/** A whole tag that is nothing but a version: `v2`, `1.2.0-rc.1`, `2026.02.01`; `v0-v1.0.0` is one of an application `v0`. */
const ALONE = /^v?\d(?!.*-v\d)[\w.+-]*$/u

/** The version that a tag names, `undefined` for one of another application. Pure. */
export function versionOfTag(tag: string, naming: TagNaming): string | undefined {
  const { releaseTag } = naming
  if (releaseTag !== null) return between(tag, releaseTag, naming.app)
  return namedVersion(tag, naming.app) ?? (ALONE.test(tag) ? tag : undefined)
}

/** The version of the tags on one commit: one that is named after the application goes before one that is not. Pure. */
export function newestTagged(tags: readonly string[], naming: TagNaming): string | undefined {
  const named = tags.flatMap((tag) => namedVersion(tag, naming.app) ?? [])
  const found =
    naming.releaseTag === null && named.length > 0 ? named : tags.flatMap((tag) => versionOfTag(tag, naming) ?? [])
  return found.toSorted(compareVersions).at(-1)
}

/** The tag of a version: one that is named after the application goes before one that is not. Pure. */
export function tagOfVersion(tags: readonly string[], version: string, naming: TagNaming): string | undefined {
  const ours = tags.filter((tag) => sameVersion(versionOfTag(tag, naming) ?? '', version))
  const named = ours.find((tag) => namedVersion(tag, naming.app) !== undefined)
  return named ?? ours[0]
}

/** Whether a pattern says where the version stands, once, and is a name that git takes otherwise. Pure. */
export function isTagPattern(pattern: string): boolean {
  const parts = pattern.split(VERSION)
  const rest = parts.join('1').replaceAll('${app}', 'a')
  return parts.length === 2 && /^(?!-)[\w./@+-]+$/u.test(rest) && !/\.\.|\/\/|@\{|\/$|\.$|\.lock$/u.test(rest)
}

function between(tag: string, pattern: string, app: string): string | undefined {
  const [before = '', after = ''] = pattern.replaceAll('${app}', app).split(VERSION)
  if (!tag.startsWith(before) || !tag.endsWith(after) || tag.length <= before.length + after.length) return undefined
  const version = tag.slice(before.length, tag.length - after.length)
  return ALONE.test(version) ? version : undefined
}

/** `web-v1.2.0`, `web/v1.2.0`, `web@1.2.0`, `@scope/web@1.2.0`, each with or without the `v`. */
function namedVersion(tag: string, app: string): string | undefined {
  const at = tag.lastIndexOf('@')
  if (at > 0 && isName(tag.slice(0, at), app)) return ALONE.test(tag.slice(at + 1)) ? tag.slice(at + 1) : undefined
  const bare = bareName(app)
  const name = [app, bare].find((one) => tag.startsWith(`${one}-`) || tag.startsWith(`${one}/`))
  const rest = name === undefined ? '' : tag.slice(name.length + 1)
  return DOTTED.test(rest) ? rest : undefined
}

/** With its scope or without, where one of the two names has none. */
function isName(name: string, app: string): boolean {
  const hasOneScope = name.startsWith('@') !== app.startsWith('@')
  return name === app || (hasOneScope && bareName(name) === bareName(app))
}

function bareName(name: string): string {
  return /^@[^/]+\/(?<bare>.+)$/u.exec(name)?.groups?.['bare'] ?? name
}
