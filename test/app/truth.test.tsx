import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWorld, type WorldSeed } from '../components/truth/scripted-world.ts'
import { falseStatements, statementKinds, type Seen } from '../components/truth/statements.ts'
import { startWalk, type Move, type Walk } from '../components/truth/walk.tsx'
import { roundCount, seedOr } from '../support/effort.ts'

const ROUNDS = roundCount(60, 2000)
/** Every kind of statement occurs often enough with this one. */
const SEED = seedOr(20_260_201)
const SIZES = [
  [80, 24],
  [60, 15],
  [160, 48],
] as const

const worlds: fc.Arbitrary<WorldSeed> = fc.record({
  parts: fc.array(fc.constantFrom('step', 'step', 'already', 'not_in_target'), { minLength: 4, maxLength: 4 }),
  isBlocked: fc.boolean(),
  statuses: fc.array(fc.constantFrom('in-sync', 'in-sync', 'in-sync', 'drift', 'held-version', 'unreadable'), {
    minLength: 4,
    maxLength: 4,
  }),
  endings: fc.array(fc.constantFrom('done', 'done', 'skipped', 'failed', 'undone'), { minLength: 4, maxLength: 4 }),
  result: fc.constantFrom('complete', 'complete', 'partial', 'failed', 'undone', 'manual', 'aborted'),
  exitCode: fc.constantFrom(0, 6, 7, 12),
  direction: fc.constantFrom('do', 'do', 'undo'),
  openRun: fc.constantFrom('none', 'none', 'none', 'interrupted', 'held', 'manual', 'partial'),
  keep: fc.integer({ min: 1, max: 40 }),
  latencies: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 }),
  rate: fc.integer({ min: 0, max: 12 }),
  isArmed: fc.boolean(),
})

const KEYS = ['1', '2', '4', '5', 'j', 'k', 'R', 'enter', 'e', 'm', 'A', 'v', 'esc', '?', 'p']
const keys = (...names: readonly string[]): readonly Move[] => names.map((key) => ({ kind: 'key', key }))
const TO_PLAN = keys('1', 'j', 'r', 'enter')
const SKIP = keys('e')
const OVERRIDE = keys('b', 'space', 'enter')
const CONFIRM: readonly Move[] = [...keys('X'), { kind: 'type-what-is-asked' }]
const GOES_ON: readonly Move[] = [{ kind: 'run-goes-on' }]
const ENDS: readonly Move[] = [{ kind: 'run-ends' }]
const LATER: readonly Move[] = [{ kind: 'time-passes' }]

/** Single moves, and the ways that chance would hardly ever find. */
const moves: fc.Arbitrary<readonly Move[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...KEYS).map((name) => keys(name)) },
      { weight: 2, arbitrary: fc.constant([...TO_PLAN, ...SKIP, ...OVERRIDE, ...keys('X')]) },
      { weight: 2, arbitrary: fc.constant([...TO_PLAN, ...OVERRIDE, ...CONFIRM, ...GOES_ON, ...keys('1'), ...ENDS]) },
      { weight: 3, arbitrary: fc.constant([...TO_PLAN, ...SKIP, ...OVERRIDE, ...CONFIRM, ...GOES_ON, ...ENDS]) },
      { weight: 1, arbitrary: fc.constant([...TO_PLAN, ...SKIP, ...SKIP]) },
      { weight: 1, arbitrary: fc.constant(keys('2', 'A', 'esc', '5', '4', '1', '?', 'esc')) },
      { weight: 1, arbitrary: fc.constant(LATER) },
      { weight: 1, arbitrary: fc.constantFrom('auto', 'propose').map((mode) => [{ kind: 'mode', mode } as const]) },
    ),
    { minLength: 3, maxLength: 6 },
  )
  .map((some) => some.flat())

function seen(walk: Walk, [columns, rows]: (typeof SIZES)[number]): Seen {
  return { text: walk.screen(columns, rows), state: walk.store.getState() }
}

test(
  'every sentence on every screen that states a fact agrees with the engine',
  async () => {
    const kinds = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(worlds, moves, fc.constantFrom(...SIZES), async (seed, way, size) => {
        const world = createWorld(seed)
        const walk = await startWalk(world)
        for (const [index, move] of way.entries()) {
          if (walk.exitCode() !== undefined) break
          await walk.move(move)
          const now = seen(walk, size)
          for (const kind of statementKinds(now)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
          const wrong = falseStatements(now, world)
          if (wrong.length > 0)
            throw new Error(`after move ${index} ${JSON.stringify(move)}: ${wrong.join('; ')}\n${now.text}`)
        }
        if (world.ended && walk.exitCode() === undefined) {
          const summary = { text: walk.summary(), state: walk.store.getState() }
          expect(falseStatements(summary, world)).toEqual([])
        }
        walk.commands.stopWatches()
      }),
      { numRuns: ROUNDS, seed: SEED, endOnFailure: true },
    )
    // Every kind of statement was made often enough to be wrong.
    expect(Object.fromEntries([...kinds].filter(([, count]) => count < 3))).toEqual({})
    expect(kinds.size).toBeGreaterThan(14)
  },
  ROUNDS * 10_000,
)
