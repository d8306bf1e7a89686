import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readAll } from '../forward-request.ts'

/** What the handler looks like in a Caddy whose policy is `weighted_round_robin` (2.7 and later). */
interface WeightedHandler {
  '@id': string
  handler: string
  load_balancing: { selection_policy: { policy: string; weights: readonly number[] } }
  upstreams: readonly { readonly dial: string }[]
}

export interface FakeCaddyAdmin {
  readonly url: string
  readonly handler: WeightedHandler
  /** The next changes are refused the way Caddy refuses what it cannot load. */
  refuseLoading(refuses: boolean): void
  close(): Promise<void>
}

/**
 * A stand-in for the admin API of a Caddy newer than the one Debian has, for one handler: GET with the ETag behind the
 * body, PATCH of its selection policy with If-Match, and the errors of both, as its documentation describes them.
 */
export async function startFakeCaddyAdmin(dials: readonly string[]): Promise<FakeCaddyAdmin> {
  const handler: WeightedHandler = {
    '@id': 'app',
    handler: 'reverse_proxy',
    load_balancing: {
      selection_policy: { policy: 'weighted_round_robin', weights: dials.map((_, place) => (place === 0 ? 1 : 0)) },
    },
    upstreams: dials.map((dial) => ({ dial })),
  }
  const etag = (): string =>
    `"/config/apps/http/servers/entry/routes/0/handle/0 ${createHash('sha256').update(JSON.stringify(handler)).digest('hex').slice(0, 8)}"`
  let refuses = false

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readAll(request)).toString()
    if (request.method === 'GET' && request.url === '/id/app') {
      response.writeHead(200, { 'content-type': 'application/json', trailer: 'ETag' })
      response.write(JSON.stringify(handler))
      response.addTrailers({ etag: etag() })
      return void response.end()
    }
    if (request.method !== 'PATCH' || request.url !== '/id/app/load_balancing/selection_policy') {
      return fail(response, 404, "unknown object ID 'app'")
    }
    if (request.headers['if-match'] !== etag())
      return fail(response, 412, 'If-Match header did not match current config hash')
    if (refuses) return fail(response, 500, 'loading new config: loading http app module: provision http: refused')
    handler.load_balancing.selection_policy = JSON.parse(body) as WeightedHandler['load_balancing']['selection_policy']
    response.writeHead(200).end()
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    handler,
    refuseLoading: (next) => void (refuses = next),
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function fail(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
}
