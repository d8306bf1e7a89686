import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { MANIFEST_TYPES, parseManifest, type OciManifest } from './parse-manifest.ts'
import { answerError, brokenAnswer, parseAnswer } from '../../http-api/http-errors.ts'
import type { HttpResponse } from '../../platform/platform.ts'
import { isRedirect, redirectTarget } from '../../http-api/follow-redirects.ts'
import { immutableError, saysImmutable } from './immutable-tags.ts'
import type { OciClient } from './oci-client.ts'
import { createProcessMemory } from '../../platform/process-memory.ts'

/** Without all of them a registry answers 404 or another digest. */
const ACCEPT = { accept: Object.keys(MANIFEST_TYPES).join(', ') }

export const DIGEST = /^sha256:[0-9a-f]{64}$/u
export const TAG = /^\w[\w.-]{0,127}$/u

interface KnownManifest {
  readonly manifest: OciManifest
  /** On the monotonic clock. */
  readonly readAtMs: number
}

/** Manifests by digest cannot change; they can be deleted. */
const manifests = createProcessMemory<KnownManifest>()

/** So long ago one may have been read that is still taken for there: between the plan and the steps of its run. */
const FRESH_MS = 60_000

/**
 * Where a tag leads; `null` when there is no such tag. The digest is that of the bytes a client would get: a header, and
 * the answer to a HEAD, may come from a cache of their own. @throws REGISTRY_*
 */
export async function readTag(client: OciClient, tag: string): Promise<string | null> {
  const manifest = await getManifest(client, tag, `reading tag ${tag}`)
  if (manifest) remember(client, manifest)
  return manifest?.digest ?? null
}

/**
 * `null` when the registry has no such manifest. `isFresh`: it must be there now, and not only have been.
 * @throws REGISTRY_BROKEN when it sends other bytes, REGISTRY_*
 */
export async function readManifest(
  client: OciClient,
  digest: string,
  { isFresh = false }: { readonly isFresh?: boolean } = {},
): Promise<OciManifest | null> {
  const known = manifests.get(client.platform, memoryKey(client, digest))
  const oldestMs = isFresh ? client.platform.clock.elapsedMs() - FRESH_MS : Number.NEGATIVE_INFINITY
  if (known && known.readAtMs >= oldestMs) return known.manifest
  const doing = `reading manifest ${shortDigest(digest)}`
  const manifest = await getManifest(client, digest, doing)
  if (!manifest) return null
  if (manifest.digest !== digest) {
    throw brokenAnswer(client.errorContext(doing), `it sent ${manifest.digest} for ${digest}`)
  }
  remember(client, manifest)
  return manifest
}

function remember(client: OciClient, manifest: OciManifest): void {
  const readAtMs = client.platform.clock.elapsedMs()
  manifests.set(client.platform, memoryKey(client, manifest.digest), { manifest, readAtMs })
}

function memoryKey({ reference: { origin, repository } }: OciClient, digest: string): string {
  return `${origin}/${repository}@${digest}`
}

async function getManifest(client: OciClient, reference: string, doing: string): Promise<OciManifest | null> {
  const answer = await client.request({ method: 'GET', path: `manifests/${reference}`, headers: ACCEPT, doing })
  if (answer.status === 404) return null
  const errorContext = client.errorContext(doing)
  if (answer.status !== 200) throw answerError(answer, errorContext)
  const manifest = parseManifest(answer.body, reference.startsWith('sha512:') ? 'sha512' : 'sha256')
  if (typeof manifest !== 'string') return manifest
  // A page of a proxy has words of its own.
  parseAnswer(answer, errorContext)
  throw brokenAnswer(errorContext, `it sent ${manifest}`)
}

/** Points a tag at a manifest, with the same bytes. Idempotent. @throws REGISTRY_* */
export async function putManifest(client: OciClient, tag: string, digest: string): Promise<void> {
  const manifest = await readManifest(client, digest)
  if (!manifest) {
    throw new BagboyError('REGISTRY_NOT_FOUND', `${client.reference.name} no longer has ${digest}`, {
      hint: 'Push that image again, or choose another target.',
    })
  }
  const doing = `pointing tag ${tag} at ${shortDigest(digest)}`
  const headers = { 'content-type': manifest.mediaType }
  const answer = await client.request({ method: 'PUT', path: `manifests/${tag}`, headers, body: manifest.bytes, doing })
  if (saysImmutable(answer)) {
    // A tag that cannot move is where it is: nothing of a write of ours is still on its way.
    if ((await readTag(client, tag)) === digest) return
    throw immutableError(answer, tag, client.errorContext(doing))
  }
  if (isRedirect(answer)) throw movedAway(client, answer, doing)
  if (answer.status < 200 || answer.status > 299) throw answerError(answer, client.errorContext(doing))
  const stored = answer.headers['docker-content-digest']
  if (stored !== undefined && stored !== digest) {
    throw brokenAnswer(client.errorContext(doing), `it stored ${sanitize(stored, 100)} instead of ${digest}`)
  }
}

/** A write is not sent to an address that is not configured. */
function movedAway(client: OciClient, answer: HttpResponse, doing: string): BagboyError {
  const location = answer.headers['location'] ?? ''
  const base = client.reference.origin
  const host = URL.canParse(location, base) ? new URL(location, base).host : location
  if (host === new URL(base).host) return movedInCircles(client, answer, doing)
  const message = `${client.reference.name} sends writes to ${sanitize(host, 200)}; nothing was written, while ${doing}`
  return new BagboyError('REGISTRY_REJECTED', message, {
    hint: `If that is the registry, name it in bagboy.yaml: registry: ${sanitize(host, 200)}/${client.reference.repository}`,
  })
}

/** Once more after a redirect that was followed, by a status that is none of a write, or to another scheme. */
function movedInCircles({ reference }: OciClient, answer: HttpResponse, doing: string): BagboyError {
  const target = redirectTarget(answer, reference.origin)
  const message = `${reference.name} answered ${answer.status} while ${doing}: it redirects the write to ${target}; nothing was written`
  return new BagboyError('REGISTRY_REJECTED', message, {
    hint: `Ask the operator of ${reference.name} why it redirects writes: one redirect (307, 308) to the same scheme, host and port is followed.`,
  })
}

/** `linux/amd64`, `linux/arm64/v8`, …; empty for a single image. */
export function platformsOf({ document }: OciManifest): readonly string[] {
  return document.manifests.flatMap(({ platform }) =>
    platform?.os && platform.os !== 'unknown'
      ? [[platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')]
      : [],
  )
}

export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12)
}

/** @throws REGISTRY_NOT_FOUND when the registry does not know the repository at all */
export async function requireRepository(client: OciClient): Promise<void> {
  const doing = 'listing the tags'
  const answer = await client.request({ method: 'GET', path: 'tags/list?n=1', doing })
  if (answer.status !== 200) throw answerError(answer, client.errorContext(doing))
}
