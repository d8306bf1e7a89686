import type { Approver } from '../approval/ask.ts'
import type { DeployHandle } from '../engine/deploy/deploy.ts'
import type { Engine, RunHandle } from '../engine/engine.ts'
import type { WatchHandle } from '../engine/watch/watch.ts'
import { toErrorReport } from '../errors/bagboy-error.ts'
import type { Secrets } from '../platform/platform.ts'
import { maskTexts } from '../platform/secrets/mask-texts.ts'
import type { FromEngine, Port, StartMethod, ToEngine } from './protocol.ts'

/** Methods that take an approver, behind their first argument. */
const ASKS: ReadonlySet<StartMethod> = new Set<StartMethod>(['run', 'resume', 'undo', 'watch'])

/** Answers the app's calls from the engine's thread until the port closes. */
export function serveEngine(port: Port, engine: Engine, secrets: Secrets): void {
  const calls = new Map<number, AbortController>()
  const handles = new Map<number, RunHandle | DeployHandle | WatchHandle>()
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

  /** Sends the events of an operation as they come, then its outcome, or why there is none. */
  async function start({ id, method, args }: Extract<ToEngine, { kind: 'start' }>): Promise<void> {
    try {
      // As in `call`, the arguments are typed by the same interface; only the approver is made here.
      const begin = engine[method] as (...all: readonly unknown[]) => RunHandle | DeployHandle | WatchHandle
      const [first, ...rest] = args
      const handle = ASKS.has(method) ? begin(first, approverFor(id), ...rest) : begin(...args)
      handles.set(id, handle)
      for await (const event of handle) send({ kind: 'event', id, event })
      send({ kind: 'ended', id, outcome: await handle.result })
    } catch (error) {
      send({ kind: 'refused', id, report: toErrorReport(error) })
    } finally {
      handles.delete(id)
    }
  }

  port.on('message', (received) => {
    const message = received as ToEngine
    switch (message.kind) {
      case 'call':
        return void call(message)
      case 'start':
        return void start(message)
      case 'cancel':
        return calls.get(message.id)?.abort()
      case 'stop':
        return handles.get(message.id)?.stop(message.reason)
      case 'watch-command': {
        const handle = handles.get(message.id)
        return handle && 'command' in handle ? handle.command(message.command) : undefined
      }
      case 'control': {
        const handle = handles.get(message.id)
        return handle && 'pause' in handle ? handle[message.command]() : undefined
      }
      case 'answer':
        questions.get(message.question)?.(message.answer)
        questions.delete(message.question)
    }
  })
}
