import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface MoodyService {
  /** `127.0.0.1:41234` */
  readonly host: string
  /** From now on, every request; at first 200. */
  answerWith(status: number): void
  goDown(): Promise<void>
  close(): Promise<void>
}

/** A service that answers as it is told. */
export async function startMoodyService(): Promise<MoodyService> {
  let status = 200
  const server = createServer((_request, response) => response.writeHead(status).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const goDown = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (next) => void (status = next),
    goDown,
    close: goDown,
  }
}
