import { sanitize } from '../../domain/text/sanitize.ts'
import { own } from '../../domain/text/own.ts'
import { z } from 'zod'
import { parseJson } from '../../domain/text/parse-json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { answerError, brokenAnswer, parseAnswer } from '../../http-api/http-errors.ts'
import { escapeName, type NpmClient } from './npm-client.ts'
import type { NpmMember } from './npm-pin.ts'

/** What installers ask for: without readme and the like, and any other form where a registry does not have that one. */
const INSTALL_TYPE = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*'
/** Documents of packages with thousands of versions are this large. */
const MAX_BYTES = 64 * 1024 * 1024
/** Not every registry has the address of the tags alone: the document has them too. */
const HAS_NO_TAGS: ReadonlySet<number> = new Set([400, 404, 405, 406, 410, 501])
/** A registry that compares revisions refuses a change after another publish; then it is made anew. */
const WRITE_ATTEMPTS = 3
/** Refusals of these credentials, or for now: they say nothing about deprecations. */
const ASK_AGAIN: ReadonlySet<number> = new Set([401, 408, 425, 429])

/** Members of another kind than npm's own are as good as none: registries keep what was published years ago. */
const text = z.string().optional().catch(undefined)
const dependencies = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((all) =>
    Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => isText(pair[1]))),
  )
const versionForm = z.object({
  dist: z.object({ integrity: text, shasum: text }).optional().catch(undefined),
  // Old entries hold booleans.
  deprecated: z.unknown().optional(),
  dependencies,
  optionalDependencies: dependencies,
})
const versionsForm = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((all) =>
    Object.fromEntries(
      Object.entries(all ?? {}).flatMap(([version, entry]) => {
        const parsed = versionForm.safeParse(entry)
        return parsed.success ? [[version, parsed.data] as const] : []
      }),
    ),
  )
const tagsForm = z
  .record(z.string(), z.unknown())
  .transform((all) =>
    Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => isText(pair[1]))),
  )
const packumentForm = z.object({ 'dist-tags': tagsForm.nullish(), versions: versionsForm })
const writableForm = z.looseObject({ versions: z.record(z.string(), z.unknown()) })
const entryForm = z.looseObject({})

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

export interface NpmPackument {
  /** Where a write shows first. */
  readonly tags: Readonly<Record<string, string>>
  /** In the document that installs read, which caches keep for a while. The same where the registry has no other place. */
  readonly installTags: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, z.infer<typeof versionForm>>>
}

/** One package as it is now, past caches as far as a request can say so. `undefined` when there is none. @throws REGISTRY_* */
export async function readPackument(client: NpmClient, name: string): Promise<NpmPackument | undefined> {
  const doing = `reading ${name}`
  const path = `/${escapeName(name)}`
  const fresh = { 'cache-control': 'no-cache' }
  const [document, tags] = await Promise.all([
    client.read({ method: 'GET', path, headers: { ...fresh, accept: INSTALL_TYPE }, maxBytes: MAX_BYTES, doing }),
    client.read({ method: 'GET', path: `/-/package${path}/dist-tags`, headers: fresh, doing }),
  ])
  if (document.status === 404) return undefined
  if (document.status !== 200) throw answerError(document, client.errorContext(doing))
  if (tags.status !== 200 && !HAS_NO_TAGS.has(tags.status)) throw answerError(tags, client.errorContext(doing))
  const packument = packumentForm.safeParse(parseAnswer(document, client.errorContext(doing)))
  if (!packument.success) throw brokenAnswer(client.errorContext(doing), 'it sent no package')
  // A registry that does not know this address may answer it with a page.
  const ownTags = tags.status === 200 ? (tagsForm.safeParse(parseJson(tags.body)).data ?? {}) : {}
  const hasOwnTags = Object.keys(ownTags).length > 0
  const installTags = packument.data['dist-tags'] ?? {}
  return { tags: hasOwnTags ? ownTags : installTags, installTags, versions: packument.data.versions }
}

/** As `readPackument`. @throws REGISTRY_NOT_FOUND when there is none */
export async function requirePackument(client: NpmClient, name: string): Promise<NpmPackument> {
  const packument = await readPackument(client, name)
  if (packument) return packument
  throw new BagboyError('REGISTRY_NOT_FOUND', `${client.registry} has no package ${name}`, {
    hint: `Check the name and the registry, and that the credentials may see it: npm view ${name} --registry ${client.registry}`,
    details: { status: 404 },
  })
}

/** The deprecation of a version in words; `null` without one. */
export function deprecationOf({ versions }: NpmPackument, version: string): string | null {
  return textOf(own(versions, version)?.deprecated)
}

function textOf(text: unknown): string | null {
  if (typeof text === 'string') return text === '' ? null : text
  // As npm, for which everything that is not nothing is one.
  return text ? 'deprecated' : null
}

/** Every hash of a version's archive that the registry gives, in the form of a pin. */
export function hashesOf({ versions }: NpmPackument, version: string): Omit<NpmMember, 'version'> {
  const { integrity, shasum } = own(versions, version)?.dist ?? {}
  if (integrity === undefined) return { integrity: shasum === undefined ? null : `sha1:${shasum}` }
  return shasum === undefined ? { integrity } : { integrity, shasum }
}

/** Why installs do not get yet what a tag leads to; `undefined` where they do. Pure. */
export function installsInstead(
  name: string,
  { tags, installTags }: Pick<NpmPackument, 'tags' | 'installTags'>,
  tag: string,
): string | undefined {
  const [written, installed] = [own(tags, tag), own(installTags, tag)]
  if (written === installed) return undefined
  const gets = installed === undefined ? `find no ${tag}` : `still get ${sanitize(installed, 100)}`
  const leads = written === undefined ? 'is gone' : `leads to ${sanitize(written, 100)}`
  return `installs of ${name} ${gets}: the dist-tag ${tag} ${leads}, and the document that installs read is older`
}

/** Rewrites a package's document with one deprecation changed; `null` takes it back. Idempotent. @throws REGISTRY_* */
export async function writeDeprecation(
  client: NpmClient,
  { name, version, message }: { readonly name: string; readonly version: string; readonly message: string | null },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const document = await readWritable(client, name)
    const entry = entryForm.safeParse(own(document.versions, version)).data
    if (!entry) {
      throw new BagboyError('REGISTRY_NOT_FOUND', `${client.registry} has no ${name}@${version}`, {
        hint: `Look at what it has: npm view ${name} versions --registry ${client.registry}`,
      })
    }
    const versions = { ...document.versions, [version]: { ...entry, deprecated: message ?? '' } }
    const change = {
      method: 'PUT',
      path: `/${escapeName(name)}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...document, versions }),
      doing: `${message === null ? 'taking back the deprecation of' : 'deprecating'} ${name}@${version}`,
    }
    const refusal = await client.write(change).then(
      () => undefined,
      (error: unknown) => refusalOf(error),
    )
    if (refusal === undefined) return
    if (refusal.code === 'REGISTRY_CONFLICT' && attempt < WRITE_ATTEMPTS) continue
    // A registry without deprecations refuses to take one back too, and there is none.
    if (textOf(entry['deprecated']) === message) return
    throw withoutSupport(refusal, message === null)
  }
}

/** An answer that says that nothing was done. @throws every other error */
function refusalOf(error: unknown): BagboyError {
  if (!(error instanceof BagboyError)) throw error
  const { details } = error
  const status = details !== null && typeof details === 'object' && 'status' in details ? details['status'] : undefined
  const isRefused = typeof status === 'number' && status >= 400 && status < 500 && !ASK_AGAIN.has(status)
  if (!isRefused && status !== 501) throw error
  return error
}

/** Not every registry has deprecations, or lets a token that moves tags write them; each says so in another way. */
function withoutSupport({ code, message, hint = '', details = null }: BagboyError, isTakenBack: boolean): BagboyError {
  const what = isTakenBack
    ? 'The dist-tags are not moved back yet. To move them without taking back deprecations,'
    : 'The dist-tags have been moved; the deprecation is missing. To go on without it,'
  return new BagboyError(code, message, {
    hint: `${what} set deprecate_bad: false under this registry in bagboy.yaml, then bagboy-tui runs resume. ${hint}`.trim(),
    details,
  })
}

async function readWritable(client: NpmClient, name: string): Promise<z.infer<typeof writableForm>> {
  const doing = `reading ${name} for writing`
  const path = `/${escapeName(name)}?write=true`
  const answer = await client.read({ method: 'GET', path, maxBytes: MAX_BYTES, doing })
  if (answer.status !== 200) throw answerError(answer, client.errorContext(doing))
  const document = writableForm.safeParse(parseAnswer(answer, client.errorContext(doing)))
  if (document.success) return document.data
  throw brokenAnswer(client.errorContext(doing), 'it sent no package')
}
