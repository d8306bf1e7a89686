import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import {
  aRequest,
  createEngineFixture,
  defaultApprover,
  type EngineFixture,
  type FixtureOptions,
} from './engine-fixture.ts'

export interface InterruptedRun extends EngineFixture {
  readonly run: string
  /** What the registries were told so far, `name tag=value` each. */
  writes(): readonly string[]
  /** Another process: the same folder and registries, regardless of `options`. */
  reopened(options?: FixtureOptions): Promise<EngineFixture>
}

const REGISTRIES = ['one', 'two', 'three']

/** A rollback of three registries whose disk fails at one record: the second step is under way then. */
export async function anInterruptedRun(lastRecord = 20, options: FixtureOptions = {}): Promise<InterruptedRun> {
  const given: FixtureOptions = { registries: REGISTRIES, config: { parallelism: 1 }, ...options }
  const fixture = await createEngineFixture({ ...given, wrapJournal: (journal) => failingAfter(journal, lastRecord) })
  const handle = fixture.engine.run(await fixture.engine.plan(aRequest('v1.2.0')), defaultApprover)
  const failure = await handle.result.catch((error: unknown) => error)
  if (!(failure instanceof BagboyError) || !['DISK', 'RUN_INTERRUPTED'].includes(failure.code)) throw failure
  const { folder, world } = fixture
  const reopened = (more: FixtureOptions = {}) =>
    createEngineFixture({ ...given, folder, world, seedIfEmpty: false, ...more })
  return {
    ...fixture,
    ...(await reopened()),
    run: handle.id,
    writes: () => REGISTRIES.flatMap((name) => world.registry(name).writes.map((write) => `${name} ${write}`)),
    reopened,
  }
}

function failingAfter(journal: Journal, lastRecord: number): Journal {
  return {
    ...journal,
    append: (event) =>
      event.seq > lastRecord ? Promise.reject(new BagboyError('DISK', 'the disk is full')) : journal.append(event),
  }
}
