import type { JsonObject } from '../domain/text/json.ts'
import { publishFile, type FileCommit } from './publish-file.ts'
import { moveTags, MOVING_TAGS, publishImage, type PublishedImage } from './publish-image.ts'
import { publishDependencies, publishPackage, takeBackPackage, type TarballHashes } from './publish-package.ts'
import { APP, formulaOf, scoopManifestOf } from './release-files.ts'
import type { Release } from './releases.ts'
import type { NpmStore } from './servers/npm/npm-store.ts'
import type { OciStore } from './servers/oci/oci-store.ts'
import type { Happening } from './timeline.ts'

export type PublishedFormat = 'brew' | 'scoop' | 'docker' | 'npm'

/** What the history keeps of one package of one deployment. */
export interface Publication {
  readonly format: PublishedFormat
  readonly status: 'deployed' | 'failed' | 'skipped'
  /** The pin, in its driver's form; `undefined` when nothing was published. */
  readonly ref: Pin | undefined
}

type Pin = JsonObject

export const FORMULA = `Formula/${APP}.rb`
export const SCOOP_MANIFEST = `bucket/${APP}.json`

interface Targets {
  readonly images: OciStore
  readonly packages: NpmStore
  /** Folders of the bare repositories, made here. */
  readonly tap: string
  readonly bucket: string
}

/** Carries out the whole timeline, on every registry. @returns for each happening, what was published. */
export async function publishReleases(
  timeline: readonly Happening[],
  { images, packages, tap, bucket }: Targets,
): Promise<readonly (readonly Publication[])[]> {
  const complete = timeline.filter(({ release }) => release.outcome.kind !== 'failed')
  const [formulas, manifests] = await Promise.all([
    publishFile(
      tap,
      FORMULA,
      complete.map((happening) => fileCommit(happening, formulaOf)),
    ),
    publishFile(
      bucket,
      SCOOP_MANIFEST,
      complete.map((happening) => fileCommit(happening, scoopManifestOf)),
    ),
  ])
  const imagePins = publishImages(images, timeline)
  const npmPins = publishPackages(packages, timeline)
  return timeline.map((happening, index) => {
    const at = complete.indexOf(happening)
    const [formula, manifest] = [formulas[at], manifests[at]]
    return [
      publication('brew', formula && { path: FORMULA, ...formula }),
      publication('scoop', manifest && { path: SCOOP_MANIFEST, ...manifest }),
      publication('docker', imagePins[index]),
      publication('npm', npmPins[index], 'failed'),
    ]
  })
}

function fileCommit({ kind, release, left, at }: Happening, contentOf: (release: Release) => string): FileCommit {
  const message =
    kind === 'rollback' ? `${APP} ${release.version}: take back ${left?.version}` : `${APP} ${release.version}`
  return { content: contentOf(release), message, at }
}

function publishImages(store: OciStore, timeline: readonly Happening[]): readonly Pin[] {
  const images = new Map<string, PublishedImage>()
  return timeline.map(({ release, at, commit }) => {
    const image = images.get(release.version) ?? publishImage(store, release, at, commit)
    images.set(release.version, image)
    moveTags(store, image)
    const platforms = release.platforms.length === 1 ? {} : { platforms: release.platforms }
    return { tags: MOVING_TAGS, digest: image.digest, media_type: image.mediaType, ...platforms }
  })
}

function publishPackages(store: NpmStore, timeline: readonly Happening[]): readonly (Pin | undefined)[] {
  const [first] = timeline
  if (first) publishDependencies(store, first.at)
  const hashes = new Map<string, TarballHashes>()
  return timeline.map(({ kind, release, left, at }) => {
    const { version, outcome } = release
    if (outcome.kind === 'failed') return undefined
    if (kind === 'rollback' && left) takeBackPackage(store, left, release, at)
    else hashes.set(version, publishPackage(store, release, at))
    return { tag: 'latest', version, ...hashes.get(version) }
  })
}

function publication(
  format: PublishedFormat,
  ref: Pin | undefined,
  otherwise: Publication['status'] = 'skipped',
): Publication {
  return { format, ref, status: ref ? 'deployed' : otherwise }
}
