import { BagboyError } from '../errors/bagboy-error.ts'
import type { Files } from '../platform/platform.ts'
import { formatJournalLine, type JournalLine, type SignHash } from './journal-line.ts'
import type { Journal, JournalRecord } from './journal.ts'
import { hashOf } from './read-journal.ts'

interface OpenPart {
  readonly path: string
  readonly run: string
  readonly part: number
  readonly signHash: SignHash
}

/** A part that goes on behind `past`. Appends are written in the order in which they were asked for. */
export async function openJournal<Event extends JournalRecord>(
  files: Files,
  { path, run, part, signHash }: OpenPart,
  past: readonly JournalLine<Event>[],
): Promise<Journal<Event>> {
  const file = await files.openAppend(path)
  let seq = past.length
  let hash = hashOf(past)
  let last: Promise<void> = Promise.resolve()
  return {
    part,
    append(event) {
      if (event.run !== run || event.seq !== seq + 1) {
        return Promise.reject(
          new BagboyError('BUG', `record ${event.seq} of run ${event.run} cannot follow record ${seq} of run ${run}`),
        )
      }
      const line = formatJournalLine(event, hash, signHash)
      seq = event.seq
      hash = line.hash
      // Behind one that failed every other fails too: a record must never be durable before its predecessor.
      last = last.then(() => file.append(new TextEncoder().encode(`${line.text}\n`)))
      return last
    },
    async close() {
      await last.catch((error: unknown) => {
        // Reported to the process that appended it.
        if (!(error instanceof BagboyError)) throw error
      })
      await file.close()
    },
  }
}
