import { activeDeployment, type History } from '../../../../src/domain/deployment.ts'
import { BagboyError } from '../../../../src/errors/bagboy-error.ts'
import type { Platform } from '../../../../src/platform/platform.ts'
import { createEngineFixture, type EngineFixture } from '../../../support/engine/engine-fixture.ts'
import { createMemoryWorld } from '../../../support/registries/memory-driver.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { perform, type Command } from './commands.ts'

export type Name = 'production' | 'staging'

/** What an operator may be told instead. */
const REFUSALS: ReadonlySet<string> = new Set([
  'TARGET_UNSAFE',
  'TARGET_UNKNOWN',
  'RUN_UNKNOWN',
  'RUN_NOT_OPEN',
  'VALIDATION_FAILED',
])
const REGISTRIES = ['one', 'two']
const PACKAGES = REGISTRIES.map((registry) => ({ format: 'memory', registry, name: 'hello' }))
/** These write into the archive, or read it. */
const ARCHIVING: ReadonlySet<Command> = new Set<Command>(['prune', 'restore'])
/** In whatever is said. */
const VERSION = /v?\d+\.\d+\.\d+/gu

interface Environment {
  readonly fixture: EngineFixture
  readonly known: string[]
  newestRun: string | undefined
  turn: number
}

export interface Played {
  /** What did not hold, in words. */
  readonly wrong: readonly string[]
  /** Whether the command was carried out rather than refused. */
  readonly isDone: boolean
}

export interface TwoEnvironments {
  /** Gives one command. Alone, nothing of the other environment may change meanwhile. */
  play(name: Name, command: Command, how?: 'alone' | 'together'): Promise<Played>
  /** What is wrong in either of them, as they stand. */
  check(): Promise<readonly string[]>
}

/** Production and staging in one folder with one history file, each with registries of its own. */
export async function createTwoEnvironments(platform: Platform): Promise<TwoEnvironments> {
  const folder = temporaryFolder('two-environments')
  const open = async (environment: Name): Promise<Environment> => ({
    fixture: await createEngineFixture({
      folder,
      platform,
      environment,
      registries: REGISTRIES,
      world: createMemoryWorld('v1.3.0', platform.clock),
    }),
    known: ['v1.1.0', 'v1.2.0', 'v1.3.0'],
    newestRun: undefined,
    turn: 0,
  })
  const environments = { production: await open('production'), staging: await open('staging') }
  const otherOf = (name: Name): Name => (name === 'production' ? 'staging' : 'production')

  async function play(name: Name, command: Command, how: 'alone' | 'together' = 'alone'): Promise<Played> {
    const [here, there] = [environments[name], environments[otherOf(name)]]
    const before = how === 'alone' ? await stateOf(there, command) : ''
    here.turn += 1
    // Runs are sorted by when they began.
    await platform.clock.sleep(1)
    const result = await attempt(here, nextVersion(name, here), command)
    if (how === 'together') return { wrong: [], isDone: result.isDone }
    const foreign = there.known.filter((version) => !here.known.includes(version))
    const wrong = [
      ...((await stateOf(there, command)) === before ? [] : [`changed ${otherOf(name)}`]),
      ...namesOf(result.said, foreign).map((version) => `named ${version} of ${otherOf(name)}`),
      ...(await checkOne(name, here)),
    ]
    return { wrong, isDone: result.isDone }
  }

  async function check(): Promise<readonly string[]> {
    const found = [
      await checkOne('production', environments.production),
      await checkOne('staging', environments.staging),
    ].flat()
    const ids = (await environments.staging.fixture.history.whole()).history.deployments.map(({ id }) => id)
    return new Set(ids).size === ids.length ? found : [...found, 'two entries share an id']
  }

  return { play, check }
}

/** Mostly of one of them; every third is deployed to both. */
function nextVersion(name: Name, { turn }: Environment): string {
  return turn % 3 === 0 ? `v5.${turn}.0` : `v${name === 'production' ? 6 : 7}.${turn}.0`
}

async function attempt(here: Environment, next: string, command: Command) {
  const { engine, world } = here.fixture
  const serve = (version: string): void => {
    for (const registry of REGISTRIES)
      Object.assign(world.registry(registry).tags, { latest: version, stable: version })
  }
  try {
    const said = await perform(engine, command, { ...here, next, serve, packages: PACKAGES })
    if (command === 'record') here.known.push(next)
    if (said.run !== undefined) here.newestRun = said.run
    return { said: said.answer, isDone: true }
  } catch (error) {
    if (!(error instanceof BagboyError) || !REFUSALS.has(error.code)) throw error
    return { said: [error.message, error.hint, error.details], isDone: false }
  }
}

function namesOf(said: unknown, foreign: readonly string[]): readonly string[] {
  const named = new Set((JSON.stringify(said) ?? '').match(VERSION) ?? [])
  return foreign.filter((version) => named.has(version) || named.has(version.slice(1)))
}

/** What one of them has and serves, as text. */
async function stateOf({ fixture }: Environment, command: Command): Promise<string> {
  const { history, journals, world } = fixture
  const { entries } = ARCHIVING.has(command) ? await history.archives() : { entries: [] }
  const archived = entries.map(({ deployment }) => deployment.id)
  const tags = REGISTRIES.map((registry) => world.registry(registry).tags)
  const runs = await journals.list()
  const { history: shown } = await history.read()
  return JSON.stringify([shown, archived, tags, runs.filter(({ isOpen }) => isOpen)])
}

async function checkOne(name: Name, { fixture }: Environment): Promise<readonly string[]> {
  const history: History = await fixture.readHistory()
  const active = history.deployments.filter(({ status }) => status === 'active')
  const live = activeDeployment(history)?.version
  const served = new Set(REGISTRIES.map((registry) => fixture.world.registry(registry).tags.latest))
  const elsewhere = history.deployments.filter(({ environment }) => environment !== name)
  return [
    ...(active.length === 1 ? [] : [`${active.length} versions are live in ${name}`]),
    ...(served.size === 1 && live !== undefined && served.has(live)
      ? []
      : [`${live} is live in ${name}, served: ${[...served].join()}`]),
    ...elsewhere.map(({ id, environment }) => `@${id} of ${environment} is listed in ${name}`),
  ]
}
