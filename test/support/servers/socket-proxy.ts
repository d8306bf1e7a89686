import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'

/**
 * What happens to a command: `pass` it on; `stall`: heard and never answered; `swallow`: answered as if it had been done;
 * `lose`: done, and the connection cut instead of an answer. The last two meet `set` commands only.
 */
type Mode = 'pass' | 'stall' | 'swallow' | 'lose'

export interface SocketProxy {
  readonly path: string
  /** Every command that was heard, in order. */
  readonly commands: string[]
  setMode(mode: Mode): void
  /** Where commands go from now on. */
  setUpstream(path: string): void
  goDown(): Promise<void>
  goUp(): Promise<void>
  close(): Promise<void>
}

/** Stands before a runtime API that takes one command a connection. */
export async function startSocketProxy(upstream: string): Promise<SocketProxy> {
  const path = join(temporaryFolder('socket-proxy'), 'socket')
  const commands: string[] = []
  const open = new Set<Socket>()
  let mode: Mode = 'pass'
  let target = upstream

  const server = createServer((client) => {
    open.add(client)
    client.once('close', () => open.delete(client))
    // A connection that is cut off reports nothing.
    client.on('error', () => client.destroy())
    client.once('data', (bytes) => {
      const command = bytes.toString().trim()
      commands.push(command)
      if (mode === 'stall') return
      if (mode === 'swallow' && command.startsWith('set ')) return void client.end('\n')
      pass(client, target, bytes, mode === 'lose' && command.startsWith('set '))
    })
  })
  await listen(server, path)
  return {
    path,
    commands,
    setMode: (next) => void (mode = next),
    setUpstream: (next) => void (target = next),
    goDown: () => stop(server, open),
    goUp: () => listen(server, path),
    async close() {
      if (server.listening) await stop(server, open)
    },
  }
}

function pass(client: Socket, target: string, bytes: Buffer, losesAnswer: boolean): void {
  const behind = connect(target)
  behind.on('error', () => client.destroy())
  if (losesAnswer) {
    behind.resume()
    behind.once('close', () => client.destroy())
  } else {
    behind.pipe(client)
  }
  behind.write(bytes)
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      server.unref()
      resolve()
    })
  })
}

function stop(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of open) socket.destroy()
  })
}
