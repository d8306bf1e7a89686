import { isUtf8 } from 'node:buffer'
import type { Stamped } from '../events/events.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { CHAIN_START, hidesRecord, parseJournalLine } from './journal-line.ts'

export interface JournalContent {
  readonly events: readonly Stamped[]
  /** `h` of the last good record. */
  readonly hash: string
  /** Bytes up to the end of the last good record; what follows is a torn append that nobody was told of. */
  readonly goodBytes: number
}

/**
 * Verifies the chain, the sequence and the run. A bad end of the file is left out; a bad record with anything behind
 * it is damage. Pure.
 * @throws JOURNAL_CORRUPT with `file:line`
 */
export function readJournal(bytes: Uint8Array, run: string, file: string): JournalContent {
  const events: Stamped[] = []
  let hash = CHAIN_START
  let goodBytes = 0
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LINE_BREAK, start)
    const record = bytes.subarray(start, end === -1 ? bytes.length : end)
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(record)
    // Bytes that are no text all decode to the same character, and a changed one could hide among them.
    const line = end === -1 || !isUtf8(record) ? undefined : parseJournalLine(text, hash)
    if (!line) {
      const isLast = end === -1 || end === bytes.length - 1
      if (isLast && !hidesRecord(text, hash)) break
      throw corrupt(file, events.length + 1, 'the record does not follow from the one before it')
    }
    if (line.event.seq !== events.length + 1 || line.event.run !== run) {
      throw corrupt(file, events.length + 1, 'the record belongs to another place or another run')
    }
    events.push(line.event)
    hash = line.hash
    start = end + 1
    goodBytes = start
  }
  return { events, hash, goodBytes }
}

const LINE_BREAK = 0x0a

function corrupt(file: string, line: number, reason: string): BagboyError {
  return new BagboyError('JOURNAL_CORRUPT', `${file}:${line}: ${reason}`, {
    hint: `Keep the file as it is, and put back a copy of it from a backup; the ${line - 1} records before are good.`,
    details: { file, line },
  })
}
