import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AppRequest, Place } from '../src/cli/ports.ts'
import { writePlanFile } from '../src/cli/plan-file.ts'
import { openWorker } from '../src/open-worker.ts'
import { createNodePlatform } from '../src/platform/node/create-platform.ts'
import { holdSignals } from './early-signals.ts'

/** So that the registries of the demo take their time, as real ones do. */
const DEMO_LATENCY_MS = 300

// From the bundle and from the sources alike.
const WORKER = new URL(import.meta.url.endsWith('.ts') ? '../src/worker.ts' : '../worker.js', import.meta.url)

/** The full-screen app with its engine in a thread of its own; settles with the exit code. */
export async function launchApp(request: AppRequest): Promise<number> {
  // Ink's colours look at this variable alone, when they are loaded.
  if (!request.hasColor) process.env['FORCE_COLOR'] = '0'
  const signals = holdSignals()
  const sandbox = request.isDemo ? await openSandbox() : undefined
  signals.obey()
  const place = sandbox?.place ?? request.place
  const platform = createNodePlatform()
  try {
    const [worker, { launch }] = await Promise.all([openWorker(place, WORKER), import('../components/launch.tsx')])
    signals.stop()
    try {
      return await launch({
        engine: worker.engine,
        env: process.env,
        stdin: process.stdin,
        stdout: process.stdout,
        hasColor: request.hasColor,
        savePlan: (plan) => writePlanFile(platform, place.cwd, `rollback-${plan.id}.json`, plan),
        program: request.program,
        notes: sandbox?.describe() ?? [],
        ...(request.rollback === null ? {} : { initialRollback: request.rollback }),
      })
    } finally {
      await worker.close()
    }
  } finally {
    await sandbox?.close()
    if (sandbox) process.stderr.write('That was a sandbox. It is removed, and nothing outside of it was touched.\n')
  }
}

interface Demo {
  readonly place: Place
  describe(): readonly string[]
  close(): Promise<void>
}

async function openSandbox(): Promise<Demo> {
  const { createSandbox } = await import('../src/sandbox/create-sandbox.ts')
  const sandbox = await createSandbox({ latencyMs: DEMO_LATENCY_MS })
  // A signal ends the process without coming back here.
  process.once('exit', () => rmSync(dirname(sandbox.root), { recursive: true, force: true }))
  Object.assign(process.env, sandbox.env)
  process.stderr.write(`${sandbox.describe().join('\n')}\n`)
  return { ...sandbox, place: { cwd: sandbox.root } }
}
