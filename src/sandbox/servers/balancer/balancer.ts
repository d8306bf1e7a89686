import { createServer, type Server, type Socket } from 'node:net'
import { startChecks } from './balancer-checks.ts'
import { answerLine, type Level } from './balancer-commands.ts'
import { forward } from './balancer-forward.ts'
import { createBalancerState, type BackendSpec, type BalancerState } from './balancer-state.ts'
import { listenOnLoopback, type LoopbackServer } from '../loopback-server.ts'

export interface BalancerOptions {
  /** The first one gets what comes in. */
  readonly backends: readonly [BackendSpec, ...BackendSpec[]]
  /** Absolute paths of the runtime API, by what may be done there. */
  readonly sockets: Readonly<Partial<Record<Level, string>>>
  readonly port?: number
}

/** Longer than any command; what goes on after it is none. */
const MAX_LINE_BYTES = 16_384

/** A reverse proxy that divides requests by weights and is told these through the runtime API of HAProxy. */
export async function startBalancer({ backends, sockets, port }: BalancerOptions): Promise<LoopbackServer> {
  const state = createBalancerState(backends, () => performance.now())
  const [entry] = state.backends
  const server = await listenOnLoopback((incoming, response) => {
    if (entry) forward(entry, incoming, response)
  }, port)
  const stopChecks = startChecks(state)
  const close: (() => Promise<void>)[] = [() => server.close()]
  const closeAll = async (): Promise<void> => {
    stopChecks()
    await Promise.all(close.map((each) => each()))
  }
  try {
    for (const [level, path] of Object.entries(sockets)) close.push(await listenOnSocket(state, path, level as Level))
  } catch (error) {
    await closeAll()
    throw error
  }
  return { ...server, close: closeAll }
}

/** One line a connection, which is closed after the answer. @returns what stops it and removes the socket */
async function listenOnSocket(state: BalancerState, path: string, level: Level): Promise<() => Promise<void>> {
  const open = new Set<Socket>()
  const server = createServer((client) => {
    open.add(client)
    client.once('close', () => open.delete(client))
    // A client that is cut off reports nothing.
    client.on('error', () => client.destroy())
    let line = ''
    client.setEncoding('utf8').on('data', (text: string) => {
      line += text
      const end = line.indexOf('\n')
      if (end >= 0) client.end(answerLine(state, line.slice(0, end), level))
      else if (line.length > MAX_LINE_BYTES) client.destroy()
    })
  })
  await listen(server, path)
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const client of open) client.destroy()
    })
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
    server.unref()
  })
}
