import { describe, expect, onTestFinished, test } from 'vitest'
import type { Finished } from '../support/harness/built-program.ts'
import { defaultApprover } from '../support/engine/engine-fixture.ts'
import { seededRandom } from '../support/builders/mutate-text.ts'
import { pause } from '../support/clocks/pause.ts'
import { until } from '../support/clocks/until.ts'
import { createInterruptedRuns } from './interrupted-runs.ts'
import { isExhaustive, SEED } from '../support/effort.ts'

const ROUNDS = isExhaustive ? 300 : 20
const SIGNALS = { SIGHUP: 129, SIGTERM: 143, SIGINT: 130 } as const
const NAMES = ['SIGHUP', 'SIGTERM', 'SIGINT'] as const
/** One round in so many gets the signal twice. */
const TWICE_EVERY = 4

/** As a shell sees it: a process that had no time to listen ends by the signal itself. */
function exitStatus({ exitCode, signal }: Finished): number | null {
  return signal !== null && signal in SIGNALS ? SIGNALS[signal as keyof typeof SIGNALS] : exitCode
}

describe('a signal at any moment of a headless four-registry run', () => {
  test(
    `ends it with the code of the signal, and resume finishes what was begun; SIGHUP ends no run that has begun, ${ROUNDS} rounds`,
    { timeout: ROUNDS * 20_000 },
    async () => {
      const random = seededRandom(SEED)
      const runs = await createInterruptedRuns()
      onTestFinished(() => runs.close())
      let interrupted = 0

      for (let round = 0; round < ROUNDS; round += 1) {
        const name = NAMES[round % NAMES.length] ?? 'SIGTERM'
        const lines = Math.floor(random() * (runs.recordCount + 2)) - 1
        const delayMs = Math.floor(random() * (lines < 0 ? 400 : 10))
        const isTwice = round % TWICE_EVERY === 0
        const place = `seed ${SEED}, round ${round}: ${name}${isTwice ? ' twice' : ''}, record ${lines} and ${delayMs} ms`
        const from = await runs.where()
        const to = from === 'v1.2.0' ? 'v1.3.0' : 'v1.2.0'
        const running = await runs.start()
        const { child } = running

        const isThere = () => running.stdout().split('\n').length > lines || child.exitCode !== null
        await until('its records', isThere, 60_000)
        await pause(delayMs)
        child.kill(name)
        if (isTwice) child.kill(name)
        const finished = await running.finished

        const open = (await runs.engine.runs()).find(({ isOpen }) => isOpen)
        expect([0, SIGNALS[name]], `${place}: ${finished.stderr}`).toContain(exitStatus(finished))
        if (exitStatus(finished) === 0) expect(await runs.where(), place).toBe(to)
        // A run that has begun does not depend on its terminal.
        if (name === 'SIGHUP') expect(open, place).toBeUndefined()
        if (open) {
          interrupted += 1
          expect(exitStatus(finished), place).toBe(SIGNALS[name])
          const { events } = await runs.engine.readRun(open.id)
          expect(
            events.map(({ seq }) => seq),
            place,
          ).toEqual(events.map((_, index) => index + 1))
          expect(await runs.engine.resume(open.id, defaultApprover).result, place).toMatchObject({ exitCode: 0 })
          expect(await runs.where(), place).toBe(to)
        }
        expect([from, to], place).toContain(await runs.where())
        expect(
          (await runs.engine.runs()).filter(({ isOpen }) => isOpen),
          place,
        ).toEqual([])
        expect((await runs.engine.lockInfo()).state, place).not.toBe('held')
      }

      expect(interrupted).toBeGreaterThan(0)
    },
  )
})
