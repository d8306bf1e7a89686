import type { History } from '../../../src/domain/deployment.ts'
import type { Engine, RunHandle, RunOutcome } from '../../../src/engine/engine.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { aRequest, createEngineFixture, type EngineFixture } from '../../support/engine/engine-fixture.ts'
import { eagerPlatform } from '../../support/clocks/eager-platform.ts'
import { createMemoryWorld, type MemoryWorld } from '../../support/registries/memory-driver.ts'
import { checkConverged, checkEnding } from './check-ending.ts'
import { checkJournal } from './check-journal.ts'
import { startProcess, type Machine, type MortalProcess } from './mortal-process.ts'
import { REGISTRIES, REQUEST_TIMEOUT_MS, type Act, type Command, type Scenario } from './scenario.ts'
import { watchWorld, type WorldWatch } from './watch-world.ts'

/** What befell a scenario, for counting: a test that never sees a death proves nothing about one. */
export interface ScenarioReport {
  readonly violations: readonly string[]
  readonly words: readonly string[]
}

interface Play {
  readonly scenario: Scenario
  readonly machine: Machine & { readonly platform: ReturnType<typeof eagerPlatform> }
  readonly world: MemoryWorld
  readonly watch: WorldWatch
  readonly violations: string[]
  readonly words: string[]
}

/** Refusals that leave everything as it is. */
const REFUSALS: readonly string[] = [
  'RUN_OPEN',
  'RUN_NOT_OPEN',
  'RUN_UNKNOWN',
  'PLAN_STALE',
  'VALIDATION_FAILED',
  'TARGET_UNSAFE',
  'TARGET_UNKNOWN',
]

export async function runScenario(scenario: Scenario): Promise<ScenarioReport> {
  const platform = eagerPlatform()
  const world = createMemoryWorld('v1.3.0', platform.clock)
  const machine = { platform, driver: world.driver, lives: new Map<number, boolean>() }
  const play: Play = { scenario, machine, world, watch: watchWorld(world), violations: [], words: [] }
  for (const act of [scenario.first, ...scenario.acts]) {
    await perform(play, act)
    await inspectJournals(play)
  }
  await bringToAnEnd(play)
  return { violations: [...play.violations, ...play.watch.violations], words: play.words }
}

async function perform(play: Play, act: Act): Promise<void> {
  switch (act.kind) {
    case 'move':
      return play.watch.move(act)
    case 'pass':
      return play.machine.platform.clock.pass(act.ms)
    case 'skip':
      return skipOne(play)
    case 'hand-over':
      return handOver(play)
    case 'run':
    case 'resume':
    case 'undo':
      return obey(play, act)
  }
}

/** A process of its own carries the command out, or dies over it. */
async function obey(play: Play, command: Command): Promise<void> {
  const { world, words, violations, watch } = play
  const liveBefore = liveIn(await (await openObserver(play)).readHistory())
  applyFaults(world, command)
  let handle: RunHandle | undefined
  let recordCount = 0
  const { engine, died } = await openProcess(play, command, () => {
    recordCount += 1
    if (recordCount === command.abortAt) handle?.stop('it was stopped')
    if (recordCount === command.pauseAt) pauseFor(play, handle)
  })
  const answer = { ask: () => Promise.resolve(command.answer) }
  const work = async (): Promise<RunOutcome> => {
    handle = await start(play, engine, command, answer)
    return handle.result
  }
  const ended = await Promise.race([work().catch((error: unknown) => refusalOf(error)), died.then(() => 'died')])
  words.push(typeof ended === 'string' ? `${command.kind} ${ended}` : `${command.kind} ${ended.result}`)
  if (typeof ended === 'string') return
  const history = await (await openObserver(play)).readHistory()
  violations.push(
    ...checkEnding({ outcome: ended, history, liveBefore, world, watch }).map((wrong) => `${command.kind}: ${wrong}`),
  )
}

function liveIn({ deployments }: History): string | undefined {
  return deployments.find(({ status }) => status === 'active')?.version
}

async function start(
  { watch }: Play,
  engine: Engine,
  { kind }: Command,
  approver: Parameters<Engine['run']>[1],
): Promise<RunHandle> {
  const [newest] = await engine.runs()
  if (kind === 'resume') return engine.resume(newest?.id ?? NO_RUN, approver)
  if (kind === 'undo') return engine.undo(newest?.id ?? NO_RUN, approver, 'model')
  const plan = await engine.plan(aRequest('v1.2.0'))
  watch.acceptSeen()
  return engine.run(plan, approver)
}

const NO_RUN = '01JDXA7Q2M3N4P5R6S7T8V9ZZZ'

function refusalOf(error: unknown): string {
  if (error instanceof BagboyError && REFUSALS.includes(error.code)) return error.code
  throw error
}

function pauseFor({ machine }: Play, handle: RunHandle | undefined): void {
  handle?.pause()
  void machine.platform.clock.sleep(500).then(() => handle?.unpause())
}

function applyFaults(world: MemoryWorld, { faults }: Command): void {
  for (const [index, name] of REGISTRIES.entries()) {
    const [registry, given] = [world.registry(name), faults[index]]
    registry.faults.splice(0, Infinity, ...(given?.writes ?? []))
    registry.readFaults.splice(0, Infinity, ...(given?.reads ?? []))
    registry.staleReads = given?.staleReads ?? 0
    registry.isDown = given?.isDown ?? false
  }
}

type Process = EngineFixture & Pick<MortalProcess, 'died'>

async function openProcess(play: Play, command: Command | null, onRecord: () => void): Promise<Process> {
  const { scenario, machine, world, watch } = play
  const { platform, driver, died, begin } = startProcess(machine, command?.death ?? null, (count) => {
    if (command?.move?.atOperation === count) watch.move(command.move)
  })
  const { parallelism, attempts, onPartialFailure } = scenario
  const retry = { attempts, backoffMs: 1, maxBackoffMs: 5, jitter: false }
  const limits = { timeoutMs: 60 * REQUEST_TIMEOUT_MS, requestTimeoutMs: REQUEST_TIMEOUT_MS }
  const options = {
    world,
    folder: '/project',
    registries: REGISTRIES.slice(0, scenario.registryCount),
    config: { parallelism, onPartialFailure, retry, ...limits },
  }
  // The project itself was there before anything could go wrong.
  await createEngineFixture({ ...options, platform: machine.platform })
  const fixture = await createEngineFixture({
    ...options,
    platform,
    driver,
    wrapJournal: (journal) => ({
      ...journal,
      append(event) {
        watch.onRecord(event)
        onRecord()
        return journal.append(event)
      },
    }),
  })
  begin()
  return { ...fixture, died }
}

/** Past all faults and all processes. */
async function openObserver(play: Play): Promise<EngineFixture> {
  return openProcess(play, null, () => undefined)
}

async function skipOne(play: Play): Promise<void> {
  const { engine } = await openObserver(play)
  const open = (await engine.runs()).find(({ isOpen, stepCount }) => isOpen && stepCount > 0)
  if (!open) return
  const { view } = await engine.readRun(open.id)
  const step = view.steps.find(({ status }) => status !== 'done' && status !== 'skipped')
  if (step) await engine.skipStep(open.id, step.id, 'done by hand')
}

async function handOver(play: Play): Promise<void> {
  const { engine } = await openObserver(play)
  const open = (await engine.runs()).find(({ isOpen }) => isOpen)
  if (open) await engine.handOver(open.id, 'somebody else does it')
  // Whoever takes over by hand waits until nothing of the run can arrive any more.
  await play.machine.platform.clock.pass(3 * REQUEST_TIMEOUT_MS)
}

async function inspectJournals(play: Play): Promise<void> {
  const { journals } = await openObserver(play)
  for (const { run } of await journals.list()) {
    const wrong = checkJournal(await journals.read(run))
    play.violations.push(...wrong.map((what) => `run ${run}: ${what}`))
  }
}

/** Everything works again: whoever goes on with the run gets it to an end, and then nothing is in the way of the next one. */
async function bringToAnEnd(play: Play): Promise<void> {
  const { world, machine, violations, scenario, watch } = play
  for (const name of REGISTRIES) world.heal(name)
  await machine.platform.clock.pass(3 * REQUEST_TIMEOUT_MS)
  const { engine, readHistory } = await openObserver(play)
  const open = (await engine.runs()).find(({ isOpen }) => isOpen)
  if (!open) return
  const approver = { ask: () => Promise.resolve('continue') }
  const goOn = () =>
    scenario.ending === 'undo' && open.stepCount > 0
      ? engine.undo(open.id, approver, 'at last').result
      : engine.resume(open.id, approver).result
  const liveBefore = liveIn(await readHistory())
  const outcome = await goOn().catch((error: unknown) => refusalOf(error))
  if (typeof outcome !== 'string') {
    const ended = { outcome, history: await readHistory(), liveBefore, world, watch }
    violations.push(...[...checkEnding(ended), ...checkConverged(ended)].map((wrong) => `at last: ${wrong}`))
    await leaveConflicts(engine, outcome)
  }
  const left = (await engine.runs()).find(({ isOpen }) => isOpen)
  if (left) violations.push(`${left.id} has no end`)
}

/** What somebody else moved can be left to them: no run stays open for ever. */
async function leaveConflicts(engine: Engine, { view, id: runId }: RunOutcome): Promise<void> {
  const conflicts = view.steps.filter(({ status }) => status === 'conflict')
  for (const { id } of conflicts) await engine.skipStep(runId, id, 'theirs is right')
  if (conflicts.length > 0) await engine.resume(runId, { ask: () => Promise.resolve('continue') }).result
}
