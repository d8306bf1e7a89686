import { BagboyError } from '../../errors/bagboy-error.ts'
import type { HttpResponse } from '../../platform/platform.ts'
import { answerError } from '../../http-api/http-errors.ts'
import type { OciClient } from './oci-client.ts'
import { shortDigest } from './oci-manifest.ts'
import { isStorage } from './read-from-storage.ts'

/** Whether a client that pulls would get this blob. @throws REGISTRY_* */
export async function hasBlob(client: OciClient, digest: string): Promise<boolean> {
  return hasPart(client, `blobs/${digest}`, `looking for blob ${shortDigest(digest)}`, {})
}

/** As {@link hasBlob}, for a manifest of a type that is not known here. @throws REGISTRY_* */
export async function hasManifest(client: OciClient, digest: string, mediaType: string): Promise<boolean> {
  const doing = `looking for manifest ${shortDigest(digest)}`
  return hasPart(client, `manifests/${digest}`, doing, { accept: mediaType })
}

/**
 * By the first byte of a GET: a HEAD may be answered from an index of what was there before the registry cleaned up, and
 * some registries refuse it.
 */
async function hasPart(
  client: OciClient,
  path: string,
  doing: string,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  const answer = await client
    .request({ method: 'GET', path, headers: { ...headers, range: 'bytes=0-0' }, isBodyCut: true, doing })
    .catch((error: unknown) => {
      // The registry says that it is there by naming the storage, which may be out of our reach and not of others.
      if (error instanceof BagboyError && isStorage(error.details)) return undefined
      throw error
    })
  return answer === undefined || isThere(answer, () => client.errorContext(doing))
}

/** 416: it is there, and empty. */
function isThere(answer: HttpResponse, errorContext: () => Parameters<typeof answerError>[1]): boolean {
  if (answer.status === 200 || answer.status === 206 || answer.status === 416) return true
  if (answer.status === 404 || answer.status === 410) return false
  throw answerError(answer, errorContext())
}
