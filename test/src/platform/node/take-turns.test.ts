import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { takeTurns } from '../../../../src/platform/node/take-turns.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

test('no more work than the limit runs at a time, in the order in which it was asked for', async () => {
  const turn = takeTurns(3)
  let running = 0
  let most = 0
  const order: number[] = []

  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      turn(async () => {
        order.push(index)
        running += 1
        most = Math.max(most, running)
        await Promise.resolve()
        running -= 1
        // What fails gives its place on as well.
        if (index % 4 === 0) throw new Error(String(index))
        return index
      }),
    ),
  )

  expect(most).toBe(3)
  expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index))
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(5)
})

test('an abort ends the wait for a turn, and takes no place from others', async () => {
  const turn = takeTurns(1)
  const first = Promise.withResolvers<void>()
  const abort = new AbortController()
  const running = turn(() => first.promise)
  const left = turn(() => Promise.resolve('left'), abort.signal)
  const last = turn(() => Promise.resolve('last'), new AbortController().signal)

  abort.abort(new Error('no more'))

  await expect(left).rejects.toThrow('no more')
  await expect(turn(() => Promise.resolve(), abort.signal)).rejects.toThrow('no more')
  first.resolve()
  await running
  expect(await last).toBe('last')
  expect(await turn(() => Promise.resolve('again'))).toBe('again')
})

test.skipIf(process.platform === 'win32')('300 files are read and written where a process may have 64 open', () => {
  const folder = temporaryFolder('many-files')
  for (let index = 0; index < 300; index += 1) writeFileSync(join(folder, `${index}`), 'text')

  const script = fileURLToPath(new URL('../../../support/processes/read-many.ts', import.meta.url))
  const limited = ['-c', 'ulimit -n 64; exec "$0" "$1" "$2"', process.execPath, script, folder]
  const whole = execFileSync('sh', limited, { encoding: 'utf8' })

  expect(whole).toBe('300')
  expect(readdirSync(folder)).toHaveLength(600)
})
