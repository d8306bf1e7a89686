import { describe, expect, test } from 'vitest'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import type { DriverFixture } from './driver-fixture.ts'
import { until } from '../../support/clocks/until.ts'
import { codeOf, type DriverSession } from './driver-session.ts'

type Open = () => Promise<
  DriverSession & { readonly fixture: DriverFixture; readonly old: string; readonly bad: string }
>

const HTML = '<!doctype html><title>Sign in</title><p>Please sign in to the proxy.'
const ANSWERS = [
  { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' }, body: '', code: 'REGISTRY_UNAUTHORIZED' },
  { status: 403, headers: {}, body: '', code: 'REGISTRY_FORBIDDEN' },
  { status: 404, headers: {}, body: '', code: 'REGISTRY_NOT_FOUND' },
  { status: 429, headers: { 'retry-after': '30' }, body: '', code: 'REGISTRY_RATE_LIMITED' },
  { status: 500, headers: {}, body: '', code: 'REGISTRY_BROKEN' },
  { status: 503, headers: {}, body: '', code: 'REGISTRY_BROKEN' },
  { status: 200, headers: { 'content-type': 'text/html' }, body: HTML, code: 'REGISTRY_BROKEN' },
] as const

/** To a write, which is not carried out. */
const WRITE_ANSWERS = [
  { status: 403, code: 'REGISTRY_FORBIDDEN' },
  { status: 429, code: 'REGISTRY_RATE_LIMITED' },
  { status: 503, code: 'REGISTRY_BROKEN' },
] as const

/** The part of the contract in which the registry, the network or the operator breaks something. */
export function testDriverFailures(name: string, open: Open): void {
  describe(`${name}: the driver contract when things break`, () => {
    test('reports a write whose answer was lost as unreachable, and a read shows that it was applied', async () => {
      const { fixture, old, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      fixture.proxy.inject({ kind: 'lost-answer', ...fixture.write, times: 1 })

      const code = await codeOf(session.execute(draft.actions, before.pointer))

      expect(code).toBe('REGISTRY_UNREACHABLE')
      expect(session.writes()).toHaveLength(1)
      const found = await session.inspect()
      const rest = session.plan(found)
      await session.execute(rest?.actions ?? [], found.pointer)
      expect(session.writes().length).toBeLessThanOrEqual(draft.actions.length)
      expect((await session.inspect()).pointer).toEqual(draft.want)
      expect(await fixture.world.servedVersion()).toBe(old)
    })

    test('reports a write that never arrived as unreachable, and a read shows that nothing changed', async () => {
      const { fixture, old, bad, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      fixture.proxy.inject({ kind: 'reset', ...fixture.write, times: 1 })

      const code = await codeOf(session.execute(draft.actions, before.pointer))

      expect(code).toBe('REGISTRY_UNREACHABLE')
      expect((await session.inspect()).pointer).toEqual(before.pointer)
      expect(await fixture.world.servedVersion()).toBe(bad)
      await session.execute(draft.actions, before.pointer)
      expect(await fixture.world.servedVersion()).toBe(old)
    })

    test('stops at credentials that are refused in the middle, without trying again', async () => {
      const { fixture, bad, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      await fixture.world.revokeAccess()

      const code = await codeOf(session.execute(draft.actions, before.pointer))

      expect(['REGISTRY_UNAUTHORIZED', 'REGISTRY_FORBIDDEN']).toContain(code)
      expect(session.acceptedWriteCount()).toBe(0)
      // One more when the driver fetched a fresh token first; never a third.
      expect(session.writes().length).toBeLessThanOrEqual(2)
      expect(await fixture.world.servedVersion()).toBe(bad)
    })

    test('does not believe an answer: a swallowed write reads back as not done', async () => {
      const { fixture, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      await fixture.world.swallowWrites()

      await codeOf(session.execute(draft.actions, before.pointer))

      const found = await session.inspect()
      expect(found.pointer).toEqual(before.pointer)
      expect(session.plan(found)).toEqual(draft)
    })

    test.each(ANSWERS)('turns the answer $status into $code', async ({ status, headers, body, code }) => {
      const { fixture, ...session } = await open()
      fixture.proxy.inject({ kind: 'status', applied: false, status, headers, body })

      const report = await session.inspect().then(
        () => undefined,
        (error: unknown) => toErrorReport(error),
      )

      expect(report?.code).toBe(code)
      expect(report?.hint).toMatch(/\S/u)
      if (code === 'REGISTRY_RATE_LIMITED' && fixture.limits.tellsRetryAfter) {
        expect(report?.details).toMatchObject({ retryAfterMs: 30_000 })
      }
    })

    test.each(WRITE_ANSWERS)('turns a write that is answered $status into $code, once', async ({ status, code }) => {
      const { fixture, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      fixture.proxy.forget()
      fixture.proxy.inject({ kind: 'status', applied: false, status, ...fixture.write })

      const answered = await codeOf(session.execute(draft.actions, before.pointer))

      expect(answered).toBe(code)
      expect(session.writes()).toHaveLength(1)
      expect((await session.inspect()).pointer).toEqual(before.pointer)
    })

    test('turns a registry that does not answer into a timeout, and a cut connection into unreachable', async () => {
      const { fixture, ...session } = await open()
      const { proxy } = fixture
      proxy.inject({ kind: 'black-hole' })
      const stalled = await codeOf(session.inspect(session.subject, { timeoutMs: 300 }))
      proxy.heal()
      proxy.inject({ kind: 'reset' })
      const cut = await codeOf(session.inspect())
      await proxy.goDown()

      const refused = await codeOf(session.inspect())

      expect([stalled, cut, refused]).toEqual(['REGISTRY_TIMEOUT', 'REGISTRY_UNREACHABLE', 'REGISTRY_UNREACHABLE'])
    })

    test('stops when it is aborted, reading or writing', async () => {
      const { fixture, ...session } = await open()
      const before = await session.inspect()
      const draft = session.draft(before)
      fixture.proxy.inject({ kind: 'black-hole' })
      const attempts = [
        (signal: AbortSignal) => session.inspect(session.subject, { signal }),
        (signal: AbortSignal) => session.execute(draft.actions, before.pointer, { signal }),
      ]

      for (const attempt of attempts) {
        fixture.proxy.forget()
        const controller = new AbortController()
        const ended = attempt(controller.signal).then(
          () => 'resolved',
          () => 'rejected',
        )
        await until('the first request', () => fixture.proxy.requests.length > 0)
        const abortedAtMs = performance.now()
        controller.abort(new Error('the operator stopped it'))

        expect(await ended).toBe('rejected')
        expect(performance.now() - abortedAtMs).toBeLessThan(5000)
      }
    })
  })
}
