import { expect, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import type { JournalRecord } from '../../../src/journal/journal.ts'
import { createEventStream } from '../../../src/operation/event-stream.ts'
import { createRecorder } from '../../../src/operation/recorder.ts'
import { knownSecrets } from '../../support/builders/known-secrets.ts'
import { steppedClock } from '../../support/clocks/stepped-clock.ts'

type Noted = { readonly text: string }
type Stamped = Noted & JournalRecord

const RUN = '01JDXA7Q2M3N4P5R6S7T8V9W0X'
const AT = '2026-02-01T20:02:11.000Z'
const stamped = (seq: number, text: string): Stamped => ({ text, run: RUN, seq, at: AT })

/** Its view is every text so far, in order. */
function aRecorder({ past = [], failsAt = 0 }: { readonly past?: readonly Stamped[]; readonly failsAt?: number } = {}) {
  const written: Stamped[] = []
  const lock: { loss: BagboyError | undefined } = { loss: undefined }
  const stream = createEventStream<Stamped>()
  const recorder = createRecorder<Noted, string>(
    {
      run: RUN,
      journal: {
        part: 2,
        async append(event) {
          if (event.seq === failsAt) throw new BagboyError('DISK', 'no space left')
          written.push(event)
        },
        close: () => Promise.resolve(),
      },
      stream,
      platform: { clock: steppedClock(AT), secrets: knownSecrets() },
      lock: { loss: () => lock.loss },
      past,
    },
    (view = '', { text }) => `${view}${text}`,
  )
  return { recorder, written, lock, stream }
}

test('events are stamped, written in order, folded, and shown once they are written', async () => {
  const { recorder, written, stream } = aRecorder()

  await Promise.all([recorder.emit({ text: 'a' }), recorder.emit({ text: 'b' })])
  stream.end()

  const shown: Stamped[] = []
  for await (const event of stream) shown.push(event)
  expect(written).toEqual([stamped(1, 'a'), stamped(2, 'b')])
  expect(shown).toEqual(written)
  expect([recorder.view, recorder.part]).toEqual(['ab', 2])
})

test('an event that depends on the view is made when it is its turn', async () => {
  const { recorder } = aRecorder()

  await Promise.all([recorder.emit({ text: 'a' }), recorder.emitNext(() => ({ text: `(${recorder.view})` }))])

  expect(recorder.view).toBe('a(a)')
})

test('a resumed operation shows its past first and counts on from it', async () => {
  const { recorder, written, stream } = aRecorder({ past: [stamped(1, 'a'), stamped(2, 'b')] })
  expect(recorder.view).toBe('ab')

  await recorder.emit({ text: 'c' })
  stream.end()

  const shown: Stamped[] = []
  for await (const event of stream) shown.push(event)
  expect(written).toEqual([stamped(3, 'c')])
  expect(shown.map(({ seq }) => seq)).toEqual([1, 2, 3])
})

test('after a write that fails nothing more is recorded', async () => {
  const { recorder, written } = aRecorder({ failsAt: 2 })
  await recorder.emit({ text: 'a' })

  await expect(recorder.emit({ text: 'b' })).rejects.toMatchObject({ code: 'DISK' })
  await expect(recorder.emit({ text: 'c' })).rejects.toMatchObject({ code: 'DISK' })

  expect([written, recorder.view]).toEqual([[stamped(1, 'a')], 'a'])
})

test('once the lock is lost nothing is recorded', async () => {
  const { recorder, written, lock } = aRecorder()
  lock.loss = new BagboyError('LOCK_LOST', 'taken over')

  await expect(recorder.emit({ text: 'a' })).rejects.toMatchObject({ code: 'LOCK_LOST' })

  expect(written).toEqual([])
  expect(() => recorder.view).toThrow('does not begin with its start')
})
