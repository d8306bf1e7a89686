import type { Approver } from '../approval/ask.ts'
import type { DeployHandle } from '../engine/deploy/deploy.ts'
import type { Engine, RunHandle } from '../engine/engine.ts'
import type { WatchHandle, WatchRequest } from '../engine/watch/watch.ts'
import { toErrorReport } from '../errors/bagboy-error.ts'
import type { Secrets } from '../platform/platform.ts'
import { maskTexts } from '../platform/secrets/mask-texts.ts'
import type { FromEngine, Port, ToEngine } from './protocol.ts'
import { relay } from './relay.ts'

/** Answers the app's calls from the engine's thread until the port closes. */
export function serveEngine(port: Port, engine: Engine, secrets: Secrets): void {
  const calls = new Map<number, AbortController>()
  const runs = new Map<number, RunHandle>()
  const watches = new Map<number, WatchHandle>()
  const deploys = new Map<number, DeployHandle>()
  const questions = new Map<number, (answer: string) => void>()
  let lastQuestion = 0

  // Values are what the engine made; what is said about their making may repeat what others said.
  const send = (message: FromEngine) =>
    port.postMessage(message.kind === 'value' ? message : maskTexts(message, secrets))

  const approverFor = (id: number): Approver => ({
    ask: (ask) => {
      lastQuestion += 1
      const { promise, resolve } = Promise.withResolvers<string>()
      questions.set(lastQuestion, resolve)
      send({ kind: 'question', id, question: lastQuestion, ask })
      return promise
    },
  })

  async function call({ id, method, args }: Extract<ToEngine, { kind: 'call' }>): Promise<void> {
    const controller = new AbortController()
    calls.set(id, controller)
    try {
      // The arguments come from our own client, typed by the same interface; only the signal is made here.
      const invoke = engine[method] as (...all: unknown[]) => Promise<unknown>
      send({ kind: 'value', id, value: await invoke(...args, controller.signal) })
    } catch (error) {
      send({ kind: 'error', id, report: toErrorReport(error) })
    } finally {
      calls.delete(id)
    }
  }

  // What begins something comes from our own client, typed by the same interface.

  function run({ id, method, args }: Extract<ToEngine, { kind: 'run' }>): Promise<void> {
    const [first, ...rest] = args
    const start = engine[method] as (...all: unknown[]) => RunHandle
    return relay(id, () => start(first, approverFor(id), ...rest), {
      handles: runs,
      say: { event: (event) => ({ kind: 'event', id, event }), ended: (outcome) => ({ kind: 'ended', id, outcome }) },
      send,
    })
  }

  function watch({ id, args }: Extract<ToEngine, { kind: 'watch' }>): Promise<void> {
    return relay(id, () => engine.watch(args[0] as WatchRequest), {
      handles: watches,
      say: {
        event: (event) => ({ kind: 'watched', id, event }),
        ended: (outcome) => ({ kind: 'watch-ended', id, outcome }),
      },
      send,
    })
  }

  function deploy({ id, method, args }: Extract<ToEngine, { kind: 'deploy' }>): Promise<void> {
    const start = engine[method] as (...all: readonly unknown[]) => DeployHandle
    return relay(id, () => start(...args), {
      handles: deploys,
      say: {
        event: (event) => ({ kind: 'deployed', id, event }),
        ended: (outcome) => ({ kind: 'deploy-ended', id, outcome }),
      },
      send,
    })
  }

  port.on('message', (received) => {
    const message = received as ToEngine
    switch (message.kind) {
      case 'call':
        return void call(message)
      case 'run':
        return void run(message)
      case 'cancel':
        return calls.get(message.id)?.abort()
      case 'abort':
        watches.get(message.id)?.stop(message.reason)
        deploys.get(message.id)?.stop(message.reason)
        return runs.get(message.id)?.stop(message.reason)
      case 'deploy':
        return void deploy(message)
      case 'watch':
        return void watch(message)
      case 'watch-command':
        return watches.get(message.id)?.command(message.command)
      case 'control':
        return runs.get(message.id)?.[message.command]()
      case 'answer':
        questions.get(message.question)?.(message.answer)
        questions.delete(message.question)
    }
  })
}
