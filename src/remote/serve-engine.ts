import type { Approver } from '../approval/ask.ts'
import type { Engine, RunHandle } from '../engine/engine.ts'
import { toErrorReport } from '../errors/bagboy-error.ts'
import type { FromEngine, Port, ToEngine } from './protocol.ts'
import { createDeployServer } from './serve-deploy.ts'
import { createWatchServer } from './serve-watch.ts'

/** Answers the app's calls from the engine's thread until the port closes. */
export function serveEngine(port: Port, engine: Engine): void {
  const calls = new Map<number, AbortController>()
  const runs = new Map<number, RunHandle>()
  const questions = new Map<number, (answer: string) => void>()
  let lastQuestion = 0

  const send = (message: FromEngine) => port.postMessage(message)
  const watches = createWatchServer(engine, send)
  const deploys = createDeployServer(engine, send)

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

  async function run({ id, method, args }: Extract<ToEngine, { kind: 'run' }>): Promise<void> {
    try {
      const [first, ...rest] = args
      const start = engine[method] as (...all: unknown[]) => RunHandle
      const handle = start(first, approverFor(id), ...rest)
      runs.set(id, handle)
      for await (const event of handle) send({ kind: 'event', id, event })
      send({ kind: 'ended', id, outcome: await handle.result })
    } catch (error) {
      send({ kind: 'refused', id, report: toErrorReport(error) })
    } finally {
      runs.delete(id)
    }
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
        watches.stop(message.id, message.reason)
        deploys.stop(message.id, message.reason)
        return runs.get(message.id)?.abort(message.reason)
      case 'deploy':
        return void deploys.start(message)
      case 'watch':
        return void watches.start(message)
      case 'watch-command':
        return watches.command(message)
      case 'control':
        return runs.get(message.id)?.[message.command]()
      case 'answer':
        questions.get(message.question)?.(message.answer)
        questions.delete(message.question)
    }
  })
}
