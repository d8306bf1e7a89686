import { z } from 'zod'
import type { Json } from '../../domain/text/json.ts'
import { bareVersion, sameVersion } from '../../domain/version.ts'
import type { OciManifest } from './parse-manifest.ts'
import { DIGEST, platformsOf } from './oci-manifest.ts'

const pinForm = z.object({
  digest: z.string().regex(DIGEST),
  tags: z.array(z.string()).default([]),
})
const pointerForm = z.object({ tags: z.record(z.string(), z.string().nullable()) })

/** What the history keeps of an image: the digest, and the tags that led to it. */
export interface DockerPin {
  readonly digest: string
  readonly tags: readonly string[]
}

/** `undefined` for no pin, and for one that holds no whole digest. */
export function parseDockerPin(pin: Json): DockerPin | undefined {
  return pinForm.safeParse(pin).data
}

/** Every moving tag with the digest it leads to; `null` = there is no such tag. */
export interface DockerPointer {
  readonly tags: Readonly<Record<string, string | null>>
}

export function parseDockerPointer(pointer: Json): DockerPointer {
  return pointerForm.parse(pointer)
}

export function pinOf(manifest: OciManifest, tags: readonly string[]): Json {
  const platforms = platformsOf(manifest)
  return {
    tags,
    digest: manifest.digest,
    media_type: manifest.mediaType,
    ...(platforms.length === 0 ? {} : { platforms }),
  }
}

/** The names a version may be tagged with, the one of the history first. Build metadata cannot stand in a tag. */
export function versionTags(version: string): readonly string[] {
  const written = version.replaceAll('+', '_')
  const bare = bareVersion(written)
  return [...new Set([written, bare, ...(/^\d/u.test(bare) ? [`v${bare}`] : [])])]
}

/** A version's own tag never moves, regardless of the configuration. */
export function movingTags(tags: readonly string[], versions: readonly string[]): readonly string[] {
  return tags.filter((tag) => !versions.some((version) => sameVersion(tag, version.replaceAll('+', '_'))))
}

/**
 * The tags that led to a digest when it was recorded. A pin without any was not recorded with its tags: then all that
 * there are lead to it. Pure.
 */
export function pointerOfPin(pin: Json, pointer: Json): Json {
  const parsed = parseDockerPin(pin)
  const found = pointerForm.safeParse(pointer).data
  if (!parsed || !found) return null
  const tags = parsed.tags.length > 0 ? parsed.tags : Object.keys(found.tags).filter((tag) => found.tags[tag] !== null)
  return { tags: Object.fromEntries(tags.map((tag) => [tag, parsed.digest])) }
}
