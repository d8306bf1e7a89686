import { createHash } from 'node:crypto'
import { parseJson } from '../domain/text/parse-json.ts'
import type { Stamped } from '../events/events.ts'
import type { JournalRecord } from './journal.ts'
import type { RecordSignature } from './record-signature.ts'

/** What the first record of a journal is chained to. */
export const CHAIN_START = ''

/** Records of 0.9.0 end with their hash; later ones with a signature of it, too, and a check sum of that. */
const TRAILER =
  /,"h":"(?<hash>[0-9a-f]{64})"(?:,"k":"(?<key>[0-9a-f]{16})","s":"(?<value>[\w-]{86})","c":"(?<sum>[0-9a-f]{8})")?\}/gu

export interface JournalLine<Event extends JournalRecord = Stamped> {
  readonly event: Event
  readonly hash: string
  /** `null` in journals of versions that did not sign. */
  readonly signature: RecordSignature | null
  /** The part of the journal that it stands in. */
  readonly part: number
}

/** Signs the hash of a record. */
export type SignHash = (hash: string) => RecordSignature

/**
 * One record, without its line break. `h` is sha256(`h` of the record before + the record without its last fields), `s`
 * the signature of `h` with the key `k`, and `c` a check sum of both, so that every byte of the journal counts.
 */
export function formatJournalLine(
  event: JournalRecord,
  previousHash: string,
  signHash: SignHash,
): { text: string; hash: string } {
  const body = JSON.stringify(event)
  const hash = sha256(previousHash + body)
  const signature = signHash(hash)
  const { key, value } = signature
  return { text: `${body.slice(0, -1)},"h":"${hash}","k":"${key}","s":"${value}","c":"${sumOf(signature)}"}`, hash }
}

/** `undefined` when the text is not the record that follows `previousHash`, byte for byte. Its signature is not checked. */
export function parseJournalLine<Event extends JournalRecord = Stamped>(
  text: string,
  previousHash: string,
  part: number,
): JournalLine<Event> | undefined {
  const trailer = [...text.matchAll(TRAILER)].at(-1)
  const { hash, key, value, sum } = trailer?.groups ?? {}
  if (!trailer || hash === undefined || trailer.index + trailer[0].length !== text.length) return undefined
  const body = `${text.slice(0, trailer.index)}}`
  if (sha256(previousHash + body) !== hash) return undefined
  // Any process can compute a hash: a line with the right hash may still be no record.
  const event = parseJson(body)
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return undefined
  const signature = key === undefined || value === undefined ? null : { key, value }
  if (signature && sumOf(signature) !== sum) return undefined
  return { event: event as Event, hash, signature, part }
}

/**
 * Whether a line that is no record begins with one. A torn append never does, so something has changed the line break
 * behind it. Bytes that were never written read as NUL.
 */
export function hidesRecord(text: string, previousHash: string): boolean {
  return [...text.matchAll(TRAILER)].some(({ index, 0: trailer }) => {
    const end = index + trailer.length
    const isRecord = parseJournalLine(text.slice(0, end), previousHash, 0) !== undefined
    return isRecord && /[^\0]/u.test(text.slice(end))
  })
}

function sumOf({ key, value }: RecordSignature): string {
  return sha256(key + value).slice(0, 8)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
