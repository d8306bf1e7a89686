import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { GOOD_NETWORK, type LoggedWrite, type Network } from '../../support/log-registry.ts'
import { checkJournal } from '../model/check-journal.ts'
import { LIVE, REGISTRIES, TARGET, goOn, openWorld, type OpenWorld, type Scenario } from './scene.ts'

interface Travelled {
  readonly scenario: Scenario
  readonly network: Network
  readonly seed: number
}

/**
 * The network is well again and one person gives one command. What must be true then: the run is at its end, every registry
 * is where that end says, the history is whole, every journal is, nobody holds the lock, and nothing was done twice.
 * @returns what is not so
 */
export async function checkScene(folder: string, { scenario, network, seed }: Travelled): Promise<readonly string[]> {
  const world = await openWorld({ folder, scenario, network: GOOD_NETWORK, seed, parallelism: 4 })
  const ending = await goOn(world.engine).catch((error: unknown) => {
    if (error instanceof BagboyError) return `${error.code}: ${error.message}`
    throw error
  })
  const wantedEnding = scenario === 'commit' ? 'complete' : 'undone'
  return [
    ...(ending === wantedEnding || ending === 'nothing left' ? [] : [`one command ended with ${ending}`]),
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
  const versions = found.deployments.map(({ version, kind, status }) => `${version} ${kind} ${status}`)
  const rolledBack = [`${TARGET} rollback active`, `${LIVE} deploy rolled_back_from`]
  const before = [`${TARGET} deploy superseded`, 'v1.1.0 deploy superseded']
  const wanted = scenario === 'commit' ? [...rolledBack, ...before] : [`${LIVE} deploy active`, ...before]
  const own =
    scenario === 'revert'
      ? versions.filter((entry) => !/rollback (?:failed|partial|superseded)/u.test(entry))
      : versions
  return [
    ...(JSON.stringify(own) === JSON.stringify(wanted) ? [] : [`the history holds ${versions.join(', ')}`]),
    ...warnings,
  ]
}
