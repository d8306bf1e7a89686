import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRing } from '../../../src/health/ring.ts'
import { runSchedule } from '../../../src/health/run-schedule.ts'
import { createEagerClock } from '../../support/clocks/eager-clock.ts'
import { SEED } from '../../support/effort.ts'

interface Call {
  readonly startMs: number
  readonly lateMs: number
}

/** A schedule whose work takes so long each time; ends by itself after the last of them. */
async function run(intervalMs: number, delayMs: number, durationsMs: readonly number[]): Promise<readonly Call[]> {
  const clock = createEagerClock()
  const controller = new AbortController()
  const calls: Call[] = []
  let isBusy = false
  await runSchedule(
    { intervalMs, delayMs },
    clock,
    async (lateMs) => {
      expect(isBusy).toBe(false)
      isBusy = true
      calls.push({ startMs: clock.elapsedMs(), lateMs })
      await clock.sleep(durationsMs[calls.length - 1] ?? 0)
      isBusy = false
      if (calls.length >= durationsMs.length) controller.abort()
    },
    controller.signal,
  )
  return calls
}

describe('a schedule', () => {
  test('begins after its delay and keeps its times, however long the work takes', async () => {
    const calls = await run(1000, 500, [0, 300, 999, 1, 700])

    expect(calls.map(({ startMs }) => startMs)).toEqual([500, 1500, 2500, 3500, 4500])
    expect(calls.every(({ lateMs }) => lateMs === 0)).toBe(true)
  })

  test('leaves out what would overlap, and is on time again', async () => {
    const calls = await run(1000, 0, [2500, 0, 0])

    expect(calls.map(({ startMs }) => startMs)).toEqual([0, 3000, 4000])
  })

  test('never drifts and never overlaps, whatever the work takes', async () => {
    const durations = fc.array(fc.integer({ min: 0, max: 3500 }), { minLength: 1, maxLength: 20 })

    await fc.assert(
      fc.asyncProperty(durations, fc.constantFrom(0, 250), async (durationsMs, delayMs) => {
        const calls = await run(1000, delayMs, durationsMs)

        for (const { startMs, lateMs } of calls) expect((startMs - delayMs - lateMs) % 1000).toBe(0)
        expect(new Set(calls.map(({ startMs }) => startMs)).size).toBe(calls.length)
      }),
      { seed: SEED, numRuns: 30 },
    )
  })

  test('says how late a call is when the process was held up', async () => {
    const clock = createEagerClock()
    const controller = new AbortController()
    const late: number[] = []
    let heldUpMs = 0
    // Everything that wakes up after the third time finds a second gone.
    const slow = { ...clock, elapsedMs: () => clock.elapsedMs() + heldUpMs }

    await runSchedule(
      { intervalMs: 1000, delayMs: 0 },
      {
        ...slow,
        sleep: async (ms, signal) => clock.sleep(ms, signal).then(() => void (heldUpMs += late.length === 2 ? 400 : 0)),
      },
      (lateMs) => {
        late.push(lateMs)
        if (late.length === 4) controller.abort()
        return Promise.resolve()
      },
      controller.signal,
    )

    expect(late).toEqual([0, 0, 400, 0])
  })

  test('ends at once, also while it waits', async () => {
    const clock = createEagerClock()
    const controller = new AbortController()
    let count = 0

    const running = runSchedule(
      { intervalMs: 60_000, delayMs: 0 },
      clock,
      () => {
        count += 1
        if (count === 2) setImmediate(() => controller.abort())
        return Promise.resolve()
      },
      controller.signal,
    )
    await running

    expect(count).toBe(2)
    expect(clock.elapsedMs()).toBe(60_000)
  })
})

describe('a ring', () => {
  test('keeps at least the last so many, oldest first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 100 }), (capacity, count) => {
        const ring = createRing<number>(capacity)
        const all = Array.from({ length: count }, (_, index) => index)
        for (const item of all) ring.push(item)

        expect(ring.items.slice(-capacity)).toEqual(all.slice(-capacity))
        expect(ring.items.length).toBeLessThanOrEqual(capacity * 2)
      }),
      { seed: SEED },
    )
  })
})
