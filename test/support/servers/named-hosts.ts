import { createServer, request as httpRequest } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

/** A proxy that knows the names of a test, which no name server does. */
export interface NamedHosts {
  readonly url: string
  close(): Promise<void>
}

/** `hosts`: by the name that is asked for, the address on loopback that stands for it. */
export async function startNamedHosts(hosts: Readonly<Record<string, string>>): Promise<NamedHosts> {
  const addressOf = (name: string): { readonly host: string; readonly port: number } | undefined => {
    const address = hosts[name]
    if (address === undefined) return undefined
    const { hostname, port } = new URL(`http://${address}`)
    return { host: hostname, port: Number(port) }
  }
  const server = createServer((incoming, response) => {
    const { hostname, pathname, search } = new URL(incoming.url ?? '')
    const address = addressOf(hostname)
    if (!address) return void response.writeHead(502).end()
    const { method, headers } = incoming
    const outgoing = httpRequest({ ...address, method, headers, path: `${pathname}${search}` }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  })
  server.on('connect', (incoming, socket, head) => {
    const address = addressOf((incoming.url ?? '').split(':')[0] ?? '')
    if (!address) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const upstream = connect(address, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket)
      socket.pipe(upstream)
    })
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.on('error', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
