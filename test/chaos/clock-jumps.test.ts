import { expect, test } from 'vitest'
import type { Engine, RunOutcome } from '../../src/engine/engine.ts'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import type { Stamped } from '../../src/events/events.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import type { Clock } from '../../src/platform/platform.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../support/engine/engine-fixture.ts'
import { createEagerClock } from '../support/clocks/eager-clock.ts'
import { createMemoryFiles } from '../support/memory-files.ts'
import { createMemoryWorld } from '../support/registries/memory-driver.ts'
import { seededRandom } from '../support/builders/mutate-text.ts'
import { printFigure } from '../support/servers/print-figure.ts'
import { isExhaustive, SEED } from '../support/effort.ts'

const RUNS = isExhaustive ? 1000 : 100
const YEAR_MS = 365 * 24 * 3600 * 1000

/** Time passes as it should, and whenever somebody asks what time it is somebody else may have set the clock. */
function jumpingClock(random: () => number): {
  readonly clock: Clock
  readonly jumpCount: () => number
  start(): void
} {
  const steady = createEagerClock()
  let [offsetMs, jumpCount, isJumping] = [0, 0, false]
  const now = (): string => {
    if (isJumping && random() < 0.1) {
      offsetMs = (random() * 2 - 1) * YEAR_MS
      jumpCount += 1
    }
    return new Date(Date.parse(steady.now()) + offsetMs).toISOString()
  }
  return { clock: { ...steady, now }, jumpCount: () => jumpCount, start: () => void (isJumping = true) }
}

/** Between its making and its start a plan may seem to have expired; then nothing was changed, and it is made again. */
async function rollBack(
  engine: Engine,
): Promise<{ readonly events: readonly Stamped[]; readonly outcome: RunOutcome }> {
  for (;;) {
    const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
    try {
      const outcome = await handle.result
      return { events: await collect(handle), outcome }
    } catch (error) {
      if (!(error instanceof BagboyError) || error.code !== 'PLAN_STALE') throw error
    }
  }
}

/** As above, of the plan of an undo. */
async function undo(engine: Engine, run: string): Promise<RunOutcome> {
  for (;;) {
    try {
      return await engine.undo(run, defaultApprover, 'back').result
    } catch (error) {
      if (!(error instanceof BagboyError) || error.code !== 'PLAN_STALE') throw error
    }
  }
}

test(
  `a wall clock that jumps by up to a year changes no order and no outcome, ${RUNS} runs (seed ${SEED})`,
  { timeout: 300_000 },
  async () => {
    let jumps = 0

    for (let run = 0; run < RUNS; run += 1) {
      const place = `seed ${SEED}, run ${run}`
      const { clock, jumpCount, start } = jumpingClock(seededRandom(SEED * 1000 + run))
      const platform = { ...createNodePlatform(), clock, files: createMemoryFiles() }
      const world = createMemoryWorld('v1.3.0', clock)
      const { engine, readHistory } = await createEngineFixture({ platform, world, folder: '/project' })
      start()

      const { events, outcome } = await rollBack(engine)
      const back = await undo(engine, outcome.id)

      expect([outcome.result, outcome.exitCode], place).toEqual(['complete', 0])
      expect(
        events.map(({ seq }) => seq),
        place,
      ).toEqual(events.map((_, index) => index + 1))
      const { deployments } = await readHistory()
      expect(
        deployments.map(({ id }) => id),
        place,
      ).toEqual(deployments.map((_, index) => deployments.length - index))
      expect(deployments.filter(({ status }) => status === 'active').length, place).toBe(1)
      expect((await engine.lockInfo()).state, place).toBe('free')
      expect([back.result, back.exitCode], place).toEqual(['complete', 0])
      jumps += jumpCount()
    }

    expect(jumps).toBeGreaterThan(RUNS)
    printFigure('8 (F19)', `${jumps} jumps of the clock in ${RUNS} runs: order and outcome are the same`)
  },
)
