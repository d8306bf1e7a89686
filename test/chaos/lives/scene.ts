import { join } from 'node:path'
import type { Engine, RunSummary } from '../../../src/engine/engine.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import {
  aRequest,
  createEngineFixture,
  defaultApprover,
  type EngineFixture,
} from '../../support/engine/engine-fixture.ts'
import { fastClock } from '../../support/clocks/fast-clock.ts'
import { createLogWorld, type LogWorld, type Network } from '../../support/registries/log-registry.ts'
import { seededRandom } from '../../support/builders/mutate-text.ts'

export const REGISTRIES = ['one', 'two', 'three', 'four'] as const
export const [TARGET, LIVE] = ['v1.2.0', 'v1.3.0'] as const

/**
 * `commit`: whoever goes on finishes it. `revert`: the last registry refuses, and what was done is taken back by the run
 * itself. `undo`: whoever goes on takes back what the one before had begun.
 */
export type Scenario = 'commit' | 'revert' | 'undo'

export interface WorldOptions {
  readonly folder: string
  readonly scenario: Scenario
  readonly network: Network
  /** Of what the network does. */
  readonly seed: number
  readonly parallelism: number
}

export interface LifeOptions extends WorldOptions {
  /** Number of the failpoint at which the process ends, from 1; `null`: it lives. */
  readonly killAt: number | null
  /** Nobody was there before. */
  readonly isFirst: boolean
}

export interface OpenWorld extends EngineFixture {
  readonly registries: LogWorld
}

/** An engine of this process over the project and the registries in a folder. */
export async function openWorld({ folder, scenario, network, seed, parallelism }: WorldOptions): Promise<OpenWorld> {
  const registries = createLogWorld({
    folder: join(folder, 'registries'),
    live: LIVE,
    network,
    random: seededRandom(seed),
    ...(scenario === 'revert' ? { refusing: 'four' } : {}),
  })
  const platform = createNodePlatform()
  const fixture = await createEngineFixture({
    folder,
    registries: REGISTRIES,
    driver: registries.driver,
    platform: { ...platform, clock: fastClock(platform.clock) },
    // On a busy machine a step may stand still for seconds, and what times out is another test's.
    config: { parallelism, timeoutMs: 60_000, onPartialFailure: scenario === 'revert' ? 'undo' : 'continue' },
  })
  return { ...fixture, registries }
}

/** What somebody does who finds the project as it is: goes on with an open run, or starts one. @returns how that ended */
export async function goOn(engine: Engine, scenario: Scenario, isFirst = false): Promise<string> {
  const [newest] = await engine.runs()
  if (scenario === 'undo' && !isFirst) return takeBack(engine, newest)
  if (newest?.isOpen) return (await engine.resume(newest.id, defaultApprover).result).result
  if (newest?.result === 'complete' || newest?.result === 'undone') return 'nothing left'
  return (await engine.run(await engine.plan(aRequest(TARGET)), defaultApprover).result).result
}

async function takeBack(engine: Engine, newest: RunSummary | undefined): Promise<string> {
  if (newest?.isOpen && newest.kind === 'undo') return (await engine.resume(newest.id, defaultApprover).result).result
  const isThere = newest?.isOpen || (newest?.result === 'complete' && newest.kind === 'rollback')
  if (!newest || !isThere) return 'nothing left'
  return (await engine.undo(newest.id, defaultApprover, 'not this one').result).result
}
