import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { InputPort } from '../../../components/terminal/input-port.ts'
import { splitKeys } from '../../../components/terminal/split-keys.ts'
import { until } from '../../support/harness/terminal.tsx'

/** Reads like Ink: everything there is, whenever something is announced. */
function aReader(): { readonly source: EventEmitter; readonly keys: string[]; readonly turns: number[] } {
  const source = new EventEmitter()
  const port = new InputPort(source)
  const keys: string[] = []
  const turns: number[] = []
  port.on('readable', () => {
    let count = 0
    for (let key = port.read(); key !== null; key = port.read()) {
      keys.push(key)
      count += 1
    }
    turns.push(count)
  })
  port.setRawMode(true)
  return { source, keys, turns }
}

test('a thousand keys in chunks of any size arrive in order, one a turn', async () => {
  const { source, keys, turns } = aReader()
  const pool = ['j', '\u001B[A', '\u001B[6~', 'é', '\r', '\u001BOB', 'X', '\u0004', '日']
  const sent = Array.from({ length: 1000 }, (_, index) => pool[(index * 7 + (index >> 3)) % pool.length] ?? 'j')
  const bytes = Buffer.from(sent.join(''), 'utf8')

  for (let at = 0, size = 1; at < bytes.length; at += size, size = ((size * 5) % 13) + 1) {
    source.emit('data', bytes.subarray(at, at + size))
  }
  await until(
    () => keys.length === sent.length,
    () => `${keys.length} of ${sent.length} keys arrived`,
  )

  expect(keys).toEqual(sent)
  expect(Math.max(...turns)).toBe(1)
})

test('a lone escape is a key once nothing follows it', async () => {
  const { source, keys } = aReader()

  source.emit('data', '\u001B')
  await until(
    () => keys.length === 1,
    () => 'the escape key did not arrive',
  )

  expect(keys).toEqual(['\u001B'])
})

test('an arrow that is cut by the line is one key', async () => {
  const { source, keys } = aReader()

  source.emit('data', '\u001B')
  source.emit('data', '[A')
  await until(
    () => keys.length > 0,
    () => 'the arrow did not arrive',
  )

  expect(keys).toEqual(['\u001B[A'])
})

test('keys that come while nobody reads wait for the next reader', async () => {
  const source = new EventEmitter()
  const port = new InputPort(source)
  port.setRawMode(true)
  source.emit('data', 'ab')
  const keys: (string | null)[] = []

  port.on('readable', () => keys.push(port.read()))
  await until(
    () => keys.length === 2,
    () => 'the keys were lost',
  )

  expect(keys).toEqual(['a', 'b'])
})

test('a paste stays whole, whatever is in it', () => {
  const paste = '\u001B[200~qqq\rX\u001B[A\u001B[201~'

  expect(splitKeys(`j${paste}k`)).toEqual({ keys: ['j', paste, 'k'], pending: '' })
  expect(splitKeys('\u001B[200~half').pending).toBe('\u001B[200~half')
})

test.each([
  ['a mouse report', '\u001B[<0;10;5M'],
  ['an X10 mouse report', '\u001B[M !!'],
  ['focus in and out', '\u001B[I\u001B[O'],
  ['a cursor position', '\u001B[12;40R'],
  ['device attributes', '\u001B[?62;4c'],
  ['a colour reply', '\u001B]11;rgb:0000/0000/0000\u0007'],
  ['a version reply', '\u001BP>|tmux 3.3a\u001B\\'],
])('%s is swallowed', (_name, bytes) => {
  expect(splitKeys(`a${bytes}b`).keys).toEqual(['a', 'b'])
})
