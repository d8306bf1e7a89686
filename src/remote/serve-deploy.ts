import type { DeployHandle } from '../engine/deploy/deploy.ts'
import type { Engine } from '../engine/engine.ts'
import { toErrorReport } from '../errors/bagboy-error.ts'
import type { FromEngine, ToEngine } from './protocol.ts'

/** The deploys of one connection: what they say goes out. */
export interface DeployServer {
  start(message: Extract<ToEngine, { kind: 'deploy' }>): Promise<void>
  stop(id: number, reason: string): void
}

export function createDeployServer(engine: Engine, send: (message: FromEngine) => void): DeployServer {
  const deploys = new Map<number, DeployHandle>()
  return {
    async start({ id, method, args }) {
      try {
        // From our own client, typed by the same interface.
        const begin = engine[method] as (...all: readonly unknown[]) => DeployHandle
        const handle = begin(...args)
        deploys.set(id, handle)
        for await (const event of handle) send({ kind: 'deployed', id, event })
        send({ kind: 'deploy-ended', id, outcome: await handle.result })
      } catch (error) {
        send({ kind: 'refused', id, report: toErrorReport(error) })
      } finally {
        deploys.delete(id)
      }
    },
    stop: (id, reason) => deploys.get(id)?.stop(reason),
  }
}
