import { answerBlob, answerUpload, answerUploadStart } from './oci-blobs.ts'
import { createOciGate, type OciAuth, type OciGate } from './oci-auth.ts'
import { answerManifest } from './oci-manifests.ts'
import {
  answerWith,
  listenOnLoopback,
  type LoopbackServer,
  type ServerAnswer,
  type ServerRequest,
} from '../loopback-server.ts'
import { createOciStore, OciRejection, type OciStore } from './oci-store.ts'

export interface OciRegistry extends LoopbackServer {
  readonly state: OciStore
}

/**
 * An OCI distribution registry in memory: the part of version 2 that pushing, pulling and re-tagging need, with the
 * answers of distribution 2.8 (no compare-and-swap, no deletion by tag, no single-request upload).
 */
export async function startOciRegistry(
  options: {
    readonly port?: number
    readonly auth?: OciAuth
    /** Before every answer. Default 0. */
    readonly latencyMs?: number
  } = {},
): Promise<OciRegistry> {
  const state = createOciStore()
  const gate = createOciGate(options.auth)
  const server = await listenOnLoopback(
    answerWith((request) => answerRegistry(state, gate, request), options.latencyMs),
    options.port,
  )
  return { ...server, state }
}

const NAME = '([a-z0-9]+(?:(?:[._]|__|-+|/)[a-z0-9]+)*)'
const DIGEST = '[A-Za-z0-9_+.-]+:[0-9a-fA-F]{32,}'
const ROUTES: readonly [
  path: RegExp,
  methods: string,
  answer: (store: OciStore, name: string, rest: string, request: ServerRequest) => ServerAnswer | undefined,
][] = [
  [new RegExp(`^/v2/${NAME}/manifests/(\\w[\\w.-]{0,127}|${DIGEST})$`, 'u'), 'DELETE, GET, HEAD, PUT', answerManifest],
  [
    new RegExp(`^/v2/${NAME}/blobs/uploads/()$`, 'u'),
    'POST',
    (store, name, _, request) => answerUploadStart(store, name, request),
  ],
  [new RegExp(`^/v2/${NAME}/blobs/uploads/([\\w.=-]+)$`, 'u'), 'DELETE, GET, HEAD, PATCH, PUT', answerUpload],
  [new RegExp(`^/v2/${NAME}/blobs/(${DIGEST})$`, 'u'), 'DELETE, GET, HEAD', answerBlob],
  [new RegExp(`^/v2/${NAME}/tags/list()$`, 'u'), 'GET', (store, name) => answerTags(store, name)],
]

function answerRegistry(state: OciStore, gate: OciGate, request: ServerRequest): ServerAnswer {
  const token = gate.grant(request)
  if (token) return token
  if (request.path === '/') return { status: 200 }
  const path = request.path.replaceAll('%3A', ':')
  const [route, match] = ROUTES.map((route) => [route, route[0].exec(path)] as const).find(([, match]) => match) ?? []
  const refusal = gate.refuse(request, match?.[1])
  if (refusal) return withApiVersion(refusal)
  if (path === '/v2/') return withApiVersion(json(200, {}))
  if (!route || !match) return withApiVersion(text(404, '404 page not found\n'))
  try {
    const answer = route[2](state, match[1] ?? '', match[2] ?? '', request)
    return withApiVersion(answer ?? { ...text(405, 'Method not allowed\n', { allow: route[1] }) })
  } catch (error) {
    if (!(error instanceof OciRejection)) throw error
    return withApiVersion(json(error.status, { errors: error.errors }))
  }
}

function answerTags(store: OciStore, name: string): ServerAnswer {
  const tags = [...(store.repositories.get(name)?.tags.keys() ?? [])].sort()
  if (tags.length > 0) return json(200, { name, tags })
  throw new OciRejection(404, [
    { code: 'NAME_UNKNOWN', message: 'repository name not known to registry', detail: { name } },
  ])
}

function withApiVersion(answer: ServerAnswer): ServerAnswer {
  const headers = { 'docker-distribution-api-version': 'registry/2.0', 'x-content-type-options': 'nosniff' }
  return { ...answer, headers: { ...headers, ...answer.headers } }
}

function json(status: number, body: unknown): ServerAnswer {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return { status, headers, body: `${JSON.stringify(body)}\n` }
}

function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): ServerAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }
}
