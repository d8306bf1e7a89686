import { createHash, randomUUID } from 'node:crypto'

export interface OciManifest {
  readonly mediaType: string
  readonly bytes: Buffer
}

export interface OciRepository {
  readonly blobs: Map<string, Buffer>
  readonly manifests: Map<string, OciManifest>
  /** Tag → digest. */
  readonly tags: Map<string, string>
}

/** What a registry holds; tests may look into it and change it behind a client's back. */
export interface OciStore {
  readonly repositories: Map<string, OciRepository>
  /** Unfinished uploads by id. */
  readonly uploads: Map<string, { readonly repository: string; readonly bytes: Buffer }>
}

/** A manifest was refused; `code` as in the distribution specification. */
export class OciRejection extends Error {
  readonly status: number
  readonly errors: readonly { readonly code: string; readonly message: string; readonly detail?: unknown }[]

  constructor(status: number, errors: OciRejection['errors']) {
    super(errors.map(({ code }) => code).join(', '))
    this.status = status
    this.errors = errors
  }
}

export const IMAGE_TYPES = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
} as const

export function createOciStore(): OciStore {
  return { repositories: new Map(), uploads: new Map() }
}

/** Makes the repository when it is new. */
export function ociRepository(store: OciStore, name: string): OciRepository {
  const known = store.repositories.get(name)
  if (known) return known
  const made: OciRepository = { blobs: new Map(), manifests: new Map(), tags: new Map() }
  store.repositories.set(name, made)
  return made
}

export function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export function putBlob(store: OciStore, name: string, bytes: Buffer): string {
  const digest = digestOf(bytes)
  ociRepository(store, name).blobs.set(digest, bytes)
  return digest
}

export function startUpload(store: OciStore, name: string): string {
  const id = randomUUID()
  store.uploads.set(id, { repository: name, bytes: Buffer.alloc(0) })
  return id
}

/**
 * Stores a manifest under its digest and, when `reference` is a tag, moves the tag. Everything it names must be there.
 * @throws OciRejection
 */
export function putManifest(
  store: OciStore,
  name: string,
  reference: string,
  { mediaType, bytes }: OciManifest,
): string {
  const repository = ociRepository(store, name)
  const digest = digestOf(bytes)
  if (reference.includes(':') && reference !== digest) throw digestMismatch()
  const missing = namedBy(parseManifest(mediaType, bytes)).filter(
    (part) => !repository.blobs.has(part) && !repository.manifests.has(part),
  )
  if (missing.length > 0) {
    throw new OciRejection(
      400,
      missing.map((detail) => ({ code: 'MANIFEST_BLOB_UNKNOWN', message: 'blob unknown to registry', detail })),
    )
  }
  repository.manifests.set(digest, { mediaType, bytes })
  if (!reference.includes(':')) repository.tags.set(reference, digest)
  return digest
}

export function digestMismatch(): OciRejection {
  const message = 'provided digest did not match uploaded content'
  return new OciRejection(400, [{ code: 'DIGEST_INVALID', message }])
}

interface ManifestDocument {
  readonly schemaVersion?: number
  readonly mediaType?: string
  readonly config?: { readonly digest: string }
  readonly layers?: readonly { readonly digest: string }[]
  readonly manifests?: readonly { readonly digest: string }[]
}

function parseManifest(mediaType: string, bytes: Buffer): ManifestDocument {
  const invalid = new OciRejection(400, [{ code: 'MANIFEST_INVALID', message: 'manifest invalid', detail: {} }])
  if (!Object.values<string>(IMAGE_TYPES).includes(mediaType)) throw invalid
  let document: ManifestDocument
  try {
    document = JSON.parse(bytes.toString()) as ManifestDocument
  } catch (error) {
    invalid.cause = error
    throw invalid
  }
  // Distribution 2.8 fails on a document without a schema version instead of refusing it.
  if (document.schemaVersion !== 2) throw new OciRejection(500, [{ code: 'UNKNOWN', message: 'unknown error' }])
  if (document.mediaType !== undefined && document.mediaType !== mediaType) throw invalid
  return document
}

function namedBy({ config, layers = [], manifests = [] }: ManifestDocument): readonly string[] {
  return [...layers, ...(config ? [config] : []), ...manifests].map(({ digest }) => digest)
}
