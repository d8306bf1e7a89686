import { describe, expect, onTestFinished, test } from 'vitest'
import { comparePointers } from '../../../src/domain/pointer-differences.ts'
import { sameJson, type Json } from '../../../src/domain/text/json.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { bareVersion } from '../../../src/domain/version.ts'
import { deepFreeze } from './deep-freeze.ts'
import type { CreateDriverFixture, DriverFixture } from './driver-fixture.ts'
import { codeOf, openSession, textOfFailure, type DriverSession } from './driver-session.ts'
import { testDriverFailures } from './driver-failures.ts'

interface Opened extends DriverSession {
  readonly fixture: DriverFixture
  readonly old: string
  readonly bad: string
}

/** What a format has by its nature; where it has not, the promises about it are skipped. */
export interface DriverTraits {
  /** A version is found where no pin was recorded. */
  readonly findsUnpinned: boolean
  /** Something a target needs can be gone, and the registry tells. */
  readonly tellsTargets: boolean
  readonly hasCredentials: boolean
  /** What can break are requests and their answers. */
  readonly speaksHttp: boolean
}

export const REGISTRY: DriverTraits = {
  findsUnpinned: true,
  tellsTargets: true,
  hasCredentials: true,
  speaksHttp: true,
}

/** The promises every driver keeps. `createFixture` is called once a test; what it opens is closed after it. */
export function testDriver(name: string, createFixture: CreateDriverFixture, traits = REGISTRY): void {
  const open = async (): Promise<Opened> => {
    const fixture = await createFixture()
    onTestFinished(() => fixture.close())
    const { old, bad } = fixture.versions
    return { ...openSession(fixture), fixture, old: bareVersion(old.version), bad: bareVersion(bad.version) }
  }

  describe(`${name}: the driver contract`, () => {
    test('moves the pointer to the old version, and a read says so', async () => {
      const { fixture, old, bad, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)

      await session.execute(draft.actions, before.pointer)

      expect(before.serving).toBe(bad)
      expect(before.target.status).toBe('present')
      expect(before.access).not.toBe('denied')
      const after = await session.inspect()
      expect(after.pointer).toEqual(draft.want)
      expect(after.serving).toBe(old)
      expect(await fixture.world.servedVersion()).toBe(old)
    })

    test('plans nothing when the pointer is already there', async () => {
      const { ...session } = await open()
      const before = await session.inspect()
      await session.execute(session.draft(before).actions, before.pointer)

      const planned = session.plan(await session.inspect())

      expect(planned).toBeUndefined()
    })

    test('only reads when it inspects and captures', async () => {
      const { fixture, bad, ...session } = await open()
      fixture.proxy.forget()

      await session.inspect()
      await session.capture(bad)

      expect(fixture.proxy.requests.length).toBeGreaterThan(0)
      expect(session.writes()).toEqual([])
    })

    test('captures the pin of what is served, again and again the same', async () => {
      const { fixture, bad, ...session } = await open()

      const pins = [await session.capture(bad), await session.capture(`v${bad}`)]

      expect(pins).toEqual([fixture.versions.bad.pin, fixture.versions.bad.pin])
    })

    test('a pin stands for the pointer that was served when it was captured, and for no other', async () => {
      const { fixture, bad, ...session } = await open()
      const { driver } = fixture
      if (driver.slots) return
      const { package: ref } = session.subject
      const pin = await session.capture(bad)
      const before = await session.inspect()
      const standsFor = (pointer: Json) =>
        driver.pointerOf?.({ package: ref, pin, pointer, options: session.options }) ?? null

      const there = comparePointers(standsFor(before.pointer), before.pointer)
      await session.execute(session.draft(before).actions, before.pointer)
      const moved = (await session.inspect()).pointer

      expect([there.differences, there.comparedCount > 0]).toEqual([[], true])
      expect(comparePointers(standsFor(moved), moved).differences.length).toBeGreaterThan(0)
    })

    test.runIf(traits.findsUnpinned)('finds the old version when no pin was recorded', async () => {
      const { fixture, old, ...session } = await open()
      const { from, to, package: ref } = session.subject
      const unpinned = { package: ref, from: { ...from, pin: null }, to: { ...to, pin: null } }
      const before = await session.inspect(unpinned)

      await session.execute(session.draft(before, unpinned).actions, before.pointer)

      expect(before.target.status).toBe('present')
      expect(await fixture.world.servedVersion()).toBe(old)
    })

    test('plans without changing what it is given, twice the same, as plain data', async () => {
      const { fixture, ...session } = await open()
      const { subject, options } = session
      const request = deepFreeze({ subject, snapshot: await session.inspect(), options })

      const [first, second] = [fixture.driver.plan(request), fixture.driver.plan(request)]

      expect(first).toBeDefined()
      expect(second).toEqual(first)
      expect(JSON.parse(JSON.stringify(first))).toEqual(first)
    })

    test('tells people what it will do, its effect, and how to do it by hand', async () => {
      const { fixture, ...session } = await open()
      const snapshot = await session.inspect()

      const draft = session.draft(snapshot)

      const texts = [draft.title, ...draft.actions.map(({ title }) => title), ...draft.manual]
      expect([...texts, ...Object.values(fixture.driver.effect)].filter((text) => text.trim() === '')).toEqual([])
      expect(draft.manual.length).toBeGreaterThan(0)
      expect(snapshot.preview.before).not.toBe(snapshot.preview.after)
      expect(draft.undo.length === 0).toBe(draft.reversibility === 'one-way')
    })

    test('does the same when it is done twice', async () => {
      const { fixture, old, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      await session.execute(draft.actions, before.pointer)
      const once = await session.inspect()

      await session.execute(draft.actions, before.pointer)

      const twice = await session.inspect()
      expect(twice.pointer).toEqual(once.pointer)
      expect(twice.revision).toBe(once.revision)
      expect(await fixture.world.servedVersion()).toBe(old)
    })

    test('asks whether it still may right before each write, and writes nothing when it may not', async () => {
      const { fixture, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      const lost = new BagboyError('LOCK_LOST', 'taken over')
      const seen: string[][] = []
      fixture.proxy.forget()

      const refused = await codeOf(
        session.execute(draft.actions, before.pointer, { fence: () => Promise.reject(lost) }),
      )
      const heldUp = await codeOf(
        session.execute(draft.actions, before.pointer, {
          fence: async () => () => {
            throw new BagboyError('LOCK_UNSURE', 'held up')
          },
        }),
      )
      const refusedWrites = session.writes()
      await session.execute(draft.actions, before.pointer, {
        fence: async () => {
          seen.push([...session.writes()])
          return () => undefined
        },
      })

      expect([refused, heldUp, refusedWrites]).toEqual(['LOCK_LOST', 'LOCK_UNSURE', []])
      // Some writes are several effects, each asked for.
      const askedBehind = [...new Set(seen.map(({ length }) => length))]
      expect(askedBehind).toEqual(session.writes().map((_, index) => index))
    })

    test('undo restores an equal pointer, whole or after any part of the actions', async () => {
      const { fixture, bad, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)

      for (let doneCount = draft.actions.length; doneCount >= 0; doneCount -= 1) {
        await session.execute(draft.actions.slice(0, doneCount), before.pointer)
        await session.execute(draft.undo, draft.want)

        expect((await session.inspect()).pointer, `after ${doneCount} actions`).toEqual(before.pointer)
      }
      expect(await fixture.world.servedVersion()).toBe(bad)
    })

    test('is finished by a fresh plan after it stopped between any two actions', async () => {
      const { fixture, old, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)

      for (let doneCount = 0; doneCount < draft.actions.length; doneCount += 1) {
        await session.execute(draft.actions.slice(0, doneCount), before.pointer)
        const found = await session.inspect()
        await session.execute(session.draft(found).actions, found.pointer)

        expect((await session.inspect()).pointer, `after ${doneCount} actions`).toEqual(draft.want)
        expect(await fixture.world.servedVersion()).toBe(old)
        await session.execute(draft.undo, draft.want)
      }
    })

    test('sees that the pointer was moved from outside, and overwrites nothing where the registry can compare', async () => {
      const { fixture, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      await fixture.world.moveElsewhere()

      const found = await session.inspect()

      expect(sameJson(found.pointer, before.pointer)).toBe(false)
      expect(sameJson(found.pointer, draft.want)).toBe(false)
      if (!fixture.limits.comparesAndSwaps) return
      expect(await codeOf(session.execute(draft.actions, before.pointer))).toBe('REGISTRY_CONFLICT')
      expect((await session.inspect()).pointer).toEqual(found.pointer)
    })

    test.runIf(traits.tellsTargets)('says what is missing of an incomplete target, and what helps', async () => {
      const { fixture, ...session } = await open()
      await fixture.world.breakTarget()

      const { target } = await session.inspect()

      const text = expect.stringMatching(/\S/u) as string
      expect(target).toMatchObject({ status: fixture.lostTarget ?? 'missing', detail: text, remedy: text })
    })

    test.runIf(traits.hasCredentials)('shows no credential in anything it hands out', async () => {
      const { fixture, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      await session.execute(draft.actions, before.pointer)
      await fixture.world.revokeAccess()
      const echo = Object.values(fixture.secrets).join(' ')
      const failures = [await textOfFailure(session.execute(draft.actions, before.pointer))]
      fixture.proxy.heal()
      fixture.proxy.inject({ kind: 'status', applied: false, status: 403, body: `go away, ${echo}` })
      failures.push(await textOfFailure(session.inspect()))

      const shown = JSON.stringify([before, draft, failures, fixture.proxy.requests.map(({ path }) => path)])

      expect(fixture.secrets.length).toBeGreaterThan(0)
      expect(fixture.secrets.filter((secret) => shown.includes(secret))).toEqual([])
    })
  })

  if (traits.speaksHttp) testDriverFailures(name, open)
}
