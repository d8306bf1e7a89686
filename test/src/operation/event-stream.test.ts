import { expect, test } from 'vitest'
import { createEventStream, type EventStream } from '../../../src/operation/event-stream.ts'

interface Numbered {
  readonly seq: number
}

const numbered = (...seqs: readonly number[]): readonly Numbered[] => seqs.map((seq) => ({ seq }))

async function readAll(stream: EventStream<Numbered>): Promise<readonly Numbered[]> {
  const read: Numbered[] = []
  for await (const event of stream) read.push(event)
  return read
}

test('every reader gets every event, also one that comes after the end', async () => {
  const stream = createEventStream<Numbered>()
  const early = readAll(stream)
  for (const event of numbered(1, 2, 3)) stream.push(event)
  stream.end()

  expect(await early).toEqual(numbered(1, 2, 3))
  expect(await readAll(stream)).toEqual(numbered(1, 2, 3))
})

test('a reader that waits gets what is pushed later, and ends only with the stream', async () => {
  const stream = createEventStream<Numbered>()
  const reader = stream[Symbol.asyncIterator]()
  const waiting = reader.next()
  stream.push({ seq: 1 })

  expect(await waiting).toEqual({ done: false, value: { seq: 1 } })
  const ending = reader.next()
  stream.end()
  expect(await ending).toMatchObject({ done: true })
})

test('a stream that keeps the unread drops what was read, and gives each event once', async () => {
  const stream = createEventStream<Numbered>('unread')
  for (const event of numbered(1, 2)) stream.push(event)
  const reader = stream[Symbol.asyncIterator]()

  expect([await reader.next(), await reader.next()].map(({ value }) => value as Numbered)).toEqual(numbered(1, 2))
  stream.push({ seq: 3 })
  stream.end()
  expect(await readAll(stream)).toEqual(numbered(3))
})
