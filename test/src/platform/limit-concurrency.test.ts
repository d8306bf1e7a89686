import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { limitConcurrency, mapConcurrently } from '../../../src/platform/limit-concurrency.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('at most as much work as the limit runs at a time, in the order of the calls', async () => {
  const limit = limitConcurrency(3)
  let running = 0
  let most = 0
  const order: number[] = []

  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      limit(async () => {
        order.push(index)
        running += 1
        most = Math.max(most, running)
        await Promise.resolve()
        running -= 1
        // Failed work frees its place, too.
        if (index % 4 === 0) throw new Error(String(index))
        return index
      }),
    ),
  )

  expect(most).toBe(3)
  expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index))
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(5)
})

test('an abort ends the wait and takes no place from others', async () => {
  const limit = limitConcurrency(1)
  const first = Promise.withResolvers<void>()
  const abort = new AbortController()
  const running = limit(() => first.promise)
  const left = limit(() => Promise.resolve('left'), abort.signal)
  const last = limit(() => Promise.resolve('last'), new AbortController().signal)

  abort.abort(new Error('no more'))

  await expect(left).rejects.toThrow('no more')
  await expect(limit(() => Promise.resolve(), abort.signal)).rejects.toThrow('no more')
  first.resolve()
  await running
  expect(await last).toBe('last')
  expect(await limit(() => Promise.resolve('again'))).toBe('again')
})

test('an abort leaves running work its place and its own result', async () => {
  const limit = limitConcurrency(1)
  const first = Promise.withResolvers<string>()
  const abort = new AbortController()
  let isSecondRunning = false
  const running = limit(() => first.promise, abort.signal)
  const second = limit(async () => {
    isSecondRunning = true
  })

  abort.abort(new Error('no more'))
  await new Promise((resolve) => setImmediate(resolve))

  expect(isSecondRunning).toBe(false)
  first.resolve('the result')
  expect(await running).toBe('the result')
  await second
  expect(isSecondRunning).toBe(true)
})

test('results stand in the order of the items, whichever is ready first', async () => {
  const ready = [3, 1, 2].map(() => Promise.withResolvers<void>())
  const results = mapConcurrently([0, 1, 2], 2, async (index) => {
    await ready[index]?.promise
    return `result ${index}`
  })

  for (const { resolve } of ready.toReversed()) resolve()

  expect(await results).toEqual(['result 0', 'result 1', 'result 2'])
})

test.skipIf(process.platform === 'win32')('300 files are read and written where a process may have 64 open', () => {
  const folder = temporaryFolder('many-files')
  for (let index = 0; index < 300; index += 1) writeFileSync(join(folder, `${index}`), 'text')

  const script = fileURLToPath(new URL('../../support/processes/read-many.ts', import.meta.url))
  const limited = ['-c', 'ulimit -n 64; exec "$0" "$1" "$2"', process.execPath, script, folder]
  const whole = execFileSync('sh', limited, { encoding: 'utf8' })

  expect(whole).toBe('300')
  expect(readdirSync(folder)).toHaveLength(600)
})
