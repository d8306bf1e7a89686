import { z } from 'zod'
import type { Json, JsonObject } from '../../domain/text/json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { sanitize } from '../../domain/text/sanitize.ts'

// It stands in commands that people paste, and a history is a text that may have been edited.
const VERSION = /^[0-9A-Za-z][\w.+-]*$/u
const member = z.object({
  version: z.string().regex(VERSION),
  integrity: z.string().nullable().default(null),
  /** In hexadecimal, beside an `integrity` of a stronger kind: a registry may give only this one later. */
  shasum: z.string().optional(),
})
const pinForm = member.extend({ packages: z.record(z.string(), member).optional() })
const pointerForm = z.record(
  z.string(),
  z.object({
    tags: z.record(z.string(), z.string().nullable()),
    deprecated: z.record(z.string(), z.string().nullable()),
  }),
)

/** One package of a release: its version there, and the hashes of its archive when it was recorded. */
export type NpmMember = z.infer<typeof member>

/** Package name → member, the main package among them. */
export type NpmRelease = Readonly<Record<string, NpmMember>>

/** Per package: the moved tag, and the deprecation of the versions a rollback may touch. `null` = none. */
export type NpmPointer = Readonly<Record<string, NpmPackagePointer>>
export type NpmPackagePointer = Readonly<Record<'tags' | 'deprecated', Readonly<Record<string, string | null>>>>

/** `undefined` for no pin. Without `packages` it does not say which others belong to the release. */
export function parseNpmPin(pin: Json): z.infer<typeof pinForm> | undefined {
  return pinForm.safeParse(pin).data
}

export function parseNpmPointer(pointer: Json): NpmPointer {
  return pointerForm.parse(pointer)
}

/** The moved tags alone. Pure. */
export function withoutDeprecations(pointer: Json): Json {
  const packages = pointerForm.safeParse(pointer).data
  if (!packages) return pointer
  return Object.fromEntries(Object.entries(packages).map(([name, { tags }]) => [name, { tags, deprecated: {} }]))
}

export function npmPinOf(tag: string, main: string, release: NpmRelease): Json {
  const members = Object.entries(release).map(([name, member]) => [name, jsonOf(member)] as const)
  const { [main]: own, ...others } = Object.fromEntries(members)
  return { tag, ...own, ...(Object.keys(others).length === 0 ? {} : { packages: others }) }
}

function jsonOf({ version, integrity, shasum }: NpmMember): JsonObject {
  return { version, integrity, ...(shasum === undefined ? {} : { shasum }) }
}

/** What a pin says alone; `undefined` when the packages of the release have to be looked up. */
export function releaseOfPin(main: string, pin: Json, patterns: readonly string[]): NpmRelease | undefined {
  const parsed = parseNpmPin(pin)
  if (!parsed || (patterns.length > 0 && parsed.packages === undefined)) return undefined
  const { packages = {}, ...self } = parsed
  return { ...packages, [main]: self }
}

/** Whether a package belongs to the entry: its own, or one that is named to move with it. */
export function isOwnName(name: string, main: string, patterns: readonly string[]): boolean {
  return name === main || patterns.some((pattern) => matchesName(pattern, name))
}

/** `*` stands for anything within one part of a name. */
export function matchesName(pattern: string, name: string): boolean {
  const [patterns, parts] = [pattern.split('/'), name.split('/')]
  return patterns.length === parts.length && patterns.every((each, index) => matchesPart(each, parts[index] ?? ''))
}

/** Piece behind piece, each at its first place: an expression made of the pattern would go back again and again. */
function matchesPart(pattern: string, part: string): boolean {
  const [first = '', ...pieces] = pattern.split('*')
  const last = pieces.pop()
  if (last === undefined) return part === first
  if (!part.startsWith(first) || !part.endsWith(last)) return false
  let at = first.length
  for (const piece of pieces) {
    const found = part.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return at + last.length <= part.length
}

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/iu

/** A name that may stand in an address and in a command. @throws CONFIG_INVALID */
export function requireNpmName(name: string): string {
  if (NAME.test(name) && name.length <= 214) return name
  throw new BagboyError('CONFIG_INVALID', `npm: "${sanitize(name, 100)}" is not the name of a package`, {
    hint: 'Name it under this registry in bagboy.yaml: package: myapp',
  })
}

/** The tag of every package of the release that a pin names; of deprecations it says nothing. Pure. */
export function pointerOfNpmPin(main: string, pin: Json, tag: string): Json {
  const release = releaseOfPin(main, pin, [])
  if (!release) return null
  return Object.fromEntries(Object.entries(release).map(([name, { version }]) => [name, { tags: { [tag]: version } }]))
}
