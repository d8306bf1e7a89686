import {
  activeDeployment,
  nameIn,
  packageKey,
  type Deployment,
  type PackageRecord,
} from '../../../../../src/domain/deployment.ts'
import { stepId } from '../../../../../src/domain/plan.ts'
import { isSelected } from '../../../../../src/domain/package-selector.ts'
import { bareVersion } from '../../../../../src/domain/version.ts'
import type { RunOutcome } from '../../../../../src/engine/engine.ts'
import { BagboyError } from '../../../../../src/errors/bagboy-error.ts'
import type { ErrorCode } from '../../../../../src/errors/codes.ts'
import { isTerminal } from '../../../../../src/machine/step-status.ts'
import type { AnyDriver, Subject } from '../../../../../src/registries/driver.ts'
import { aDeployment } from '../../../../support/builders/a-history.ts'
import {
  aRequest,
  createEngineFixture,
  defaultApprover,
  type EngineFixture,
} from '../../../../support/engine/engine-fixture.ts'
import { eagerPlatform } from '../../../../support/clocks/eager-platform.ts'
import { createMemoryWorld } from '../../../../support/registries/memory-driver.ts'
import { chosen, PACKAGES, VERSIONS, type Act, type Scenario } from './scenario.ts'

const APP = 'hello'
/** What an operator may be told instead of a run. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'TARGET_UNSAFE',
  'TARGET_UNKNOWN',
  'RUN_OPEN',
  'RUN_NOT_OPEN',
  'VALIDATION_FAILED',
  'PLAN_STALE',
  'USAGE',
])

export interface Played {
  readonly violations: readonly string[]
  readonly words: readonly string[]
}

/** Plays a scenario on the real engine and history over registries in memory. @returns what did not hold */
export async function play(given: Scenario): Promise<Played> {
  const stage = await build(given)
  const violations: string[] = []
  const words: string[] = []
  for (const [at, act] of given.acts.entries()) {
    // Runs are sorted by when they began.
    await stage.parts.platform.clock.sleep(1000)
    const before = await liveOf(stage)
    const pointers = pointersOf(stage)
    const outcome = await perform(stage, act)
    words.push(`${act.kind} ${outcome?.result ?? 'refused'}`)
    heal(stage)
    const wrong = [
      ...(await checkLive(stage, before)),
      ...(await checkEntries(stage)),
      ...checkBack(stage, act, outcome),
    ]
    violations.push(...wrong.map((text) => `${at} ${act.kind} ${outcome?.result ?? ''}: ${text}`))
    if (outcome && !stage.begun.has(outcome.id)) stage.begun.set(outcome.id, pointers)
  }
  return { violations, words }
}

interface Stage extends EngineFixture {
  /** Where every pointer was before a run began. */
  readonly begun: Map<string, Readonly<Record<string, string>>>
  undoing: string | undefined
}

const keyOf = ({ registry, name }: Pick<PackageRecord, 'registry' | 'name'>): string => `${registry}/${name}`
const refOf = (key: string) => {
  const [registry = '', name = ''] = key.split('/')
  return { format: 'memory', registry, name }
}

/** Each package of a registry has pointers of its own. */
function perPackage(driver: AnyDriver): AnyDriver {
  const own = <T extends { readonly package: Subject['package'] }>(subject: T): T => ({
    ...subject,
    package: { ...subject.package, registry: keyOf(subject.package) },
  })
  const { operations = {} } = driver
  return {
    ...driver,
    inspect: (subject, context) => driver.inspect(own(subject), context),
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, work]) => [
        name,
        (input, context) => work(input, { ...context, subject: own(context.subject) }),
      ]),
    ),
  }
}

async function build({ releases, isThreeManual, onPartialFailure }: Scenario): Promise<Stage> {
  const platform = eagerPlatform()
  const world = createMemoryWorld('v1.0.0', platform.clock)
  const fixture = await createEngineFixture({
    platform,
    world,
    folder: '/project',
    driver: perPackage(world.driver),
    seedIfEmpty: false,
    manual: isThreeManual ? ['three'] : [],
    config: {
      timeoutMs: 600_000,
      requestTimeoutMs: 30_000,
      onPartialFailure,
      retry: { attempts: 1, backoffMs: 1, maxBackoffMs: 5, jitter: false },
    },
  })
  for (const [at, { packages, isNameless }] of releases.entries()) {
    const version = VERSIONS[at] ?? VERSIONS[0]
    const { id: _id, ...deployment } = aDeployment(version, {
      environment: 'production',
      status: at === VERSIONS.length - 1 ? 'active' : 'superseded',
      packages: chosen(packages).map((key) => {
        const ref = refOf(key)
        const name = isNameless && ref.name === APP ? '' : ref.name
        return { ...ref, name, status: 'deployed', ref: { version, of: key } }
      }),
    })
    for (const key of chosen(packages)) Object.assign(world.registry(key).tags, { latest: version, stable: version })
    await fixture.history.commit(() => [{ kind: 'insert', deployment }], {
      run: '',
      epoch: 0,
      purpose: 'seed',
      actor: {},
    })
  }
  return { ...fixture, begun: new Map(), undoing: undefined }
}

async function perform(stage: Stage, act: Act): Promise<RunOutcome | undefined> {
  try {
    return await tryTo(stage, act)
  } catch (error) {
    if (error instanceof BagboyError && REFUSALS.has(error.code)) return undefined
    throw error
  }
}

/** What goes wrong with the next write to each package. */
function plant({ world }: Stage, act: Act): void {
  if (!('faults' in act)) return
  for (const [at, fault] of act.faults.entries()) {
    if (fault !== null) world.registry(PACKAGES[at] ?? PACKAGES[0]).faults.push(fault)
  }
}

async function rollBack(stage: Stage, act: Extract<Act, { kind: 'rollback' }>): Promise<RunOutcome | undefined> {
  const words = act.only === null ? [] : chosen(act.only).map((key) => stepId(refOf(key)))
  const live = (await liveOf(stage))?.packages ?? []
  // A word that names nothing is refused, and that is another test's.
  const only = words.filter((word) => live.some((one) => isSelected(nameIn(one, APP), { only: [word], except: [] })))
  const target = VERSIONS[act.target % VERSIONS.length] ?? VERSIONS[0]
  const plan = await stage.engine.plan(aRequest(target, { only, overrides: ['V05', 'V06', 'V07', 'V08'] }))
  return plan.steps.length === 0 ? undefined : await stage.engine.run(plan, defaultApprover).result
}

async function tryTo(stage: Stage, act: Act): Promise<RunOutcome | undefined> {
  const { engine } = stage
  stage.undoing = undefined
  const runs = await engine.runs()
  const open = runs.find(({ isOpen }) => isOpen)
  plant(stage, act)
  switch (act.kind) {
    case 'rollback':
      return rollBack(stage, act)
    case 'undo': {
      const run = runs[act.run % Math.max(1, runs.length)]
      stage.undoing = run?.id
      return run && (await engine.undo(run.id, defaultApprover, 'not the release').result)
    }
    case 'resume':
      return open && (await engine.resume(open.id, defaultApprover).result)
    case 'skip': {
      const all = open ? (await engine.readRun(open.id)).view.steps : []
      const steps = all.filter(({ status }) => !isTerminal(status))
      const step = steps[act.step % Math.max(1, steps.length)]
      if (open && step) await engine.skipStep(open.id, step.id, 'left out')
      return undefined
    }
    case 'hand-over':
      if (open) await engine.handOver(open.id, 'by hand')
      return undefined
    case 'by-hand':
      if (open) await doByHand(stage, open.id)
      return undefined
    case 'drift':
      for (const key of chosen(act.packages))
        pointAt(stage, key, VERSIONS[act.version % VERSIONS.length] ?? VERSIONS[0])
      return undefined
  }
}

/** Somebody else moves it. */
function pointAt({ world }: Stage, key: string, version: string): void {
  Object.assign(world.registry(key).tags, { latest: version, stable: version })
}

/** What a run waits for, done by the person it waits for. */
async function doByHand({ engine, world }: Stage, run: string): Promise<void> {
  const { view } = await engine.readRun(run)
  for (const step of view.steps.filter(({ status }) => status === 'manual')) {
    const goal = (view.direction === 'undo' ? step.before : step.want) as { readonly tags: Record<string, string> }
    Object.assign(world.registry(keyOf(step.plan.package)).tags, goal.tags)
  }
}

function heal({ world }: Stage): void {
  for (const key of PACKAGES) world.heal(key)
}

async function liveOf({ readHistory }: Stage): Promise<Deployment | undefined> {
  return activeDeployment(await readHistory())
}

const pointersOf = ({ world }: Stage): Readonly<Record<string, string>> =>
  Object.fromEntries(PACKAGES.map((key) => [key, JSON.stringify(world.registry(key).tags)]))

const keysOf = (entry: Deployment | undefined): ReadonlySet<string> =>
  new Set((entry?.packages ?? []).map((record) => keyOf(nameIn(record, APP))))

/** One entry is live, it has every package of the one before and of its release, with their own pins; status shows each. */
async function checkLive(stage: Stage, before: Deployment | undefined): Promise<readonly string[]> {
  const { deployments } = await stage.readHistory()
  const active = deployments.filter(({ status }) => status === 'active')
  const [live] = active
  if (!live || active.length > 1) return [`${active.length} entries are live`]
  const has = keysOf(live)
  const older = deployments.slice(deployments.indexOf(live) + 1).find(({ version }) => version === live.version)
  // An entry that stood there before, and is live again, is what it was.
  const isOld = live.id <= (before?.id ?? 0) && live.run !== before?.run
  const needed = [...(isOld ? [] : keysOf(before)), ...keysOf(older)]
  const shown = (await stage.engine.status()).map(({ package: ref }) => packageKey(ref))
  const lost = needed.filter((key) => !has.has(key))
  return [
    ...lost.map((key) => `${key} fell out of ${live.version} (@${live.id})`),
    ...live.packages.filter((record) => !isPinned(record, live)).map((record) => `${keyOf(record)} has a wrong pin`),
    ...live.packages
      .filter((record) => !shown.includes(packageKey(nameIn(record, APP))))
      .map((record) => `${keyOf(record)} is not in the status`),
    ...(await checkStatus(stage)),
  ]
}

/** No entry has the pin of another version, or calls deployed what was read back elsewhere. */
async function checkEntries({ readHistory }: Stage): Promise<readonly string[]> {
  const { deployments } = await readHistory()
  return deployments.flatMap((entry) =>
    entry.packages.flatMap((record) => [
      ...(record.ref === undefined || hasOwnPin(record, entry)
        ? []
        : [`${keyOf(record)} of @${entry.id}: foreign pin`]),
      ...(isWhereItSays(record, entry) ? [] : [`${keyOf(record)} of @${entry.id} is ${record.status} elsewhere`]),
    ]),
  )
}

function isWhereItSays({ status, pointer }: PackageRecord, { version }: Deployment): boolean {
  if (pointer === undefined || (status !== 'deployed' && status !== 'already')) return true
  return (pointer as { readonly tags: Record<string, string> }).tags['latest'] === version
}

function isPinned(record: PackageRecord, entry: Deployment): boolean {
  return record.status === 'not_in_target' || record.status === 'failed' || hasOwnPin(record, entry)
}

function hasOwnPin(record: PackageRecord, { version }: Deployment): boolean {
  return JSON.stringify(record.ref) === JSON.stringify({ version, of: keyOf(nameIn(record, APP)) })
}

async function checkStatus({ engine, world }: Stage): Promise<readonly string[]> {
  return (await engine.status())
    .filter(({ package: ref, state, expected }) => {
      const { tags } = world.registry(keyOf(ref))
      return state === 'in-sync' && bareVersion(tags.latest) !== expected
    })
    .map(({ package: ref }) => `${keyOf(ref)} is said to be in sync`)
}

/** A run that was undone leaves every pointer it moved where it found it. */
function checkBack(stage: Stage, { kind }: Act, outcome: RunOutcome | undefined): readonly string[] {
  const begun = stage.undoing === undefined ? undefined : stage.begun.get(stage.undoing)
  if (kind !== 'undo' || !outcome || !begun || outcome.exitCode !== 0 || outcome.nothingToDo !== undefined) return []
  const now = pointersOf(stage)
  const moved = outcome.view.steps.filter(({ status }) => status === 'done' || status === 'undone')
  return moved
    .map(({ plan }) => keyOf(plan.package))
    .filter((key) => now[key] !== begun[key])
    .map((key) => `${key} was at ${begun[key]} and is at ${now[key]}`)
}
