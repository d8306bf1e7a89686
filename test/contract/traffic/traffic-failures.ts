import { describe, expect, test } from 'vitest'
import { allTo } from '../../../src/domain/traffic/traffic.ts'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import { until } from '../../support/clocks/until.ts'
import { codeOf } from '../registries/driver-session.ts'
import type { OpenedTraffic } from './traffic-contract.ts'
import type { TrafficLimits } from './traffic-fixture.ts'

type Open = () => Promise<OpenedTraffic>

const COUNT = 50
const ALL_BLUE = { blue: COUNT, green: 0 }

async function reportOf(work: Promise<unknown>) {
  return work.then(
    () => undefined,
    (error: unknown) => toErrorReport(error),
  )
}

/** The part of the contract in which the balancer, the network or the operator breaks something. */
export function testTrafficFailures(name: string, limits: TrafficLimits, open: Open): void {
  describe(`${name}: the traffic contract when things break`, () => {
    test('refuses a wrong configuration before it is live, and the old one stands', async () => {
      const { fixture, move } = await open()
      const split = fixture.splits[0] ?? allTo('green')
      const options = await fixture.world.breakConfig()

      const report = await reportOf(move(split, null, { options, proveWithinMs: 300 }))

      expect(['REGISTRY_REJECTED', 'CONFIG_INVALID', 'READBACK_DISAGREES']).toContain(report?.code)
      expect(report?.hint).toMatch(/\S/u)
      expect(await fixture.world.served(COUNT)).toEqual(ALL_BLUE)
      await fixture.world.heal()
      expect((await move(split)).after.split).toEqual(split)
    })

    test('says that nobody is there, reading and writing, with what helps', async () => {
      const { fixture, read, write, move } = await open()
      const { revision } = await read()
      await fixture.world.goDown()
      const split = fixture.splits[0] ?? allTo('green')

      const reports = await Promise.all([read(), write(split, revision), move(split)].map(reportOf))

      expect(reports.map((report) => report?.code)).toEqual(reports.map(() => 'REGISTRY_UNREACHABLE'))
      expect(reports.map((report) => report?.hint)).toEqual(reports.map(() => expect.stringMatching(/\S/u)))
      expect(fixture.world.writes()).toEqual([])
    })

    test('says that it is not allowed, with what helps, and nothing changes', async () => {
      const { fixture, move } = await open()
      const options = await fixture.world.deny()

      const report = await reportOf(move(fixture.splits[0] ?? allTo('green'), null, { options, proveWithinMs: 300 }))

      expect(limits.deniedCodes).toContain(report?.code)
      expect(report?.hint).toMatch(/\S/u)
      await fixture.world.heal()
      expect(await fixture.world.served(COUNT)).toEqual(ALL_BLUE)
    })

    test('does not believe an answer: a change that was swallowed is not proved', async () => {
      const { fixture, read, move } = await open()
      await fixture.world.swallowWrites()

      const report = await reportOf(move(fixture.splits[0] ?? allTo('green'), null, { proveWithinMs: 300 }))

      // Where the provider waits for it itself, it says that the change was not taken.
      expect(['READBACK_DISAGREES', 'REGISTRY_REJECTED']).toContain(report?.code)
      await fixture.world.heal()
      expect((await read()).split).toEqual(allTo('blue'))
      expect(await fixture.world.served(COUNT)).toEqual(ALL_BLUE)
    })

    test('finds by reading that a change whose answer was lost was made', async () => {
      const { fixture, move } = await open()
      const split = fixture.splits.at(-1) ?? allTo('green')
      await fixture.world.loseAnswers()

      let outcome = await move(split).catch((error: unknown) => toErrorReport(error).code)
      // Where a change is several commands, a lost answer ends it after each of them.
      for (let again = 0; typeof outcome === 'string' && again < 3; again += 1) {
        outcome = await move(split).catch((error: unknown) => toErrorReport(error).code)
      }

      expect(outcome).toMatchObject({ after: { split, isApplied: true } })
      await fixture.world.heal()
    })

    test.runIf(limits.tellsStates)('sends nothing to a slot that takes nothing', async () => {
      const { fixture, read, move } = await open()
      await fixture.world.takeOut('green')

      const report = await reportOf(move(fixture.splits[0] ?? allTo('green')))

      expect(['stopped', 'down']).toContain((await read()).states.green)
      expect(report).toMatchObject({ code: 'REGISTRY_REJECTED', hint: expect.stringMatching(/green/u) })
      expect(fixture.world.writes()).toEqual([])
      expect(await fixture.world.served(COUNT)).toEqual(ALL_BLUE)
    })

    test('waits no longer than it may', async () => {
      const { fixture, read } = await open()
      await fixture.world.stall()

      expect(await codeOf(read({ timeoutMs: 300 }))).toBe('REGISTRY_TIMEOUT')
    })

    test('stops when it is aborted, reading or writing', async () => {
      const { fixture, read, write } = await open()
      const { revision } = await read()
      await fixture.world.stall()
      const attempts = [
        (signal: AbortSignal) => read({ signal }),
        (signal: AbortSignal) => write(fixture.splits[0] ?? allTo('green'), revision, { signal }),
      ]

      for (const attempt of attempts) {
        const controller = new AbortController()
        const reason = new Error('the operator stopped it')
        const heardCount = fixture.world.heardCount()
        const ended = attempt(controller.signal).then(
          () => 'resolved',
          (error: unknown) => error,
        )
        await until('the first request', () => fixture.world.heardCount() > heardCount)
        controller.abort(reason)

        expect(await ended).toBe(reason)
      }
    })
  })
}
