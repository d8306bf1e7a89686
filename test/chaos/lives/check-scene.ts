import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { GOOD_NETWORK, type LoggedWrite, type Network } from '../../support/registries/log-registry.ts'
import { checkJournal } from '../model/check-journal.ts'
import { LIVE, REGISTRIES, TARGET, goOn, openWorld, type OpenWorld, type Scenario } from './scene.ts'

interface Travelled {
  readonly scenario: Scenario
  readonly network: Network
  readonly seed: number
}

/** A run that never had a record is closed, and says that there is nothing to take back. */
const GOOD_ENDINGS: Readonly<Record<Scenario, RegExp>> = {
  commit: /^(?:complete|nothing left)$/u,
  revert: /^(?:undone|nothing left)$/u,
  undo: /^(?:undone|complete|nothing left|RUN_NOT_OPEN: .* never started.*)$/u,
}

/**
 * The network is well again and one person gives one command. What must be true then: the run is at its end, every registry
 * is where that end says, the history is whole, every journal is, nobody holds the lock, and nothing was done twice.
 * @returns what is not so
 */
export async function checkScene(folder: string, { scenario, network, seed }: Travelled): Promise<readonly string[]> {
  const world = await openWorld({ folder, scenario, network: GOOD_NETWORK, seed, parallelism: 4 })
  const ending = await goOn(world.engine, scenario).catch((error: unknown) => {
    if (error instanceof BagboyError) return `${error.code}: ${error.message}`
    throw error
  })
  return [
    ...(GOOD_ENDINGS[scenario].test(ending) ? [] : [`one command ended with ${ending}`]),
    ...checkPointers(world, scenario),
    ...REGISTRIES.flatMap((name) => checkEffects(name, world.registries.writes(name), network)),
    ...(await checkRuns(world)),
    ...(await checkHistory(world, scenario)),
  ]
}

function checkPointers({ registries }: OpenWorld, scenario: Scenario): readonly string[] {
  const wanted = scenario === 'commit' ? TARGET : LIVE
  return REGISTRIES.flatMap((name) => {
    const { latest, stable } = registries.tags(name)
    return latest === wanted && stable === wanted ? [] : [`${name} is at ${latest}, ${stable} instead of ${wanted}`]
  })
}

/**
 * A write is done once. It may be sent again when a stale read did not show it, and going back it always may; then it comes
 * under the same key, which tells a registry that it is the same one.
 */
function checkEffects(name: string, writes: readonly LoggedWrite[], network: Network): readonly string[] {
  const keys = new Map<string, string[]>()
  for (const { tag, value, key } of writes) keys.set(`${tag}=${value}`, [...(keys.get(`${tag}=${value}`) ?? []), key])
  return [...keys].flatMap(([effect, sent]) => {
    const mayRepeat = effect.endsWith(LIVE) || network.staleReads > 0
    if (new Set(sent).size > 1) return [`${name}: ${effect} was written under ${new Set(sent).size} keys`]
    return sent.length > 1 && !mayRepeat ? [`${name}: ${effect} was written ${sent.length} times`] : []
  })
}

async function checkRuns({ engine, journals }: OpenWorld): Promise<readonly string[]> {
  const folders = await journals.list()
  const wrong: string[] = []
  for (const { run, isOpen } of folders) {
    if (isOpen) wrong.push(`run ${run} is still open`)
    wrong.push(...checkJournal(await journals.read(run)).map((what) => `run ${run}: ${what}`))
  }
  // Of somebody who died after the last record: whoever comes next simply takes it.
  const { state } = await engine.lockInfo()
  return state === 'free' || state === 'dead' ? wrong : [...wrong, `the lock is ${state}`]
}

async function checkHistory({ history }: OpenWorld, scenario: Scenario): Promise<readonly string[]> {
  const { history: found, warnings = [] } = await history.read()
  const { deployments } = found
  const wanted = scenario === 'commit' ? `${TARGET} rollback` : `${LIVE} deploy`
  const active = deployments
    .filter(({ status }) => status === 'active')
    .map(({ version, kind }) => `${version} ${kind}`)
  const recorded = deployments.filter(({ kind }) => kind === 'deploy').map(({ version }): string => version)
  const runs = deployments.map(({ run }) => run).filter((run) => run !== undefined && run !== '')
  // A rollback that was complete when somebody took it back has an entry of its own, and so has what took it back.
  const isActive = active.join() === wanted || (scenario === 'undo' && active.join() === `${LIVE} undo`)
  return [
    ...(isActive ? [] : [`active is ${active.join(', ')}`]),
    ...(recorded.join() === [LIVE, TARGET, 'v1.1.0'].join() ? [] : [`the history holds ${recorded.join(', ')}`]),
    ...(new Set(runs).size === runs.length ? [] : ['one run has two entries']),
    ...warnings,
  ]
}
