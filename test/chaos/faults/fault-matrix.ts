import { openApp } from '../../../src/app.ts'
import type { Engine, RunHandle, RunOutcome } from '../../../src/engine/engine.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { aRequest, defaultApprover } from '../../support/engine/engine-fixture.ts'
import type { FaultProxy, RecordedRequest } from '../../support/servers/fault-proxy.ts'
import { createProject, type Project } from '../../support/projects/project.ts'
import { readPointers, type RegistryPointers } from '../../support/registries/registry-pointers.ts'
import { until } from '../../support/clocks/until.ts'
import { FORMATS, REQUEST_TIMEOUT_MS, requestsOf, requestsPerRead, type FaultRow, type Format } from './fault-cells.ts'

/** What one fault did to one driver. */
export interface CellResult {
  /** Of the step that was struck, when the run ended. */
  readonly status: string
  /** `complete 0`: the run's word and exit code; after healing, those of `resume`. */
  readonly first: string
  readonly resumed: string | null
  /** Writes of this driver that took effect, resume included. */
  readonly effectCount: number
  /** The same without any fault. */
  readonly neededCount: number
  /** Steps, or whole runs, that said they were done while their pointer was elsewhere. */
  readonly falseSuccesses: readonly string[]
  /** Formats whose pointers are not where they should be at the very end. */
  readonly wrongPointers: readonly string[]
}

export interface FaultMatrix {
  tryCell(row: FaultRow, format: Format): Promise<CellResult>
  close(): Promise<void>
}

const LIMITS = `    retry: { attempts: 3, backoff: 50ms, max_backoff: 200ms, jitter: false }
    timeout: 9s
    request_timeout: ${REQUEST_TIMEOUT_MS}ms`

interface World {
  readonly project: Project
  readonly engine: Engine
  readonly initial: RegistryPointers
  readonly wanted: RegistryPointers
  readonly needed: Readonly<Record<Format, number>>
}

/** One project on four registries; every cell rolls it back with a fault before one of them, heals, and undoes it. */
export async function createFaultMatrix(): Promise<FaultMatrix> {
  const project = await createProject('local', { versions: ['1.2.0', '1.3.0'], limits: LIMITS })
  const platform = createNodePlatform()
  const { engine } = await openApp({ ...platform, env: { ...process.env, ...project.env } }, { cwd: project.root })
  const initial = await readPointers(project.registries)
  const countEffects = watchEffects(project)
  await expectDone(await rollBack(engine))
  const wanted = await readPointers(project.registries)
  const needed = countEffects()
  await undoNewest(engine)
  const world = { project, engine, initial, wanted, needed }
  return { tryCell: (row, format) => tryCell(world, row, format), close: () => project.close() }
}

async function tryCell(world: World, row: FaultRow, format: Format): Promise<CellResult> {
  const { project, engine, wanted, initial } = world
  const misplaced = differences(await readPointers(project.registries), initial)
  if (misplaced.length > 0) throw new Error(`the cell before left ${misplaced.join(', ')} elsewhere`)
  const proxy = project.registries.proxies[proxyOf(format)]
  const countEffects = watchEffects(project)
  const handle = await rollBack(engine)
  const strike = arm(proxy, { row, format }, handle)
  const outcome = await handle.result
  await strike
  const falseSuccesses = await findFalseSuccesses(world, outcome)

  proxy.heal()
  if (row.fault.kind === 'down') await proxy.goUp()
  const isOpen = (await engine.runs()).some((run) => run.id === handle.id && run.isOpen)
  const resumed = isOpen ? await engine.resume(handle.id, defaultApprover).result : null
  if (resumed) falseSuccesses.push(...(await findFalseSuccesses(world, resumed)))
  await until('every request passed on', () => !proxy.requests.some((request) => isWaiting(row, request)))
  const result = {
    status: outcome.view.steps.find(({ plan }) => plan.package.format === format)?.status ?? 'none',
    first: `${outcome.result} ${outcome.exitCode}`,
    resumed: resumed && `${resumed.result} ${resumed.exitCode}`,
    effectCount: countEffects()[format],
    neededCount: world.needed[format],
    falseSuccesses,
    wrongPointers: differences(await readPointers(project.registries), wanted),
  }
  await undoNewest(engine)
  return result
}

function proxyOf(format: Format): 'docker' | 'npm' | 'git' {
  return format === 'docker' || format === 'npm' ? format : 'git'
}

async function rollBack(engine: Engine): Promise<RunHandle> {
  return engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
}

interface Cell {
  readonly row: FaultRow
  readonly format: Format
}

/** Puts the fault in place when the step writes, or when it begins to read back. */
async function arm(proxy: FaultProxy, { row, format }: Cell, handle: RunHandle): Promise<void> {
  const { place, fault, times } = row
  for await (const event of handle) {
    if (event.type !== 'step.progress' || !event.step.startsWith(`${format}:`)) continue
    if (event.status !== (place === 'write' ? 'executing' : 'verifying')) continue
    if (fault.kind === 'down') await proxy.goDown()
    else {
      const perRead = fault.kind === 'stale' ? requestsPerRead(format) : 1
      const limit = times === null ? {} : { times: times * perRead }
      proxy.inject({ ...fault, ...requestsOf(format, place), ...limit })
    }
    return
  }
}

/** What a step or the run says is done has to be so at this moment. */
async function findFalseSuccesses({ project, wanted }: World, { view, exitCode }: RunOutcome): Promise<string[]> {
  const wrong = differences(await readPointers(project.registries), wanted)
  const steps = view.steps.filter(
    ({ status, plan }) => (status === 'done' || status === 'already') && wrong.includes(plan.package.format),
  )
  return [...steps.map(({ id, status }) => `${id} ${status}`), ...(exitCode === 0 && wrong.length > 0 ? ['run'] : [])]
}

function differences(found: RegistryPointers, wanted: RegistryPointers): readonly string[] {
  return FORMATS.filter((format) => JSON.stringify(found[format]) !== JSON.stringify(wanted[format]))
}

/** Counts from now on. A push that lost its lease reaches the server and changes nothing: for git the commits count. */
function watchEffects({ registries: { proxies, tap, bucket } }: Project): () => Readonly<Record<Format, number>> {
  const heads = [tap.head(), bucket.head()]
  for (const proxy of Object.values(proxies)) proxy.forget()
  const puts = ({ requests }: FaultProxy) =>
    requests.filter(({ method, applied }) => method === 'PUT' && applied).length
  const commits = (place: number) =>
    Number((place === 0 ? tap : bucket).git('rev-list', '--count', `${heads[place]}..main`))
  return () => ({ docker: puts(proxies.docker), npm: puts(proxies.npm), brew: commits(0), scoop: commits(1) })
}

function isWaiting({ fault }: FaultRow, { applied, status }: RecordedRequest): boolean {
  return fault.kind === 'delayed' && !applied && status === null
}

async function expectDone(handle: RunHandle): Promise<void> {
  const { exitCode, result } = await handle.result
  if (exitCode !== 0) throw new Error(`ended ${result} with ${exitCode}`)
}

async function undoNewest(engine: Engine): Promise<void> {
  const newest = (await engine.runs()).find(({ kind }) => kind === 'rollback')
  await expectDone(engine.undo(newest?.id ?? '', defaultApprover, 'next cell'))
}
