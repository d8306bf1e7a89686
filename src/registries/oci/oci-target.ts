import { answerError } from '../shared/http-errors.ts'
import { inParallel } from '../shared/in-parallel.ts'
import type { OciClient } from './oci-client.ts'
import type { OciDescriptor, OciManifest } from './parse-manifest.ts'
import { readManifest, shortDigest } from './oci-manifest.ts'

/** Requests at a time: registries count them. */
const PARALLEL_COUNT = 6

/**
 * What a manifest needs and the registry no longer has, in words; empty when it is complete. A registry serves a
 * manifest whose layers are gone and refuses it only when it is tagged again, so every part is looked for.
 * @throws REGISTRY_*
 */
export async function findMissingParts(client: OciClient, manifest: OciManifest): Promise<readonly string[]> {
  const children = await inParallel(manifest.document.manifests, PARALLEL_COUNT, async ({ digest }) => ({
    digest,
    manifest: await readManifest(client, digest),
  }))
  const images = [manifest, ...children.flatMap((child) => child.manifest ?? [])]
  const blobs = [...new Set(images.flatMap(blobsOf))]
  const absent = await inParallel(blobs, PARALLEL_COUNT, async (digest) =>
    (await hasBlob(client, digest)) ? [] : [digest],
  )
  return [
    ...children.filter((child) => child.manifest === null).map(({ digest }) => `manifest ${shortDigest(digest)}`),
    ...absent.flat().map((digest) => `blob ${shortDigest(digest)}`),
  ]
}

function blobsOf({ document: { config, layers } }: OciManifest): readonly string[] {
  return [...(config ? [config] : []), ...layers.filter((layer) => !isForeign(layer))].map(({ digest }) => digest)
}

/** Layers that are fetched from elsewhere and that no registry has to hold. */
function isForeign({ mediaType, urls }: OciDescriptor): boolean {
  return urls !== undefined && /foreign|nondistributable/u.test(mediaType)
}

/** A redirect to where the blob is stored says that it is there; it is not followed. */
async function hasBlob(client: OciClient, digest: string): Promise<boolean> {
  const doing = `looking for blob ${shortDigest(digest)}`
  const answer = await client.request({ method: 'HEAD', path: `blobs/${digest}`, doing })
  if (answer.status === 200 || [302, 303, 307, 308].includes(answer.status)) return true
  if (answer.status === 404) return false
  throw answerError(answer, client.story(doing))
}
