import { createHash } from 'node:crypto'
import { z } from 'zod'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { answerError, brokenAnswer, parseAnswer } from './http-errors.ts'
import type { OciClient } from './oci-client.ts'
import { createProcessMemory } from './process-memory.ts'

/** Everything a tag may lead to: without all four a registry answers 404 or another digest (OCI distribution 1.1, docker v2). */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const
const ACCEPT = { accept: MANIFEST_TYPES.join(', ') }

export const DIGEST = /^sha256:[0-9a-f]{64}$/u
export const TAG = /^\w[\w.-]{0,127}$/u

const descriptor = z.object({
  digest: z.string(),
  mediaType: z.string().default(''),
  urls: z.array(z.string()).optional(),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() }).optional(),
})
const manifestDocument = z.object({
  mediaType: z.string().optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).default([]),
  manifests: z.array(descriptor).default([]),
})

export type OciDescriptor = z.infer<typeof descriptor>

/** A manifest's own bytes: the digest is theirs, so they are never written anew. */
export interface OciManifest {
  readonly digest: string
  readonly mediaType: string
  readonly bytes: Uint8Array
  readonly document: z.infer<typeof manifestDocument>
}

/** Manifests by digest cannot change. */
const manifests = createProcessMemory<OciManifest>()

/**
 * Where a tag leads; `null` when there is no such tag. The digest is that of the bytes a client would get: a header, and
 * the answer to a HEAD, may come from a cache of their own. @throws REGISTRY_*
 */
export async function readTag(client: OciClient, tag: string): Promise<string | null> {
  const manifest = await getManifest(client, tag, `reading tag ${tag}`)
  if (manifest) manifests.set(client.platform, memoryKey(client, manifest.digest), manifest)
  return manifest?.digest ?? null
}

/** `null` when the registry has no such manifest. @throws REGISTRY_BROKEN when it sends other bytes, REGISTRY_* */
export async function readManifest(client: OciClient, digest: string): Promise<OciManifest | null> {
  const key = memoryKey(client, digest)
  const known = manifests.get(client.platform, key)
  if (known) return known
  const doing = `reading manifest ${shortDigest(digest)}`
  const manifest = await getManifest(client, digest, doing)
  if (!manifest) return null
  if (manifest.digest !== digest) {
    throw brokenAnswer(client.story(doing), `it sent ${shortDigest(manifest.digest)} for ${shortDigest(digest)}`)
  }
  manifests.set(client.platform, key, manifest)
  return manifest
}

function memoryKey({ reference: { origin, repository } }: OciClient, digest: string): string {
  return `${origin}/${repository}@${digest}`
}

async function getManifest(client: OciClient, reference: string, doing: string): Promise<OciManifest | null> {
  const answer = await client.request({ method: 'GET', path: `manifests/${reference}`, headers: ACCEPT, doing })
  if (answer.status === 404) return null
  const story = client.story(doing)
  if (answer.status !== 200) throw answerError(answer, story)
  const document = manifestDocument.safeParse(parseAnswer(answer, story))
  const mediaType = (answer.headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
  if (!document.success || !MANIFEST_TYPES.some((type) => type === mediaType)) {
    throw brokenAnswer(story, `it sent "${mediaType}", which is no manifest that can be tagged again`)
  }
  return { digest: digestOf(answer.body), mediaType, bytes: answer.body, document: document.data }
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
  if (answer.status < 200 || answer.status > 299) throw answerError(answer, client.story(doing))
  const stored = answer.headers['docker-content-digest']
  if (stored !== undefined && stored !== digest) {
    throw brokenAnswer(client.story(doing), `it stored ${shortDigest(stored)} instead`)
  }
}

/** `linux/amd64`, `linux/arm64/v8`, …; empty for a single image. */
export function platformsOf({ document }: OciManifest): readonly string[] {
  return document.manifests.flatMap(({ platform }) =>
    platform && platform.os !== 'unknown'
      ? [[platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')]
      : [],
  )
}

export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12)
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** @throws REGISTRY_NOT_FOUND when the registry does not know the repository at all */
export async function requireRepository(client: OciClient): Promise<void> {
  const doing = 'listing the tags'
  const answer = await client.request({ method: 'GET', path: 'tags/list?n=1', doing })
  if (answer.status !== 200) throw answerError(answer, client.story(doing))
}
