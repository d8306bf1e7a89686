import { Worker } from 'node:worker_threads'
import type { AppOptions } from './app.ts'
import type { Engine } from './engine/engine.ts'
import { BagboyError, fromErrorReport, type ErrorReport } from './errors/bagboy-error.ts'
import { connectEngine } from './remote/connect-engine.ts'

export interface WorkerEngine {
  /** May be called at once: what is asked waits until the project is open. */
  readonly engine: Engine
  /** Settles when the project is open. @throws what `openApp` throws */
  readonly ready: Promise<void>
  /** Ends the thread; an open run's journal stays consistent. */
  close(): Promise<void>
}

type Greeting = { readonly kind: 'ready' } | { readonly kind: 'not-ready'; readonly report: ErrorReport }

/** Starts the engine's thread, which opens the project. */
export function openWorker(options: AppOptions, script: URL): WorkerEngine {
  const worker = new Worker(script, { workerData: options })
  const { engine, fail } = connectEngine(worker)
  const ready = Promise.withResolvers<void>()
  const refuse = (error: BagboyError) => {
    ready.reject(error)
    fail(error)
  }
  worker.once('message', (message: Greeting) => {
    if (message.kind === 'ready') ready.resolve()
    else refuse(fromErrorReport(message.report))
  })
  worker.on('error', (error) => refuse(new BagboyError('BUG', 'The engine thread died.', { cause: error })))
  worker.on('exit', () => refuse(new BagboyError('BUG', 'The engine thread ended.')))
  // A user of the engine gets the error there.
  ready.promise.catch(() => undefined)
  return {
    engine,
    ready: ready.promise,
    close: async () => {
      await worker.terminate()
    },
  }
}
