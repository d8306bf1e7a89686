import type { Release } from './releases.ts'
import { APP, sourceOf } from './release-files.ts'
import { digestOf, IMAGE_TYPES, putBlob, putManifest, type OciStore } from './servers/oci/oci-store.ts'
import { gzip, tar } from './tar.ts'

export const IMAGE = `acme/${APP}`
/** The tags that move with every version, beside the version's own. */
export const MOVING_TAGS = ['latest', 'stable'] as const

export interface PublishedImage {
  readonly digest: string
  readonly mediaType: string
}

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** Pushes one version: config and layers, a manifest per platform, an index over several, its own tag. */
export function publishImage(store: OciStore, release: Release, at: string, commit: string): PublishedImage {
  const base = layerOf(store, [{ path: 'etc/os-release', content: `NAME=acme\nVERSION=${release.base}\n` }])
  const manifests = release.platforms.map((platform) => {
    const code = layerOf(store, [
      { path: `usr/bin/${APP}`, content: `# ${platform}\n${sourceOf(release)}`, mode: 0o755 },
    ])
    return imageManifest(store, release, { platform, layers: [base, code], at, commit })
  })
  const [only, ...others] = manifests
  const tag = release.version
  if (only && others.length === 0) {
    putManifest(store, IMAGE, tag, { mediaType: only.mediaType, bytes: only.bytes })
    return { digest: only.digest, mediaType: only.mediaType }
  }
  const mediaType = IMAGE_TYPES.ociIndex
  const bytes = json({
    schemaVersion: 2,
    mediaType,
    manifests: manifests.map(({ descriptor }) => descriptor),
    annotations: { 'org.opencontainers.image.version': release.version },
  })
  return { digest: putManifest(store, IMAGE, tag, { mediaType, bytes }), mediaType }
}

/** Points the moving tags at a version that was published before. */
export function moveTags(store: OciStore, { digest, mediaType }: PublishedImage): void {
  const manifest = store.repositories.get(IMAGE)?.manifests.get(digest)
  if (!manifest) throw new Error(`${digest} (${mediaType}) was never published`)
  for (const tag of MOVING_TAGS) putManifest(store, IMAGE, tag, manifest)
}

interface PlatformManifest {
  readonly mediaType: string
  readonly digest: string
  readonly bytes: Buffer
  /** As an index names it. */
  readonly descriptor: object
}

interface Layer {
  readonly descriptor: Descriptor
  /** Digest of the archive before compression. */
  readonly diffId: string
}

function layerOf(store: OciStore, files: Parameters<typeof tar>[0]): Layer {
  const archive = tar(files)
  const descriptor = blob(store, 'application/vnd.oci.image.layer.v1.tar+gzip', gzip(archive))
  return { descriptor, diffId: digestOf(archive) }
}

function imageManifest(
  store: OciStore,
  { version }: Release,
  parts: { readonly platform: string; readonly layers: readonly Layer[]; readonly at: string; readonly commit: string },
): PlatformManifest {
  const [os = '', architecture = '', variant] = parts.platform.split('/')
  const platform = { architecture, os, ...(variant === undefined ? {} : { variant }) }
  const config = json({
    created: parts.at,
    ...platform,
    config: {
      Entrypoint: [`/usr/bin/${APP}`],
      Labels: {
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.revision': parts.commit,
      },
    },
    rootfs: { type: 'layers', diff_ids: parts.layers.map(({ diffId }) => diffId) },
    history: parts.layers.map(() => ({ created: parts.at })),
  })
  const mediaType = IMAGE_TYPES.ociManifest
  const bytes = json({
    schemaVersion: 2,
    mediaType,
    config: blob(store, 'application/vnd.oci.image.config.v1+json', config),
    layers: parts.layers.map(({ descriptor }) => descriptor),
  })
  const digest = digestOf(bytes)
  putManifest(store, IMAGE, digest, { mediaType, bytes })
  return { mediaType, digest, bytes, descriptor: { mediaType, digest, size: bytes.length, platform } }
}

function blob(store: OciStore, mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: putBlob(store, IMAGE, bytes), size: bytes.length }
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value))
}
