import { createHash } from 'node:crypto'
import { z } from 'zod'
import { sanitize } from '../../domain/text/sanitize.ts'
import { parseJson } from '../../domain/text/parse-json.ts'

/** Everything a tag may lead to: OCI distribution 1.1, docker v2. */
export const MANIFEST_TYPES = {
  'application/vnd.oci.image.index.v1+json': 'index',
  'application/vnd.docker.distribution.manifest.list.v2+json': 'index',
  'application/vnd.oci.image.manifest.v1+json': 'image',
  'application/vnd.docker.distribution.manifest.v2+json': 'image',
} as const
type MediaType = keyof typeof MANIFEST_TYPES

/** Go writes `null` for what it has none of; what is only shown, or may be left out, is not worth a refusal. */
const descriptor = z.object({
  /** It becomes a part of an address. */
  digest: z.string().regex(/^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/u),
  mediaType: z.string().nullish(),
  urls: z.array(z.string()).nullish().catch(null),
  /** The content itself, in base64. */
  data: z.string().nullish().catch(null),
  annotations: z.record(z.string(), z.unknown()).nullish().catch(null),
  platform: z
    .object({ os: z.string().nullish(), architecture: z.string().nullish(), variant: z.string().nullish() })
    .nullish()
    .catch(null),
})
const manifestDocument = z.object({
  mediaType: z.string().nullish(),
  config: descriptor.nullish(),
  layers: z.array(descriptor).nullish(),
  manifests: z.array(descriptor).nullish(),
})

export type DigestAlgorithm = 'sha256' | 'sha512'

export type OciDescriptor = z.infer<typeof descriptor>

/** A manifest's own bytes: the digest is theirs, so they are never written anew. */
export interface OciManifest {
  readonly digest: string
  readonly mediaType: MediaType
  readonly bytes: Uint8Array
  readonly document: {
    readonly config?: OciDescriptor | undefined
    readonly layers: readonly OciDescriptor[]
    readonly manifests: readonly OciDescriptor[]
  }
}

/**
 * What the bytes are, by themselves: a header may come from a proxy in front of the registry, and two readers of one
 * body must not take it for two things (CVE-2021-41190). A text says what is wrong with them, as it continues "it sent
 * …". `algorithm`: of its digest. Pure.
 */
export function parseManifest(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): OciManifest | string {
  const parsed = manifestDocument.safeParse(parseJson(bytes))
  if (!parsed.success) return 'no manifest'
  const { mediaType: named, config, layers, manifests } = parsed.data
  if (manifests && (config || layers)) return 'a manifest that is an index and an image at once'
  if (!manifests && !config && !layers) return 'a manifest that is neither an index nor an image'
  const kind = manifests ? 'index' : 'image'
  // Only OCI lets it out.
  const mediaType = named ?? `application/vnd.oci.image.${kind === 'index' ? 'index' : 'manifest'}.v1+json`
  if (!isMediaType(mediaType)) return `"${sanitize(mediaType, 100)}", which is no manifest that can be tagged again`
  if (MANIFEST_TYPES[mediaType] !== kind) return `an ${kind} that calls itself "${mediaType}"`
  return {
    digest: `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`,
    mediaType,
    bytes,
    document: documentOf(parsed.data),
  }
}

function documentOf({ config, layers, manifests }: z.infer<typeof manifestDocument>): OciManifest['document'] {
  return { config: config ?? undefined, layers: layers ?? [], manifests: manifests ?? [] }
}

function isMediaType(text: string): text is MediaType {
  return Object.hasOwn(MANIFEST_TYPES, text)
}
