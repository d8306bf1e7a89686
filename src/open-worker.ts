import { Worker } from 'node:worker_threads'
import type { AppOptions } from './app.ts'
import type { Engine } from './engine/engine.ts'
import { BagboyError, fromErrorReport, type ErrorReport } from './errors/bagboy-error.ts'
import { connectEngine } from './remote/connect-engine.ts'

export interface WorkerEngine {
  readonly engine: Engine
  /** Ends the thread; an open run's journal stays consistent. */
  close(): Promise<void>
}

type Greeting = { readonly kind: 'ready' } | { readonly kind: 'not-ready'; readonly report: ErrorReport }

/**
 * Starts the engine's thread and opens the project in it.
 * @throws what `openApp` throws
 */
export async function openWorker(options: AppOptions, script: URL): Promise<WorkerEngine> {
  const worker = new Worker(script, { workerData: options })
  const greeting = Promise.withResolvers<Greeting>()
  worker.once('message', (message: Greeting) => greeting.resolve(message))
  worker.once('error', (error) => greeting.reject(new BagboyError('BUG', 'The engine thread died.', { cause: error })))
  const answer = await greeting.promise
  if (answer.kind === 'not-ready') {
    await worker.terminate()
    throw fromErrorReport(answer.report)
  }
  const { engine, fail } = connectEngine(worker)
  worker.on('error', (error) => fail(new BagboyError('BUG', 'The engine thread died.', { cause: error })))
  worker.on('exit', () => fail(new BagboyError('BUG', 'The engine thread ended.')))
  return {
    engine,
    close: async () => {
      await worker.terminate()
    },
  }
}
