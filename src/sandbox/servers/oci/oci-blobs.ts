import type { ServerAnswer, ServerRequest } from '../loopback-server.ts'
import { OciRejection, digestOf, ociRepository, putBlob, startUpload, type OciStore } from './oci-store.ts'

/** GET, HEAD and DELETE of `/v2/<name>/blobs/<digest>`. @throws OciRejection */
export function answerBlob(
  store: OciStore,
  name: string,
  digest: string,
  { method, headers }: ServerRequest,
): ServerAnswer | undefined {
  const blobs = store.repositories.get(name)?.blobs
  const bytes = blobs?.get(digest)
  if (method !== 'GET' && method !== 'HEAD' && method !== 'DELETE') return undefined
  if (bytes === undefined) {
    throw rejection(404, 'BLOB_UNKNOWN', 'blob unknown to registry', method === 'DELETE' ? undefined : digest)
  }
  if (method === 'DELETE') {
    blobs?.delete(digest)
    return { status: 202 }
  }
  const common = {
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    etag: `"${digest}"`,
  }
  const range = /^bytes=(\d+)-(\d*)$/u.exec(headers['range'] ?? '')
  if (!range) return { status: 200, headers: common, body: bytes }
  const [from, to] = [Number(range[1]), Math.min(Number(range[2] || bytes.length - 1), bytes.length - 1)]
  const contentRange = `bytes ${from}-${to}/${bytes.length}`
  return { status: 206, headers: { ...common, 'content-range': contentRange }, body: bytes.subarray(from, to + 1) }
}

/** POST of `/v2/<name>/blobs/uploads/`: starts an upload, or takes a blob over from another repository. */
export function answerUploadStart(store: OciStore, name: string, request: ServerRequest): ServerAnswer | undefined {
  if (request.method !== 'POST') return undefined
  const [digest, from] = [request.query.get('mount') ?? '', request.query.get('from') ?? '']
  const mounted = store.repositories.get(from)?.blobs.get(digest)
  if (mounted) {
    ociRepository(store, name).blobs.set(digest, mounted)
    return created(request, name, digest)
  }
  return progress(202, store, request, startUpload(store, name))
}

/** GET, PATCH, PUT and DELETE of `/v2/<name>/blobs/uploads/<id>`. @throws OciRejection */
export function answerUpload(
  store: OciStore,
  name: string,
  id: string,
  request: ServerRequest,
): ServerAnswer | undefined {
  const upload = store.uploads.get(id)
  if (upload?.repository !== name) throw rejection(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry', {})
  switch (request.method) {
    case 'GET':
      return progress(204, store, request, id)
    case 'DELETE':
      store.uploads.delete(id)
      return { status: 204 }
    case 'PATCH':
      store.uploads.set(id, { repository: name, bytes: Buffer.concat([upload.bytes, request.body]) })
      return progress(202, store, request, id)
    case 'PUT':
      return finish(store, name, id, Buffer.concat([upload.bytes, request.body]), request)
    default:
      return undefined
  }
}

function finish(store: OciStore, name: string, id: string, bytes: Buffer, request: ServerRequest): ServerAnswer {
  store.uploads.delete(id)
  const wanted = request.query.get('digest')
  if (wanted === null) throw rejection(400, 'DIGEST_INVALID', 'digest missing', {})
  if (digestOf(bytes) !== wanted) {
    const detail = { Digest: wanted, Reason: {} }
    throw rejection(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', detail)
  }
  return created(request, name, putBlob(store, name, bytes))
}

function progress(status: number, store: OciStore, request: ServerRequest, id: string): ServerAnswer {
  const { repository, bytes } = store.uploads.get(id) ?? { repository: '', bytes: Buffer.alloc(0) }
  const headers = {
    location: `http://${request.headers['host']}/v2/${repository}/blobs/uploads/${id}?_state=${bytes.length}`,
    'docker-upload-uuid': id,
    range: `0-${Math.max(0, bytes.length - 1)}`,
  }
  return { status, headers }
}

function created(request: ServerRequest, name: string, digest: string): ServerAnswer {
  const location = `http://${request.headers['host']}/v2/${name}/blobs/${digest}`
  return { status: 201, headers: { location, 'docker-content-digest': digest } }
}

function rejection(status: number, code: string, message: string, detail?: unknown): OciRejection {
  return new OciRejection(status, [{ code, message, ...(detail === undefined ? {} : { detail }) }])
}
