import { parentPort, workerData } from 'node:worker_threads'
import { openApp, type AppOptions } from './app.ts'
import { toErrorReport } from './errors/bagboy-error.ts'
import { createNodePlatform } from './platform/node/create-platform.ts'
import { serveEngine } from './remote/serve-engine.ts'

/**
 * The engine in a thread of its own: a terminal that stops reading freezes the thread that draws, never the rollback.
 * The first message says whether the project could be opened.
 */
async function serve(): Promise<void> {
  if (!parentPort) return
  try {
    const platform = createNodePlatform()
    const { engine } = await openApp(platform, workerData as AppOptions)
    serveEngine(parentPort, engine, platform.secrets)
    parentPort.postMessage({ kind: 'ready' })
  } catch (error) {
    parentPort.postMessage({ kind: 'not-ready', report: toErrorReport(error) })
  }
}

await serve()
