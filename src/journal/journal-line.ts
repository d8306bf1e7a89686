import { createHash } from 'node:crypto'
import type { Stamped } from '../events/events.ts'
import type { JournalRecord } from './journal.ts'

/** What the first record of a journal is chained to. */
export const CHAIN_START = ''

const HASH_FIELD = /,"h":"([0-9a-f]{64})"\}/gu
const HASH_FIELD_LENGTH = ',"h":"'.length + 64 + '"}'.length

export interface JournalLine<Event extends JournalRecord = Stamped> {
  readonly event: Event
  readonly hash: string
}

/**
 * One record, without its line break. The last field `h` is sha256(previous `h` + the record without `h`), so that
 * every byte of the journal counts.
 */
export function formatJournalLine(event: JournalRecord, previousHash: string): { text: string; hash: string } {
  const body = JSON.stringify(event)
  const hash = sha256(previousHash + body)
  return { text: `${body.slice(0, -1)},"h":"${hash}"}`, hash }
}

/** `undefined` when the text is not the record that follows `previousHash`, byte for byte. */
export function parseJournalLine<Event extends JournalRecord = Stamped>(
  text: string,
  previousHash: string,
): JournalLine<Event> | undefined {
  const hash = [...text.matchAll(HASH_FIELD)].at(-1)?.[1]
  if (hash === undefined) return undefined
  const body = `${text.slice(0, -HASH_FIELD_LENGTH)}}`
  if (!text.endsWith(`,"h":"${hash}"}`) || sha256(previousHash + body) !== hash) return undefined
  return { event: JSON.parse(body) as Event, hash }
}

/**
 * Whether a line that is no record begins with one. A torn append never does, so something has changed the line break
 * behind it. Bytes that were never written read as NUL.
 */
export function hidesRecord(text: string, previousHash: string): boolean {
  return [...text.matchAll(HASH_FIELD)].some(({ index }) => {
    const end = index + HASH_FIELD_LENGTH
    const isRecord = parseJournalLine(text.slice(0, end), previousHash) !== undefined
    return isRecord && /[^\0]/u.test(text.slice(end))
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
