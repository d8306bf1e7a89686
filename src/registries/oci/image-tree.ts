import { createHash } from 'node:crypto'
import { sanitize } from '../../domain/text/sanitize.ts'
import { mapConcurrently } from '../../platform/limit-concurrency.ts'
import { hasBlob, hasManifest } from './has-part.ts'
import type { OciClient } from './oci-client.ts'
import { readManifest, shortDigest } from './oci-manifest.ts'
import { MANIFEST_TYPES, type OciDescriptor, type OciManifest } from './parse-manifest.ts'

/** What is not there of one image, or of something that was pushed beside an image. */
export interface MissingParts {
  /** `linux/arm64`, `the attestation of linux/arm64`; empty for the only image of a manifest. */
  readonly name: string
  /** `manifest sha256:52c5c5b27b63`, `blob sha256:…`. */
  readonly parts: readonly string[]
  /** Pushed beside an image, which is pulled and runs without it: an attestation. */
  readonly isBeside: boolean
}

export interface ImageTree {
  /** Empty when all of it is there. */
  readonly missing: readonly MissingParts[]
  /** Whether an image that runs somewhere is whole. */
  readonly hasWholeImage: boolean
}

/** Requests at a time: registries count them. */
const PARALLEL_COUNT = 6

/** An image, an attestation, an artifact: what an index leads to, however deep, with what it needs. */
interface Leaf {
  readonly digest: string
  readonly descriptor: OciDescriptor | undefined
  /** Of the nearest index entry that names one. */
  readonly platform: string
  /** `undefined`: it is not there. */
  readonly manifest: OciManifest | undefined
  /** It is no manifest, and it is there, or is not. */
  readonly isBlob: boolean
}

/**
 * Looks for all that a manifest leads to, through indexes of any depth. A registry serves a manifest whose parts are gone,
 * and many refuse it only when it is tagged again, if at all. @throws REGISTRY_*
 */
export async function readImageTree(client: OciClient, top: OciManifest): Promise<ImageTree> {
  const leaves = await leavesOf(client, top)
  const blobs = [...new Set(leaves.flatMap(({ manifest }) => (manifest ? blobsOf(manifest) : [])))]
  const held = await mapConcurrently(blobs, PARALLEL_COUNT, (digest) => hasBlob(client, digest))
  const absent = new Set(blobs.filter((_, at) => held[at] === false))
  const missing = leaves.flatMap((leaf): readonly MissingParts[] => {
    const parts = missingOf(leaf, absent)
    return parts.length === 0
      ? []
      : [{ name: nameOf(leaf, leaves), parts, isBeside: leaf.descriptor !== undefined && isBeside(leaf.descriptor) }]
  })
  const hasWholeImage = leaves.some((leaf) => isImage(leaf) && missingOf(leaf, absent).length === 0)
  return { missing, hasWholeImage }
}

/** Level by level; what several indexes list is read once. */
async function leavesOf(client: OciClient, top: OciManifest): Promise<readonly Leaf[]> {
  if (!isIndex(top)) {
    return [{ digest: top.digest, descriptor: undefined, platform: '', manifest: top, isBlob: false }]
  }
  const leaves: Leaf[] = []
  const seen = new Set([top.digest])
  let level: readonly Entry[] = entriesOf(top, '')
  while (level.length > 0) {
    const fresh = level.filter(({ descriptor: { digest } }) => !seen.has(digest) && seen.add(digest))
    const read = await mapConcurrently(fresh, PARALLEL_COUNT, (entry) => readEntry(client, entry))
    leaves.push(...read.filter(({ manifest }) => !manifest || !isIndex(manifest)))
    level = read.flatMap(({ manifest, platform }) =>
      manifest && isIndex(manifest) ? entriesOf(manifest, platform) : [],
    )
  }
  return leaves
}

interface Entry {
  readonly descriptor: OciDescriptor
  readonly platform: string
}

function entriesOf({ document }: OciManifest, outer: string): readonly Entry[] {
  return document.manifests.map((descriptor) => ({ descriptor, platform: platformOf(descriptor) || outer }))
}

async function readEntry(client: OciClient, { descriptor, platform }: Entry): Promise<Leaf> {
  const { digest, mediaType } = descriptor
  const common = { digest, descriptor, platform }
  if (!mediaType || Object.hasOwn(MANIFEST_TYPES, mediaType)) {
    const manifest = (await readManifest(client, digest, { isFresh: true })) ?? undefined
    return { ...common, manifest, isBlob: false }
  }
  // An index may list anything: build caches list their layers.
  const isThere = (await hasManifest(client, digest, mediaType)) || (await hasBlob(client, digest))
  return { ...common, manifest: undefined, isBlob: isThere }
}

function missingOf({ digest, manifest, isBlob }: Leaf, absent: ReadonlySet<string>): readonly string[] {
  if (isBlob) return []
  if (!manifest) return [`manifest ${shortDigest(digest)}`]
  return blobsOf(manifest)
    .filter((blob) => absent.has(blob))
    .map((blob) => `blob ${shortDigest(blob)}`)
}

function isIndex({ mediaType }: OciManifest): boolean {
  return MANIFEST_TYPES[mediaType] === 'index'
}

/** Something that runs: no attestation, and nothing that is no manifest. */
function isImage({ descriptor, manifest }: Leaf): boolean {
  return manifest !== undefined && (descriptor === undefined || !isBeside(descriptor))
}

/** What Buildx pushes beside an image has a platform that is none. */
function isBeside({ annotations, platform }: OciDescriptor): boolean {
  return platform?.os === 'unknown' || typeof annotations?.['vnd.docker.reference.type'] === 'string'
}

function nameOf({ descriptor, platform, digest }: Leaf, leaves: readonly Leaf[]): string {
  if (!descriptor) return ''
  if (!isBeside(descriptor)) return platform === '' ? shortDigest(digest) : platform
  const owner = leaves.find((leaf) => leaf.digest === descriptor.annotations?.['vnd.docker.reference.digest'])
  const described = owner?.platform || platform
  return described === '' ? 'an attestation' : `the attestation of ${described}`
}

function platformOf({ platform }: OciDescriptor): string {
  if (!platform?.os || platform.os === 'unknown') return ''
  return sanitize([platform.os, platform.architecture, platform.variant].filter(Boolean).join('/'), 80)
}

function blobsOf({ document: { config, layers } }: OciManifest): readonly string[] {
  return [...(config ? [config] : []), ...layers].filter((blob) => !isElsewhere(blob)).map(({ digest }) => digest)
}

/** Layers that are fetched from elsewhere, and content that stands in the manifest itself: no registry has to hold them. */
function isElsewhere({ mediaType, urls, data, digest }: OciDescriptor): boolean {
  if (urls && urls.length > 0 && /foreign|nondistributable/u.test(mediaType ?? '')) return true
  const [algorithm = '', hash] = digest.split(':')
  return (
    Boolean(data) &&
    createHash(algorithm)
      .update(Buffer.from(data ?? '', 'base64'))
      .digest('hex') === hash
  )
}
