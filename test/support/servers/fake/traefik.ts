import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse } from 'yaml'

interface WeightedService {
  readonly weighted: { readonly services: readonly { readonly name: string; readonly weight?: number }[] }
}
interface Dynamic {
  readonly http: { readonly services: Readonly<Record<string, WeightedService | { readonly loadBalancer: object }>> }
}

export interface FakeTraefik {
  readonly url: string
  /** `blue 90, green 10` as it runs now. */
  weights(): Readonly<Record<string, number>>
  /** Server states of a service, by address. */
  setStatus(service: string, states: Readonly<Record<string, string>>): void
  /** Stops or goes on watching the file. */
  setWatching(isWatching: boolean): void
  /** The next requests behind a load are cut off: it is busy with itself. */
  cutAfterLoad(requestCount: number): void
  close(): Promise<void>
}

/** Between two looks at the file. */
const WATCH_MS = 10

/**
 * A stand-in for Traefik's file provider and API as its documentation and source describe them: a file that cannot be
 * loaded leaves what ran before, services are asked as `name@file`, an unknown one is answered 404 with a message.
 */
export async function startFakeTraefik(file: string, login: string): Promise<FakeTraefik> {
  const states = new Map<string, Readonly<Record<string, string>>>()
  const expected = `Basic ${Buffer.from(login).toString('base64')}`
  let loaded = load(file)
  let text = readFileSync(file, 'utf8')
  let [isWatching, cutCount, cuts] = [true, 0, 0]

  const watcher = setInterval(() => {
    const now = readFileSync(file, 'utf8')
    if (!isWatching || now === text) return
    text = now
    const next = load(file)
    if (!next) return
    loaded = next
    cuts = cutCount
  }, WATCH_MS)
  watcher.unref()

  function answer(request: IncomingMessage, response: ServerResponse): void {
    if (cuts > 0) {
      cuts -= 1
      return void response.socket?.destroy()
    }
    if (request.headers.authorization !== expected) return void response.writeHead(401).end('401 Unauthorized\n')
    const [, id = ''] = /^\/api\/http\/services\/(.+)$/u.exec(decodeURIComponent(request.url ?? '')) ?? []
    const found = id.endsWith('@file') ? loaded?.http.services[id.replace(/@file$/u, '')] : undefined
    if (!found) {
      return void response
        .writeHead(404, { 'content-type': 'application/json' })
        .end(JSON.stringify({ message: `service not found: ${id}` }))
    }
    const type = 'weighted' in found ? 'weighted' : 'loadbalancer'
    const serverStatus = states.get(id.replace(/@file$/u, ''))
    const body = {
      ...found,
      status: 'enabled',
      ...(serverStatus ? { serverStatus } : {}),
      name: id,
      provider: 'file',
      type,
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    weights: () => weightsIn(loaded),
    setStatus: (service, next) => void states.set(service, next),
    setWatching: (next) => void (isWatching = next),
    cutAfterLoad: (requestCount) => void (cutCount = requestCount),
    async close() {
      clearInterval(watcher)
      server.close()
      server.closeAllConnections()
    },
  }
}

/** `undefined` when Traefik would only log what is wrong. */
function load(file: string): Dynamic | undefined {
  try {
    const dynamic = parse(readFileSync(file, 'utf8'), { logLevel: 'error' }) as Dynamic
    const known = new Set(Object.keys(dynamic.http.services))
    const isWhole = Object.values(dynamic.http.services).every(
      (service) => !('weighted' in service) || service.weighted.services.every(({ name }) => known.has(name)),
    )
    const hasUnknownKeys = Object.keys(dynamic).some((key) => !['http', 'tcp', 'udp', 'tls'].includes(key))
    return isWhole && !hasUnknownKeys ? dynamic : undefined
  } catch {
    return undefined
  }
}

function weightsIn(dynamic: Dynamic | undefined): Readonly<Record<string, number>> {
  const services = Object.values(dynamic?.http.services ?? {}).flatMap((service) =>
    'weighted' in service ? service.weighted.services : [],
  )
  return Object.fromEntries(services.map(({ name, weight = 1 }) => [name, weight]))
}
