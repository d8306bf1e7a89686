import { expect, test } from 'vitest'
import type { Config } from '../../../../src/config/config.ts'
import { createLateRequests } from '../../../../src/engine/rollback/step/late-requests.ts'
import type { Stamped } from '../../../../src/events/events.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'
import { eagerPlatform } from '../../../support/clocks/eager-platform.ts'
import { createMemoryWorld, type WriteFault } from '../../../support/registries/memory-driver.ts'
import { isExhaustive } from '../../../support/effort.ts'

/** Of a request, in these tests. */
const TIMEOUT_MS = 30_000

/** 300 with BAGBOY_CHAOS=all. */
const LATE_DELIVERIES = isExhaustive ? 300 : 30
const ONE_ATTEMPT = { attempts: 1, backoffMs: 1, maxBackoffMs: 5, jitter: false }

async function aFixture(rollback: Partial<Config['rollback']> = {}) {
  const platform = eagerPlatform()
  const world = createMemoryWorld('v1.3.0', platform.clock)
  const config = { timeoutMs: 600_000, requestTimeoutMs: TIMEOUT_MS, ...rollback }
  const registries = ['one', 'two']
  const fixture = await createEngineFixture({ platform, world, registries, config, folder: '/project' })
  return { ...fixture, clock: platform.clock }
}

/** Given up after a whole time-out and applied almost another one later. */
const LATE: WriteFault = { waitMs: TIMEOUT_MS, lateMs: TIMEOUT_MS - 1000 }

test('a run whose writes were all answered does not wait', async () => {
  const { engine, clock } = await aFixture()
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)

  const events = await collect(handle)

  expect((await handle.result).result).toBe('complete')
  expect(events.map(({ type }) => type)).not.toContain('run.settling')
  expect(clock.elapsedMs()).toBe(0)
})

test('after a write that nobody answered every registry is read again when no request can arrive any more', async () => {
  const { engine, world, clock } = await aFixture()
  world.registry('two').faults.push('lost-answer')
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)

  const events = await collect(handle)

  expect(events.map(({ type }) => type).filter((type) => type === 'run.settling' || type === 'sweep.finished')).toEqual(
    ['sweep.finished', 'run.settling', 'sweep.finished'],
  )
  expect(clock.elapsedMs()).toBeGreaterThanOrEqual(TIMEOUT_MS)
  expect((await handle.result).result).toBe('complete')
})

test('a late request that moves a pointer after it was taken back is found, and resume takes it back again', async () => {
  const { engine, world } = await aFixture({ onPartialFailure: 'undo', retry: ONE_ATTEMPT })
  world.registry('two').faults.push(LATE)
  const plan = await engine.plan(aRequest('v1.2.0'))

  const outcome = await engine.run(plan, defaultApprover).result

  expect(world.registry('two').writes).toEqual(['latest=v1.3.0', 'stable=v1.3.0', 'latest=v1.2.0'])
  expect(outcome).toMatchObject({ result: 'partial', exitCode: 6 })
  expect(outcome.view.steps.map(({ status }) => status)).toEqual(['undone', 'failed'])
  expect(outcome.view.steps[1]?.error?.code).toBe('READBACK_DISAGREES')

  const resumed = await engine.resume(plan.id, defaultApprover).result

  expect(resumed).toMatchObject({ result: 'undone', exitCode: 0 })
  expect(world.registry('two').tags).toEqual({ latest: 'v1.3.0', stable: 'v1.3.0' })
})

test('a request of a process that is gone is waited for as well', async () => {
  const fixture = await aFixture({ retry: ONE_ATTEMPT })
  const { engine, world, clock, journals } = fixture
  world.registry('one').faults.push(LATE)
  const plan = await engine.plan(aRequest('v1.2.0'))
  await engine.run(plan, defaultApprover).result
  const leftMs = clock.elapsedMs()
  // As if the process had died while the request was on its way.
  const past = await journals.read(plan.id)
  const sent = past.findIndex(({ type }) => type === 'step.answered')

  const late = createLateRequests({ clock, requestTimeoutMs: TIMEOUT_MS, past: past.slice(0, sent) })

  expect(leftMs).toBe(2 * TIMEOUT_MS)
  expect(late.remainingMs()).toBe(0)
  const early = { now: () => past[sent - 1]?.at ?? '', elapsedMs: () => 0 }
  const soon = createLateRequests({ clock: early, requestTimeoutMs: TIMEOUT_MS, past: past.slice(0, sent) })
  expect(soon.remainingMs()).toBe(2 * TIMEOUT_MS)
})

test.each([-3, 3])(
  'a wall clock that is set %i years off makes the wait neither endless nor shorter than none',
  (years) => {
    const clock = { now: () => new Date(Date.UTC(2026 + years, 0)).toISOString(), elapsedMs: () => 5 }
    const sending: Stamped = {
      type: 'step.progress',
      step: 'one',
      status: 'executing',
      done: 0,
      total: 3,
      label: '',
      run: 'R',
      seq: 1,
      at: '2026-01-01T00:00:00.000Z',
    }

    const late = createLateRequests({ clock, requestTimeoutMs: TIMEOUT_MS, past: [sending] })

    expect(late.remainingMs()).toBe(years < 0 ? 2 * TIMEOUT_MS : 0)
  },
)

test(
  'requests that are late by up to twice their time are found, whatever they move',
  { timeout: 60_000 },
  async () => {
    let foundCount = 0
    for (let delay = 1; delay <= LATE_DELIVERIES; delay += 1) {
      const { engine, world } = await aFixture({ onPartialFailure: 'undo', retry: ONE_ATTEMPT })
      const lateMs = Math.round((TIMEOUT_MS * delay) / LATE_DELIVERIES) - 1
      world.registry('two').faults.push({ waitMs: delay % 2 === 0 ? TIMEOUT_MS : 1, lateMs })

      const outcome = await engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover).result

      const isRight = world.registry('two').tags.latest === 'v1.3.0'
      expect(outcome.result, `late by ${lateMs} ms`).toBe(isRight ? 'undone' : 'partial')
      foundCount += isRight ? 0 : 1
    }
    expect(foundCount).toBeGreaterThan(LATE_DELIVERIES / 2)
  },
)
