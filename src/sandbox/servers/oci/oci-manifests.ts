import type { ServerAnswer, ServerRequest } from '../loopback-server.ts'
import {
  digestMismatch,
  digestOf,
  IMAGE_TYPES,
  OciRejection,
  putManifest,
  type OciManifest,
  type OciStore,
} from './oci-store.ts'

/** GET, HEAD, PUT and DELETE of `/v2/<name>/manifests/<reference>`, as distribution 2.8 answers them. @throws OciRejection */
export function answerManifest(
  store: OciStore,
  name: string,
  reference: string,
  request: ServerRequest,
): ServerAnswer | undefined {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return serve(store, name, reference, request)
    case 'PUT': {
      const mediaType = request.headers['content-type'] ?? ''
      const digest = putManifest(store, name, reference, { mediaType, bytes: request.body })
      const location = `http://${request.headers['host']}/v2/${name}/manifests/${digest}`
      return { status: 201, headers: { location, 'docker-content-digest': digest } }
    }
    case 'DELETE':
      return remove(store, name, reference)
    default:
      return undefined
  }
}

function serve(store: OciStore, name: string, reference: string, request: ServerRequest): ServerAnswer {
  const repository = store.repositories.get(name)
  const byDigest = reference.includes(':')
  const digest = byDigest ? reference : repository?.tags.get(reference)
  const manifest = digest === undefined ? undefined : repository?.manifests.get(digest)
  if (digest === undefined || manifest === undefined) {
    throw unknown('manifest unknown', byDigest ? { Name: name, Revision: reference } : { Tag: reference })
  }
  const accepted = (request.headers['accept'] ?? '').split(',').map((type) => (type.split(';')[0] ?? '').trim())
  const refusal = accepted.includes(manifest.mediaType) ? undefined : NOT_ACCEPTED[manifest.mediaType]
  if (refusal !== undefined) throw unknown(refusal)
  const convert = !byDigest && !accepted.includes(manifest.mediaType)
  return serveBytes(convert ? oldSchema(name, reference, manifest) : { ...manifest, digest }, request)
}

const NOT_ACCEPTED: Readonly<Record<string, string>> = {
  [IMAGE_TYPES.ociManifest]: 'OCI manifest found, but accept header does not support OCI manifests',
  [IMAGE_TYPES.ociIndex]: 'OCI index found, but accept header does not support OCI indexes',
}

function serveBytes(
  { mediaType, bytes, digest }: OciManifest & { readonly digest: string },
  request: ServerRequest,
): ServerAnswer {
  const headers = { 'content-type': mediaType, 'docker-content-digest': digest, etag: `"${digest}"` }
  if (request.headers['if-none-match'] === headers.etag) return { status: 304 }
  return { status: 200, headers, body: bytes }
}

/** What a client gets that asks for a tag and accepts no newer schema: Docker's first, with another digest. */
function oldSchema(name: string, tag: string, { bytes }: OciManifest): OciManifest & { readonly digest: string } {
  const { layers = [] } = JSON.parse(bytes.toString()) as { layers?: readonly { digest: string }[] }
  const fsLayers = layers.map(({ digest }) => ({ blobSum: digest })).reverse()
  const body = Buffer.from(
    JSON.stringify({ schemaVersion: 1, name, tag, architecture: 'amd64', fsLayers, history: [] }),
  )
  return {
    mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
    bytes: body,
    digest: digestOf(body),
  }
}

function remove(store: OciStore, name: string, reference: string): ServerAnswer {
  if (!reference.includes(':')) throw digestMismatch()
  const repository = store.repositories.get(name)
  if (!repository?.manifests.delete(reference)) throw unknown('manifest unknown')
  // Every tag on this digest goes with it: that is how aliases are lost.
  for (const [tag, digest] of repository.tags) if (digest === reference) repository.tags.delete(tag)
  return { status: 202 }
}

function unknown(message: string, detail?: unknown): OciRejection {
  return new OciRejection(404, [{ code: 'MANIFEST_UNKNOWN', message, ...(detail === undefined ? {} : { detail }) }])
}
