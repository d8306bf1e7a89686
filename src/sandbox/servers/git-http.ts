import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createGunzip } from 'node:zlib'
import { basicCredentials, listenOnLoopback, type LoopbackServer } from './loopback-server.ts'

export interface GitHttpOptions {
  /** The folder with the bare repositories; `<url>/acme/tap.git` is `acme/tap.git` under it. */
  readonly root: string
  readonly port?: number
  /** When given, pushing needs it (Basic); reading stays open. */
  readonly auth?: { readonly user: string; readonly secret: string }
}

/**
 * Git over smart HTTP, by `git http-backend` (its CGI protocol: git-http-backend(1)). A repository takes pushes when
 * its configuration says `http.receivepack = true`.
 */
export async function startGitHttp(options: GitHttpOptions): Promise<LoopbackServer> {
  return listenOnLoopback((request, response) => serve(options, request, response), options.port)
}

function serve(options: GitHttpOptions, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const pushing = url.pathname.endsWith('/git-receive-pack') || url.searchParams.get('service') === 'git-receive-pack'
  const { auth } = options
  const user = basicCredentials(request.headers.authorization)
  if (pushing && auth && user !== `${auth.user}:${auth.secret}`) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
    return
  }
  const backend = spawn('git', ['http-backend'], {
    env: environment(options.root, url, request, pushing),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const zipped = request.headers['content-encoding'] === 'gzip'
  const body = zipped ? request.pipe(createGunzip()) : request
  body.pipe(backend.stdin)
  // The backend may answer without reading all of the request, and the client may leave before the answer ends.
  backend.stdin.on('error', () => request.resume())
  backend.on('error', () => response.destroy())
  response.on('close', () => backend.kill())
  relay(backend.stdout, response)
}

function environment(
  root: string,
  url: URL,
  request: IncomingMessage,
  pushing: boolean,
): Readonly<Record<string, string | undefined>> {
  const length = request.headers['content-encoding'] === 'gzip' ? undefined : request.headers['content-length']
  return {
    PATH: process.env['PATH'],
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    REMOTE_USER: pushing ? 'user' : '',
    REMOTE_ADDR: '127.0.0.1',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    ...(length === undefined ? {} : { CONTENT_LENGTH: length }),
  }
}

/** Turns the CGI answer (`Status:` and headers, an empty line, the body) into an HTTP one. */
function relay(output: NodeJS.ReadableStream, response: ServerResponse): void {
  let head = Buffer.alloc(0)
  output.on('data', (chunk: Buffer) => {
    if (response.headersSent) return void response.write(chunk)
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    const lines = head.subarray(0, end).toString().split('\r\n')
    const fields = lines
      .map((line) => line.split(/:\s*(.*)/su))
      .map(([name = '', value = '']) => [name, value] as const)
    const status = fields.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200'
    const headers = fields.filter(([name]) => name.toLowerCase() !== 'status')
    response.writeHead(Number.parseInt(status, 10), Object.fromEntries(headers))
    response.write(head.subarray(end + 4))
  })
  output.on('end', () => {
    if (!response.headersSent) response.writeHead(500)
    response.end()
  })
}
