import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { startHeartbeat } from '../../../src/lock/heartbeat.ts'
import { steppedClock } from '../../support/clocks/stepped-clock.ts'

test('a lock beats once an interval, and not before', async () => {
  const clock = steppedClock()
  let beats = 0
  const heartbeat = startHeartbeat(clock, 1000, async () => void (beats += 1))
  const counts: number[] = []
  for (const ms of [999, 1, 999, 1, 1000]) {
    await clock.pass(ms)
    await nextTurn()
    counts.push(beats)
  }
  await heartbeat.stop()

  expect(counts).toEqual([0, 1, 1, 2, 3])
})

test('stop waits for the beat in flight, and no beat follows it', async () => {
  const clock = steppedClock()
  const { promise, resolve } = Promise.withResolvers<undefined>()
  let begun = 0
  const heartbeat = startHeartbeat(clock, 1000, () => {
    begun += 1
    return promise
  })
  await clock.pass(1000)
  let isStopped = false
  const stopped = heartbeat.stop().then(() => (isStopped = true))
  await nextTurn()
  expect([begun, isStopped]).toEqual([1, false])

  resolve(undefined)
  await stopped
  await clock.pass(10_000)

  expect([begun, isStopped, clock.sleeperCount()]).toEqual([1, true, 0])
})

test('a beat that could not be written is remembered until one can', async () => {
  const clock = steppedClock()
  const lost = new BagboyError('LOCK_UNSURE', 'the answer was lost')
  const answers: (Error | undefined)[] = [lost, undefined, lost]
  const heartbeat = startHeartbeat(clock, 1000, async () => {
    const answer = answers.shift()
    if (answer) throw answer
  })
  const failures: unknown[] = []
  for (let beat = 0; beat < 3; beat += 1) {
    await clock.pass(1000)
    await nextTurn()
    failures.push(heartbeat.failure())
  }
  await heartbeat.stop()

  expect(failures).toEqual([lost, undefined, lost])
})

test('a heartbeat that breaks says so, instead of going on in silence', async () => {
  const clock = steppedClock()
  const heartbeat = startHeartbeat(clock, 1000, () => Promise.reject(new TypeError('a bug')))
  await clock.pass(1000)
  await nextTurn()

  expect(heartbeat.failure()).toMatchObject({ code: 'BUG' })
  await heartbeat.stop()
})
