import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aRequest, createEngineFixture, defaultApprover } from '../../../../support/engine/engine-fixture.ts'
import { eagerPlatform } from '../../../../support/clocks/eager-platform.ts'
import { createMemoryWorld, type MemoryTags, type WriteFault } from '../../../../support/registries/memory-driver.ts'
import { roundCount } from '../../../../support/effort.ts'

const RUNS = roundCount(150, 1000)
const OLD: MemoryTags = { latest: 'v1.2.0', stable: 'v1.2.0' }
const BAD: MemoryTags = { latest: 'v1.3.0', stable: 'v1.3.0' }
const HALF: MemoryTags = { latest: 'v1.2.0', stable: 'v1.3.0' }

/** Reads that answer with something old, behind `after` reads that do not. */
interface Stale {
  readonly after: number
  readonly count: number
  readonly tags: MemoryTags
}

interface Behaviour {
  readonly start: MemoryTags
  readonly stale: readonly Stale[]
  /** Every so many reads are old, `until` that many were made; 0 = none. */
  readonly flaps: { readonly every: number; readonly until: number; readonly tags: MemoryTags }
  readonly faults: readonly WriteFault[]
}

const anAnswer = fc.constantFrom(OLD, BAD, HALF)
const aBehaviour: fc.Arbitrary<Behaviour> = fc.record({
  start: fc.constantFrom(BAD, BAD, BAD, OLD, HALF),
  stale: fc.array(fc.record({ after: fc.nat(6), count: fc.integer({ min: 1, max: 8 }), tags: anAnswer }), {
    maxLength: 4,
  }),
  flaps: fc.record({
    every: fc.constantFrom(0, 0, 0, 2, 3, 5),
    until: fc.constantFrom(12, 40, Number.POSITIVE_INFINITY),
    tags: anAnswer,
  }),
  faults: fc.array(fc.constantFrom<WriteFault>('lost-answer', 'not-applied', 'limited'), { maxLength: 2 }),
})

const MOST_OLD = 8
const MANY_READS = 2000

/** What reads answer with, in their order; `undefined` = the truth, which comes at the latest behind {@link MOST_OLD} others. */
function oldAnswers(behaviour: Behaviour): readonly (MemoryTags | undefined)[] {
  let inARow = 0
  return Array.from({ length: MANY_READS }, (_, index) => {
    const answer = inARow < MOST_OLD ? oldAnswer(behaviour, index + 1) : undefined
    inARow = answer ? inARow + 1 : 0
    return answer
  })
}

/** What the read with this number answers with; `undefined` = the truth. Between two times of old answers is a fresh one. */
function oldAnswer({ stale, flaps }: Behaviour, readCount: number): MemoryTags | undefined {
  let first = 1
  for (const { after, count, tags } of stale) {
    first += after
    if (readCount >= first && readCount < first + count) return tags
    first += count + 1
  }
  const isFlap = flaps.every > 0 && readCount <= flaps.until && readCount % flaps.every === 0
  return isFlap ? flaps.tags : undefined
}

interface Played {
  readonly wrong: readonly string[]
  readonly word: string
}

async function play(behaviours: readonly Behaviour[]): Promise<Played> {
  const platform = eagerPlatform()
  const world = createMemoryWorld('v1.3.0', platform.clock)
  const registries = behaviours.map((_, index) => `r${index}`)
  const config = { timeoutMs: 60_000, settleWindowMs: 2000 }
  const { engine } = await createEngineFixture({ platform, world, registries, config, folder: '/project' })
  for (const [index, behaviour] of behaviours.entries()) {
    const registry = world.registry(`r${index}`)
    Object.assign(registry.tags, behaviour.start)
    registry.faults.push(...behaviour.faults)
    const answers = oldAnswers(behaviour)
    registry.show = (tags, readCount) => answers[readCount - 1] ?? tags
  }
  const away = () => registries.filter((name) => !isAt(world.registry(name).tags))
  const twice = () => registries.filter((name) => hasDuplicates(world.registry(name).writes))

  const plan = await engine.plan(aRequest('v1.2.0'))
  if (plan.steps.length === 0)
    return { wrong: away().map((name) => `nothing to do, and ${name} is not there`), word: 'nothing' }
  const outcome = await engine.run(plan, defaultApprover).result.catch((error: unknown) => String(error))
  if (typeof outcome === 'string') return { wrong: twice(), word: 'refused' }
  const isGood = outcome.exitCode === 0
  const wrong = [
    ...(isGood ? away().map((name) => `exit 0, and ${name} is not there`) : []),
    ...(isGood === (outcome.result === 'complete') ? [] : [`${outcome.result} with ${outcome.exitCode}`]),
    ...twice().map((name) => `${name} was written twice: ${world.registry(name).writes.join(' ')}`),
  ]
  if (isGood) return { wrong, word: 'complete' }
  for (const name of registries) world.heal(name)
  const resumed = await engine.resume(outcome.id, defaultApprover).result
  // What was planned from an old answer is another's change by now, and is asked about.
  const hasConflict = resumed.view.steps.some(({ status }) => status === 'conflict')
  return {
    wrong: [
      ...wrong,
      ...(resumed.exitCode === 0 || hasConflict ? [] : [`resumed with ${resumed.exitCode}`]),
      ...(resumed.exitCode === 0 ? away().map((name) => `resumed with 0, and ${name} is not there`) : []),
      ...twice().map((name) => `${name} was written twice when resumed`),
    ],
    word: hasConflict ? 'conflict' : 'resumed',
  }
}

function isAt({ latest, stable }: MemoryTags): boolean {
  return latest === OLD.latest && stable === OLD.stable
}

function hasDuplicates(writes: readonly string[]): boolean {
  return new Set(writes).size < writes.length
}

test('no run over stale and flapping reads ends well before every registry is there, and nothing is written twice', async () => {
  const words: string[] = []
  await fc.assert(
    fc.asyncProperty(fc.array(aBehaviour, { minLength: 1, maxLength: 3 }), async (behaviours) => {
      const { wrong, word } = await play(behaviours)
      words.push(word)
      expect(wrong).toEqual([])
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  )
  // A suite that never sees them proves nothing about them.
  expect(new Set(words)).toEqual(new Set(['complete', 'conflict', 'nothing', 'refused', 'resumed']))
}, 240_000)
