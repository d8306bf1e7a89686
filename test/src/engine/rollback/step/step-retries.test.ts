import { expect, test } from 'vitest'
import { createNodePlatform } from '../../../../../src/platform/node/create-platform.ts'
import { aRequest, collect, createEngineFixture, defaultApprover } from '../../../../support/engine/engine-fixture.ts'
import { RETRY_AFTER_MS, type WriteFault } from '../../../../support/registries/memory-driver.ts'

/** A rollback of one registry; which waits it announced, and which of those it slept. */
async function waitsOf(faults: readonly WriteFault[]) {
  const real = createNodePlatform()
  const slept: number[] = []
  const clock: typeof real.clock = {
    ...real.clock,
    sleep: (ms, signal, options) => {
      if (options?.isBackground !== true) slept.push(ms)
      return real.clock.sleep(options?.isBackground === true ? ms : Math.min(ms, 1), signal, options)
    },
  }
  const { engine, world } = await createEngineFixture({
    registries: ['one'],
    platform: { ...real, clock },
    config: { retry: { attempts: 4, backoffMs: 1111, maxBackoffMs: 3333, jitter: false } },
  })
  world.registry('one').faults.push(...faults)
  const handle = engine.run(await engine.plan(aRequest('v1.2.0')), defaultApprover)
  const events = await collect(handle)
  const { result } = await handle.result
  const announced = events.flatMap((event) => (event.type === 'step.retrying' ? [event.delayMs] : []))
  return { announced, slept: slept.filter((ms) => ms >= 1111), result }
}

test('a registry that asks for time gets exactly that, before the next try', async () => {
  expect(await waitsOf(['limited'])).toEqual({
    announced: [RETRY_AFTER_MS],
    slept: [RETRY_AFTER_MS],
    result: 'complete',
  })
})

test('a registry that does not take a write is given twice the time before each further try, up to the limit', async () => {
  const { announced, slept } = await waitsOf(['not-applied', 'not-applied', 'not-applied'])

  expect(announced).toEqual([1111, 2222, 3333])
  expect(slept).toEqual(announced)
})

test('a refused write is not tried again', async () => {
  expect(await waitsOf(['forbidden'])).toMatchObject({ announced: [], slept: [] })
})
