import { expect, test } from 'vitest'
import { createWriteFence } from '../../../../../src/engine/rollback/step/write-fence.ts'
import { BagboyError } from '../../../../../src/errors/bagboy-error.ts'

function fenceAt(ttlMs: number) {
  let nowMs = 0
  const asked: number[] = []
  const fence = createWriteFence({
    clock: { elapsedMs: () => nowMs },
    lock: { assertHeld: () => Promise.resolve(void asked.push(nowMs)) },
    ttlMs,
  })
  return { fence, asked, pass: (ms: number) => void (nowMs += ms) }
}

test('lets a change out right behind the question', async () => {
  const { fence, asked, pass } = fenceAt(60_000)

  const mayGo = await fence()
  pass(900)

  expect(mayGo()).toBe(undefined)
  expect(asked).toEqual([0])
})

test.each([
  [60_000, 1001],
  [300, 151],
])('of a lock with a ttl of %i ms, holds back a change that comes %i ms behind it', async (ttlMs, lateMs) => {
  const { fence, pass } = fenceAt(ttlMs)

  const mayGo = await fence()
  pass(lateMs)

  expect(mayGo).toThrow(expect.objectContaining({ code: 'LOCK_UNSURE' }))
})

test('counts the time the question itself took', async () => {
  let nowMs = 0
  const lock = { assertHeld: () => Promise.resolve(void (nowMs += 2000)) }
  const fence = createWriteFence({ clock: { elapsedMs: () => nowMs }, lock, ttlMs: 60_000 })

  expect(await fence()).toThrow(BagboyError)
})

test('says of a change that was held up while it was sent that it may have gone out', async () => {
  const { fence, pass } = fenceAt(60_000)

  const mayGo = await fence()
  mayGo()
  pass(5000)

  expect(mayGo).toThrow(expect.objectContaining({ code: 'LOCK_UNSURE', details: { wasSent: true } }))
})
