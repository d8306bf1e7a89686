import { rmSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import type { AppRequest, ProjectOptions } from '../src/cli/ports.ts'
import type { RollbackPlan } from '../src/domain/plan.ts'
import { openWorker } from '../src/open-worker.ts'
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
  const sandbox = request.isDemo ? await openSandbox(request) : undefined
  signals.obey()
  const projectOptions = sandbox?.projectOptions ?? request.projectOptions
  const worker = openWorker(projectOptions, WORKER)
  try {
    const { launch } = await import('../components/launch.tsx')
    signals.stop()
    try {
      return await launch({
        engine: worker.engine,
        opened: worker.ready,
        env: process.env,
        stdin: process.stdin,
        stdout: process.stdout,
        hasColor: request.hasColor,
        savePlan: (plan) => savePlan(plan, projectOptions),
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

/** Gives the file's name in the folder the operator stands in. Loaded when it is needed: no first frame waits for it. */
async function savePlan(plan: RollbackPlan, { cwd }: ProjectOptions): Promise<string> {
  const [{ writePlanFile }, { createNodePlatform }] = await Promise.all([
    import('../src/cli/requests/plan-file.ts'),
    import('../src/platform/node/create-platform.ts'),
  ])
  return relative(cwd, await writePlanFile(createNodePlatform(), cwd, `rollback-${plan.id}.json`, plan))
}

interface Demo {
  readonly projectOptions: ProjectOptions
  describe(): readonly string[]
  close(): Promise<void>
}

async function openSandbox({ scenario }: Pick<AppRequest, 'scenario'>): Promise<Demo> {
  const { createSandbox } = await import('../src/sandbox/create-sandbox.ts')
  const sandbox = await createSandbox({
    latencyMs: DEMO_LATENCY_MS,
    isWatched: true,
    ...(scenario === undefined ? {} : { scenario }),
  })
  // A signal ends the process without coming back here; the engine's thread may still be writing then.
  process.once('exit', () => {
    rmSync(dirname(sandbox.root), { recursive: true, force: true, maxRetries: 5 })
    rmSync(sandbox.trustRecord, { force: true })
  })
  Object.assign(process.env, sandbox.env)
  process.stderr.write(`${sandbox.describe().join('\n')}\n`)
  return { ...sandbox, projectOptions: { cwd: sandbox.root } }
}
