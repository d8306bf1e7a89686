import type { Engine } from '../engine/engine.ts'
import type { WatchHandle, WatchRequest } from '../engine/watch/watch.ts'
import { toErrorReport } from '../errors/bagboy-error.ts'
import type { FromEngine, ToEngine } from './protocol.ts'

/** The watches of one connection: what they say goes out, what is asked of them comes in. */
export interface WatchServer {
  start(message: Extract<ToEngine, { kind: 'watch' }>): Promise<void>
  command(message: Extract<ToEngine, { kind: 'watch-command' }>): void
  stop(id: number, reason: string): void
}

export function createWatchServer(engine: Engine, send: (message: FromEngine) => void): WatchServer {
  const watches = new Map<number, WatchHandle>()
  return {
    async start({ id, args }) {
      try {
        // From our own client, typed by the same interface.
        const handle = engine.watch(args[0] as WatchRequest)
        watches.set(id, handle)
        for await (const event of handle) send({ kind: 'watched', id, event })
        send({ kind: 'watch-ended', id, outcome: await handle.result })
      } catch (error) {
        send({ kind: 'refused', id, report: toErrorReport(error) })
      } finally {
        watches.delete(id)
      }
    },
    command: ({ id, command }) => watches.get(id)?.command(command),
    stop: (id, reason) => watches.get(id)?.stop(reason),
  }
}
