import { describe, expect, onTestFinished, test } from 'vitest'
import {
  allTo,
  sameSplit,
  SLOTS,
  splitText,
  type PerSlot,
  type TrafficSplit,
} from '../../../src/domain/traffic/traffic.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { codeOf, textOfFailure } from '../registries/driver-session.ts'
import { testTrafficFailures } from './traffic-failures.ts'
import type { CreateTrafficFixture, TrafficFixture, TrafficLimits } from './traffic-fixture.ts'
import { openTrafficSession, type TrafficSession } from './traffic-session.ts'

export interface OpenedTraffic extends TrafficSession {
  readonly fixture: TrafficFixture
}

/** Requests counted at a time; a share may be off by this many of them. */
const COUNT = 100
const TOLERANCE = 12

/** The promises every provider keeps. `createFixture` is called once a test; what it opens is closed after it. */
export function testTraffic(name: string, limits: TrafficLimits, createFixture: CreateTrafficFixture): void {
  const open = async (): Promise<OpenedTraffic> => {
    const fixture = await createFixture()
    onTestFinished(() => fixture.close())
    return { ...openTrafficSession(fixture, limits), fixture }
  }

  describe(`${name}: the traffic contract`, () => {
    test('reads what the balancer does, and changes nothing by reading', async () => {
      const { fixture, read } = await open()

      const snapshot = await read()

      expect(snapshot).toMatchObject({ split: { blue: 100, green: 0 }, isApplied: true })
      expect(snapshot.weights.blue).toBeGreaterThan(0)
      expect(snapshot.weights.green).toBe(0)
      expect(snapshot.revision).toMatch(/\S/u)
      expect(limits.tellsStates ? ['up'] : ['up', 'unknown']).toContain(snapshot.states.blue)
      expect(await fixture.world.served(COUNT)).toEqual({ blue: COUNT, green: 0 })
      expect(fixture.world.writes()).toEqual([])
      expect((await read()).revision).toBe(snapshot.revision)
    })

    test('writes a split, reads it back, and users get it', async () => {
      const { fixture, move } = await open()

      for (const split of fixture.splits) {
        const { status, after, error } = await move(split)

        expect({ status, split: after.split, error }, splitText(split)).toEqual({ status: 'moved', split, error: null })
        expectShare(await fixture.world.served(COUNT), split)
      }
      expect(fixture.splits.length).toBeGreaterThan(1)
    })

    test('does nothing more when it is done twice, on the revision that was read before the first', async () => {
      const { fixture, read, write, settle } = await open()
      const [split = allTo('green')] = fixture.splits
      const before = await read()
      await write(split, before.revision)
      const once = await settle()
      const writes = [...fixture.world.writes()]

      await write(split, before.revision)

      const twice = await settle()
      expect(once.split).toEqual(split)
      expect(twice).toMatchObject({ split, revision: once.revision })
      expect(writes.length).toBeGreaterThan(0)
      expect(fixture.world.writes()).toEqual(writes)
    })

    test('says that a move was not needed', async () => {
      const { fixture, move } = await open()

      const outcome = await move(allTo('blue'))

      expect(outcome).toMatchObject({ status: 'already', error: null })
      expect(fixture.world.writes()).toEqual([])
    })

    test('has another revision after every change', async () => {
      const { fixture, read, move } = await open()
      const revisions = [(await read()).revision]

      for (const split of fixture.splits) revisions.push((await move(split)).after.revision)

      const unchanged = revisions.filter((revision, place) => revision === revisions[place - 1])
      expect(revisions.length).toBeGreaterThan(2)
      expect(unchanged).toEqual([])
    })

    test('notices a change by hand and overwrites nothing', async () => {
      const { fixture, read, readByHand, write, move } = await open()
      const before = await read()
      await fixture.world.changeByHand()
      const byHand = await readByHand(before)
      const split = fixture.splits.find((each) => !sameSplit(each, byHand.split)) ?? allTo('blue')

      const codes = [await codeOf(write(split, before.revision)), await codeOf(move(split, before.revision))]

      expect(codes).toEqual(['REGISTRY_CONFLICT', 'REGISTRY_CONFLICT'])
      expect(byHand.revision).not.toBe(before.revision)
      expect(byHand.split).not.toEqual(before.split)
      expect(await read()).toMatchObject({ split: byHand.split, revision: byHand.revision })
      expect(fixture.world.writes()).toEqual([])
    })

    test('goes on from a change by hand once it was read', async () => {
      const { fixture, read, readByHand, move } = await open()
      const before = await read()
      await fixture.world.changeByHand()
      const byHand = await readByHand(before)

      const { after } = await move(allTo('blue'), byHand.revision)

      expect(after.split).toEqual(allTo('blue'))
      expect(await fixture.world.served(COUNT)).toEqual({ blue: COUNT, green: 0 })
    })

    test('asks whether it still may right before each write, and writes nothing when it may not', async () => {
      const { fixture, read, write } = await open()
      const [split = allTo('green')] = fixture.splits
      const lost = new BagboyError('LOCK_LOST', 'taken over')
      const before = await read()

      const refused = await codeOf(write(split, before.revision, { fence: () => Promise.reject(lost) }))
      const heldUp = await codeOf(
        write(split, before.revision, {
          fence: async () => () => {
            throw new BagboyError('LOCK_UNSURE', 'held up')
          },
        }),
      )
      const refusedWrites = [...fixture.world.writes()]
      const seen: number[] = []
      await write(split, before.revision, {
        fence: async () => {
          seen.push(fixture.world.writes().length)
          return () => undefined
        },
      })

      expect([refused, heldUp, refusedWrites]).toEqual(['LOCK_LOST', 'LOCK_UNSURE', []])
      expect(seen.length).toBeGreaterThanOrEqual(fixture.world.writes().length)
      expect(seen[0]).toBe(0)
    })

    test('is finished by another write after it stopped before any of its effects', async () => {
      const { fixture, read, write, move } = await open()
      const split = fixture.splits.at(-1) ?? allTo('green')
      const ended = new BagboyError('LOCK_LOST', 'the process ended here')
      let isWhole = false

      for (let allowedCount = 0; !isWhole; allowedCount += 1) {
        let askedCount = 0
        const { revision } = await read()
        const fence = async () => {
          askedCount += 1
          if (askedCount > allowedCount) throw ended
          return () => undefined
        }
        isWhole = (await codeOf(write(split, revision, { fence }))) === 'resolved'

        expect((await move(split)).after.split, `after ${allowedCount} effects`).toEqual(split)
        expectShare(await fixture.world.served(COUNT), split)
        await move(allTo('blue'))
      }
    })

    test('refuses what is no split', async () => {
      const { fixture, write } = await open()
      const wrong = [
        { blue: 60, green: 60 },
        { blue: -10, green: 110 },
        { blue: 33.3, green: 66.7 },
        { blue: 0, green: 0 },
      ]

      const codes = await Promise.all(wrong.map((split) => codeOf(write(split, null))))

      expect(codes).toEqual(wrong.map(() => 'PLAN_INVALID'))
      expect(fixture.world.writes()).toEqual([])
    })

    test('shows no credential in anything it hands out', async () => {
      const { fixture, read, move } = await open()
      const outcome = await move(fixture.splits[0] ?? allTo('green'))
      const failures = [await textOfFailure(read({ options: await fixture.world.deny() }))]
      await fixture.world.heal()
      await fixture.world.goDown()
      failures.push(await textOfFailure(read()))

      const shown = JSON.stringify([outcome, failures])

      expect(fixture.secrets.filter((secret) => shown.includes(secret))).toEqual([])
    })
  })

  testTrafficFailures(name, limits, open)
}

function expectShare(answers: PerSlot<number>, split: TrafficSplit): void {
  for (const slot of SLOTS) {
    const isWhole = split[slot] === 0 || split[slot] === 100
    expect(Math.abs(answers[slot] - split[slot]), `${slot} of ${splitText(split)}`).toBeLessThanOrEqual(
      isWhole ? 0 : TOLERANCE,
    )
  }
}
