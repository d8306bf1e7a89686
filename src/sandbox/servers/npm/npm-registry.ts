import {
  answerWith,
  listenOnLoopback,
  type LoopbackServer,
  type ServerAnswer,
  type ServerRequest,
} from '../loopback-server.ts'
import { answerPackument, answerTarball, answerVersion } from './npm-documents.ts'
import { npmPackage, NpmRejection, type NpmStore } from './npm-store.ts'
import { deleteTag, putTag } from './npm-tags.ts'
import { putPackage } from './npm-writes.ts'

export interface NpmRegistryOptions {
  readonly port?: number
  /** May write. */
  readonly token: string
  /** Is known, but may only read: writing with it is a 403. */
  readonly readOnlyToken?: string
  /** When set, every write must carry it as `npm-otp`. */
  readonly oneTimePassword?: string
  /** Before every answer. Default 0. */
  readonly latencyMs?: number
  /** For publication times. Default: the wall clock. */
  readonly now?: () => string
}

export interface NpmRegistry extends LoopbackServer {
  readonly state: NpmStore
}

/** An npm registry in memory: publishing, dist-tags, deprecation and installing, as the npm command uses them. */
export async function startNpmRegistry(options: NpmRegistryOptions): Promise<NpmRegistry> {
  const state: NpmStore = { packages: new Map() }
  const server = await listenOnLoopback(
    answerWith((request) => {
      try {
        return answerRegistry(state, options, request)
      } catch (error) {
        if (!(error instanceof NpmRejection)) throw error
        return json(error.status, { error: error.message })
      }
    }, options.latencyMs),
    options.port,
  )
  return { ...server, state }
}

const PACKAGE = '(?<name>@[^/]+(?:/|%2[fF])[^/]+|[^/@-][^/]*)'
const TAGS = new RegExp(`^/-/package/${PACKAGE}/dist-tags(?:/(?<rest>[^/]+))?$`, 'u')
const TARBALL = new RegExp(`^/${PACKAGE}/-/(?<rest>[^/]+\\.tgz)$`, 'u')
const REVISION = new RegExp(`^/${PACKAGE}/-rev/[^/]+$`, 'u')
const DOCUMENT = new RegExp(`^/${PACKAGE}(?:/(?<rest>[^/-][^/]*))?$`, 'u')

function answerRegistry(store: NpmStore, options: NpmRegistryOptions, request: ServerRequest): ServerAnswer {
  const { path, method } = request
  if (path === '/-/ping') return json(200, {})
  if (path === '/-/whoami') return whoAmI(options, request)
  if (method !== 'GET' && method !== 'HEAD') {
    const refusal = refuseWrite(options, request)
    if (refusal) return refusal
    return json(201, { ok: write(store, request, options.now?.() ?? new Date().toISOString()), success: true })
  }
  const [tags, tarball, document] = [TAGS, TARBALL, DOCUMENT].map((route) => matchRoute(route, path))
  if (tags && tags.rest === '') return json(200, Object.fromEntries(npmPackage(store, tags.name).distTags))
  if (tarball) return answerTarball(store, tarball.name, tarball.rest)
  if (document && document.rest !== '') return answerVersion(store, document.name, document.rest, request)
  if (document) return answerPackument(store, document.name, request)
  throw new NpmRejection(404, 'File not found')
}

function write(store: NpmStore, request: ServerRequest, at: string): string {
  const [tag, document, revision] = [TAGS, DOCUMENT, REVISION].map((route) => matchRoute(route, request.path))
  if (tag && tag.rest !== '' && request.method === 'PUT') return putTag(store, tag.name, tag.rest, request, at)
  if (tag && tag.rest !== '' && request.method === 'DELETE') return deleteTag(store, tag.name, tag.rest, at)
  const target = document?.rest === '' ? document : revision
  if (target && request.method === 'PUT') return putPackage(store, target.name, request, at)
  throw new NpmRejection(404, 'File not found')
}

function whoAmI(options: NpmRegistryOptions, request: ServerRequest): ServerAnswer {
  const token = bearer(request)
  if (token === options.token) return json(200, { username: 'publisher' })
  if (token !== '' && token === options.readOnlyToken) return json(200, { username: 'reader' })
  return json(401, { error: 'Unauthorized' })
}

function refuseWrite(options: NpmRegistryOptions, request: ServerRequest): ServerAnswer | undefined {
  const token = bearer(request)
  if (token !== '' && token === options.readOnlyToken) {
    return json(403, { error: 'this token may not write to this package' })
  }
  if (token !== options.token) {
    return json(401, { error: 'authorization required to publish' }, { 'www-authenticate': 'Basic, Bearer' })
  }
  if (options.oneTimePassword === undefined || request.headers['npm-otp'] === options.oneTimePassword) return undefined
  return json(401, { error: 'this operation requires a one-time password' }, { 'www-authenticate': 'OTP' })
}

function bearer(request: ServerRequest): string {
  return /^Bearer (.+)$/iu.exec(request.headers['authorization'] ?? '')?.[1] ?? ''
}

function matchRoute(route: RegExp, path: string): { readonly name: string; readonly rest: string } | undefined {
  const groups = route.exec(path)?.groups
  if (!groups) return undefined
  return { name: decodeURIComponent(groups['name'] ?? ''), rest: decodeURIComponent(groups['rest'] ?? '') }
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ServerAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: `${JSON.stringify(body)}\n` }
}
