import type { DeployHandle, DeployOutcome } from '../engine/deploy/deploy.ts'
import type { BagboyError } from '../errors/bagboy-error.ts'
import type { StampedDeploy } from '../events/deploy-events.ts'
import { createEventStream, type EventStream } from '../events/event-stream.ts'
import type { DeployMethod, FromEngine, ToEngine } from './protocol.ts'

interface OpenDeploy {
  readonly stream: EventStream<StampedDeploy>
  readonly outcome: PromiseWithResolvers<DeployOutcome>
}

/** The deploys on the other side of a connection. */
export interface DeployClient {
  start(id: number, deployId: string, method: DeployMethod, args: readonly unknown[]): DeployHandle
  receive(message: Extract<FromEngine, { kind: 'deployed' | 'deploy-ended' }>): void
  /** A deploy was refused or its other side is gone. */
  fail(id: number, error: BagboyError): void
  failAll(error: BagboyError): void
}

export function createDeployClient(send: (message: ToEngine) => void): DeployClient {
  const deploys = new Map<number, OpenDeploy>()

  function finish(id: number, conclude: (deploy: OpenDeploy) => void): void {
    const deploy = deploys.get(id)
    if (!deploy) return
    deploys.delete(id)
    deploy.stream.end()
    conclude(deploy)
  }

  const fail = (id: number, error: BagboyError): void => finish(id, ({ outcome }) => outcome.reject(error))

  return {
    start(id, deployId, method, args) {
      const deploy = { stream: createEventStream<StampedDeploy>(), outcome: Promise.withResolvers<DeployOutcome>() }
      deploys.set(id, deploy)
      // The caller may await the events first; a refusal must not count as unhandled until then.
      deploy.outcome.promise.catch(() => undefined)
      send({ kind: 'deploy', id, method, args })
      return {
        deployId,
        result: deploy.outcome.promise,
        stop: (reason) => send({ kind: 'abort', id, reason }),
        [Symbol.asyncIterator]: () => deploy.stream[Symbol.asyncIterator](),
      }
    },
    receive(message) {
      if (message.kind === 'deployed') deploys.get(message.id)?.stream.push(message.event)
      else finish(message.id, ({ outcome }) => outcome.resolve(message.outcome))
    },
    fail,
    failAll(error) {
      for (const id of deploys.keys()) fail(id, error)
    },
  }
}
