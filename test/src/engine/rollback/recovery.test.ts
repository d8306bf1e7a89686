import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BagboyError } from '../../../../src/errors/bagboy-error.ts'
import type { RecoveryNext } from '../../../../src/engine/engine.ts'
import { configNotes } from '../../../../src/engine/rollback/plan/config-notes.ts'
import type { Direction, Stamped } from '../../../../src/events/events.ts'
import { eagerPlatform } from '../../../support/clocks/eager-platform.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'
import { createMemoryWorld, type WriteFault } from '../../../support/registries/memory-driver.ts'
import { roundCount, seedOr } from '../../../support/effort.ts'

const NAMES = ['one', 'two', 'three'] as const
const RUNS = roundCount(150, 1000)
const SEED = seedOr(20_261_130)

/** What another writer left behind before the run is gone on with; `null`: nothing. */
const moves = fc.constantFrom(null, null, ['v1.3.0', 'v1.3.0'], ['v1.2.0', 'v1.2.0'], ['v1.2.0', 'v1.3.0'], ['x', 'x'])
const scenario = fc.record({
  /** The record of the journal that cannot be written. */
  cutAt: fc.integer({ min: 2, max: 45 }),
  faults: fc.array(fc.option(fc.constantFrom<WriteFault>('lost-answer', 'not-applied', 'forbidden')), { maxLength: 3 }),
  isManual: fc.boolean(),
  moves: fc.tuple(moves, moves, moves),
  isUndo: fc.boolean(),
  /** Gone on with before, and cut off once more: so a run that was going back is found as well. */
  first: fc.option(fc.record({ isUndo: fc.boolean(), cutAt: fc.integer({ min: 1, max: 20 }) })),
})

/** What a run did with a step, from what it said; `stop` when it did nothing and was not satisfied. */
function doneWith(events: readonly Stamped[], step: string): RecoveryNext['next'] {
  const own = events.filter((event) => 'step' in event && event.step === step)
  const has = (type: Stamped['type']) => own.some((event) => event.type === type)
  const last = own.findLast((event) => event.type === 'step.finished')
  if (has('step.intent')) return 'run'
  if (has('step.waiting')) return 'wait'
  // Found there before anything of it was begun: read back as well, and nothing was to do.
  if (last?.type === 'step.finished' && last.status === 'already') return 'nothing'
  if (has('step.verified')) return 'verify'
  const isStopped = last?.type === 'step.finished' && (last.status === 'conflict' || last.status === 'failed')
  return isStopped ? 'stop' : 'nothing'
}

async function play(given: typeof scenario extends fc.Arbitrary<infer Value> ? Value : never) {
  const platform = eagerPlatform()
  const world = createMemoryWorld('v1.3.0', platform.clock)
  let appendsLeft = given.cutAt
  const { engine } = await createEngineFixture({
    platform,
    world,
    registries: NAMES,
    folder: '/project',
    manual: given.isManual ? ['three'] : [],
    config: {
      timeoutMs: 600_000,
      requestTimeoutMs: 30_000,
      onPartialFailure: 'continue',
      retry: { attempts: 1, backoffMs: 1, maxBackoffMs: 5, jitter: false },
    },
    wrapJournal: (journal) => ({
      ...journal,
      append(event) {
        appendsLeft -= 1
        return appendsLeft < 0 ? Promise.reject(new BagboyError('DISK', 'full')) : journal.append(event)
      },
    }),
  })
  for (const [at, fault] of given.faults.entries()) {
    if (fault) world.registry(NAMES[at] ?? 'one').faults.push(fault)
  }
  const plan = await engine.plan(aRequest('v1.2.0'))
  await engine.run(plan, defaultApprover).result.catch(() => undefined)
  for (const name of NAMES) world.heal(name)
  const go = (isUndo: boolean) =>
    isUndo ? engine.undo(plan.id, defaultApprover, 'back') : engine.resume(plan.id, defaultApprover)
  if (given.first !== null) {
    appendsLeft = given.first.cutAt
    await go(given.first.isUndo).result.catch(() => undefined)
  }
  appendsLeft = Number.MAX_SAFE_INTEGER
  for (const [at, tags] of given.moves.entries()) {
    if (tags) Object.assign(world.registry(NAMES[at] ?? 'one').tags, { latest: tags[0], stable: tags[1] })
  }
  const open = (await engine.runs()).find(({ id, isOpen }) => id === plan.id && isOpen)
  if (!open || open.startedAt === '') return undefined
  const report = await engine.recovery(plan.id)
  const handle = go(given.isUndo)
  const events = await collect(handle)
  await handle.result
  const direction: Direction = given.isUndo ? 'undo' : report.direction
  const isTurned = !given.isUndo && report.direction === 'undo'
  const mine = events.filter(({ seq }) => seq > report.view.lastSeq)
  const steps = report.steps.map((step) => ({
    step: step.step,
    said: given.isUndo ? step.undo.next : step.next,
    did: doneWith(mine, step.step),
  }))
  return { steps, direction, isTurned }
}

test(
  `what the report says of a step is what going on with the run does (seed ${SEED})`,
  { timeout: 300_000 },
  async () => {
    const seen = new Set<string>()
    let turnedCount = 0

    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const played = await play(given)
        for (const { said } of played?.steps ?? []) seen.add(`${played?.direction} ${said}`)
        turnedCount += played?.isTurned === true ? 1 : 0
        expect(played?.steps.filter(({ said, did }) => said !== did) ?? []).toEqual([])
      }),
      { seed: SEED, numRuns: RUNS },
    )

    expect(turnedCount).toBeGreaterThan(5)

    expect([...seen].toSorted()).toEqual(
      ['do', 'undo'].flatMap((way) => ['nothing', 'run', 'stop', 'verify', 'wait'].map((next) => `${way} ${next}`)),
    )
  },
)

describe('a run that was planned with another configuration', () => {
  const aView = async () => {
    const { engine, world, parts } = await createEngineFixture({ registries: ['one', 'two'] })
    world.registry('two').isDown = true
    const plan = await engine.plan(aRequest('v1.2.0'))
    await engine.run(plan, defaultApprover).result
    return { view: (await engine.readRun(plan.id)).view, config: parts.config }
  }
  const entry = (registry: string) => ({ format: 'memory', registry, options: {}, locationOf: () => '' })

  test('says what it takes from the plan and what from the configuration, and names a registry that is gone', async () => {
    const { view, config } = await aView()

    const notes = configNotes(view, { ...config, hash: 'another', registries: [entry('one')] })

    expect(notes).toEqual([
      expect.stringContaining('The plan decides versions, pointers, order and time limits'),
      expect.stringContaining(
        `memory:hello@two is not configured now; it is reached with the defaults of memory. To leave it out: bagboy-tui runs skip ${view.id} memory:hello@two`,
      ),
    ])
  })

  test('says nothing when the configuration is the same', async () => {
    const { view, config } = await aView()

    expect(configNotes(view, config)).toEqual([])
  })
})
