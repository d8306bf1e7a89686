import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../../src/engine/engine.ts'
import { openWorker } from '../../../src/open-worker.ts'
import { projectConfig, startFourRegistries } from '../../support/registries/four-registries.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { startHaproxyBalancer } from '../../support/servers/traffic-balancers.ts'
import { ALONE, blueGreenConfig } from '../../support/projects/traffic-project.ts'
import { startMeasuredServices } from './services.ts'

/** From the call the app makes for the key, in ms. */
export interface RollbackTimes {
  /** The lock is held, plan and history are as they were, the balancer was read again, the journal is open. */
  readonly started: number
  /** What was decided is durable. */
  readonly intended: number
  /** The balancer has answered. */
  readonly answered: number
  /** The last request that reached the bad version. */
  readonly lastRequest: number
  /** Read back twice. */
  readonly proved: number
  /** Everything else as well: the other registries, the sweep, the history. */
  readonly complete: number
}

export interface RollbackLoad {
  readonly title: string
  /** Of the registries beside the balancer, for every request; `null`: there are none. */
  readonly registryLatencyMs: number | null
}

export interface RollbackOutcome {
  readonly title: string
  readonly runs: readonly RollbackTimes[]
  readonly requestCount: number
  readonly failures: readonly string[]
}

const WORKER = new URL('../../../src/worker.ts', import.meta.url)
const LOAD = join(import.meta.dirname, 'programs/constant-load.ts')
const [CLIENTS, EVERY_MS] = [16, 10]
/** The first only warms up. */
const ROUND_COUNT = 16
/** So long nobody may come any more. */
const QUIET_MS = 300

/** Rollbacks and their undoing, one after the other, under a load that never stops; v1.2.0 is blue, v1.3.0 is green. */
export async function measureRollback({ title, registryLatencyMs }: RollbackLoad): Promise<RollbackOutcome> {
  const services = await startMeasuredServices()
  const balancer = await startHaproxyBalancer(services.hosts)
  const registries =
    registryLatencyMs === null ? null : await startFourRegistries('local', temporaryFolder('bench-registries'))
  const root = temporaryFolder('bench-rollback')
  const base = registries ? projectConfig(registries) : ALONE
  const options = { ...balancer.options, socket: balancer.server.sockets.admin }
  writeFileSync(join(root, 'bagboy.yaml'), `${base}${blueGreenConfig(services.hosts, { options })}`)
  Object.assign(process.env, registries?.env)
  const { engine, ready, close } = openWorker({ cwd: root }, WORKER)
  try {
    await ready
    for (const [version, slot] of [['1.2.0', 'blue'] as const, ['1.3.0', 'green'] as const]) {
      await balancer.moveByHand(slot)
      await registries?.publish(version)
      await engine.record({ version: `v${version}`, commit: 'abc1234', packages: [], notes: '' })
    }
    for (const proxy of Object.values(registries?.proxies ?? {})) proxy.setLatency(registryLatencyMs ?? 0)
    const load = fork(LOAD, [balancer.url, String(CLIENTS), String(EVERY_MS)])
    const runs: RollbackTimes[] = []
    for (let round = 0; round < ROUND_COUNT; round += 1) {
      const times = await rollBack(engine, services)
      if (round > 0) runs.push(times)
    }
    load.send('over')
    const [{ answered, failures }] = (await once(load, 'message')) as [
      { readonly answered: number; readonly failures: readonly string[] },
    ]
    return { title, runs, requestCount: answered, failures }
  } finally {
    await close()
    await balancer.close()
    services.close()
    await registries?.close()
  }
}

async function rollBack(
  engine: Engine,
  services: Awaited<ReturnType<typeof startMeasuredServices>>,
): Promise<RollbackTimes> {
  const request = { target: 'v1.2.0', only: [], except: [], reason: 'bench', incident: '', overrides: [] }
  const plan = await engine.plan(request)
  const approver = { ask: (question: { readonly default: string }) => Promise.resolve(question.default) }
  await sleep(QUIET_MS)
  const [calledAt, calledMs] = [process.hrtime.bigint(), performance.timeOrigin + performance.now()]
  const handle = engine.run(plan, approver)
  const seen = new Map<string, number>()
  for await (const event of handle) {
    // The balancer's is the first of each kind.
    if (!seen.has(event.type)) seen.set(event.type, Date.parse(event.at) - calledMs)
  }
  const complete = performance.timeOrigin + performance.now() - calledMs
  const { exitCode } = await handle.result
  if (exitCode !== 0) throw new Error(`the rollback ended with ${exitCode}`)
  await sleep(QUIET_MS)
  const { green } = await services.report()
  const undo = await engine.undo(handle.id, approver, 'bench').result
  if (undo.exitCode !== 0) throw new Error(`the undo ended with ${undo.exitCode}`)
  const at = (type: string) => seen.get(type) ?? Number.NaN
  return {
    started: at('run.started'),
    intended: at('step.intent'),
    answered: at('step.answered'),
    lastRequest: Number(green.lastAt - calledAt) / 1e6,
    proved: at('step.verified'),
    complete,
  }
}
