import { isUtf8 } from 'node:buffer'
import type { Stamped } from '../events/events.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { JournalRecord } from './journal.ts'
import { CHAIN_START, hidesRecord, parseJournalLine, type JournalLine } from './journal-line.ts'

/** The bytes of one owner's records. */
export interface JournalPart {
  /** For errors. */
  readonly file: string
  readonly part: number
  readonly bytes: Uint8Array
  /** Why it could not be read; then there are no bytes. */
  readonly refused?: BagboyError
}

/** What is wrong with a record; `undefined` when nothing is. */
export type EventFault = (event: unknown) => string | undefined

/** Records, up to the first that is damaged. */
export interface JournalScan<Event extends JournalRecord> {
  readonly lines: readonly JournalLine<Event>[]
  /** JOURNAL_CORRUPT with `file:line`; `null` when everything that is there was read. */
  readonly damage: BagboyError | null
}

/**
 * The records that count, of parts in the order of their owners. Each part begins behind a record of an earlier one:
 * the last that its owner saw when the run was taken over. What earlier owners wrote behind that one, before or after,
 * is theirs alone. A part without a first record has changed nothing. Pure.
 */
export function scanJournal<Event extends JournalRecord = Stamped>(
  parts: readonly JournalPart[],
  run: string,
  faultOf: EventFault = () => undefined,
): JournalScan<Event> {
  const chains: (readonly JournalLine<Event>[])[] = [[]]
  for (const part of parts) {
    if (part.refused) return { lines: chains.at(-1) ?? [], damage: part.refused }
    const { behind, damage: lostStart } = findStart(part, chains)
    if (lostStart) return { lines: chains.at(-1) ?? [], damage: lostStart }
    if (!behind) continue
    const { lines, damage } = readPart(part, behind, { run, faultOf })
    if (damage) return { lines, damage }
    chains.push(lines)
  }
  return { lines: chains.at(-1) ?? [], damage: null }
}

/** The hash of the last record; `CHAIN_START` when there is none. */
export function hashOf(lines: readonly JournalLine<JournalRecord>[]): string {
  return lines.at(-1)?.hash ?? CHAIN_START
}

interface Start<Event extends JournalRecord> {
  /** What the part goes on from; absent when it holds no record yet. */
  readonly behind?: readonly JournalLine<Event>[]
  readonly damage?: BagboyError
}

function findStart<Event extends JournalRecord>(
  part: JournalPart,
  chains: readonly (readonly JournalLine<Event>[])[],
): Start<Event> {
  const { text, isTorn, isLast } = lineAt(part.bytes, 0)
  let hidesOne = false
  for (const chain of chains.toReversed()) {
    for (let length = chain.length; length >= 0; length -= 1) {
      const hash = chain[length - 1]?.hash ?? CHAIN_START
      if (!isTorn && parseJournalLine(text, hash, part.part)) return { behind: chain.slice(0, length) }
      hidesOne ||= hidesRecord(text, hash)
    }
  }
  if (isLast && !hidesOne) return {}
  return { damage: corrupt(part.file, 1, 0, 'the record follows from none of an earlier owner') }
}

/**
 * Verifies the chain, the sequence and the run. A bad end of the part is left out: it is a torn append that was never
 * acknowledged. A bad record with anything behind it is damage.
 */
function readPart<Event extends JournalRecord>(
  part: JournalPart,
  behind: readonly JournalLine<Event>[],
  { run, faultOf }: { readonly run: string; readonly faultOf: EventFault },
): JournalScan<Event> {
  const { bytes, file } = part
  const lines = [...behind]
  const damaged = (reason: string): JournalScan<Event> => {
    const count = lines.length - behind.length
    return { lines, damage: corrupt(file, count + 1, lines.length, reason) }
  }
  for (let start = 0; start < bytes.length;) {
    const { text, isTorn, isLast, next } = lineAt(bytes, start)
    const line = isTorn ? undefined : parseJournalLine<Event>(text, hashOf(lines), part.part)
    if (!line) {
      if (isLast && !hidesRecord(text, hashOf(lines))) break
      return damaged('the record does not follow from the one before it')
    }
    if (line.event.seq !== lines.length + 1 || line.event.run !== run) {
      return damaged('the record belongs to another place or another run')
    }
    const fault = faultOf(line.event)
    if (fault !== undefined) return damaged(`the record is none of a run: ${sanitize(fault, 200)}`)
    lines.push(line)
    start = next
  }
  return { lines, damage: null }
}

const LINE_BREAK = 0x0a

interface Line {
  readonly text: string
  /** Without its line break, or no text at all: such bytes all decode to the same character, and could hide a change. */
  readonly isTorn: boolean
  readonly isLast: boolean
  readonly next: number
}

function lineAt(bytes: Uint8Array, start: number): Line {
  const end = bytes.indexOf(LINE_BREAK, start)
  const record = bytes.subarray(start, end === -1 ? bytes.length : end)
  return {
    text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(record),
    isTorn: end === -1 || !isUtf8(record),
    isLast: end === -1 || end === bytes.length - 1,
    next: end + 1,
  }
}

function corrupt(file: string, line: number, goodCount: number, reason: string): BagboyError {
  return new BagboyError('JOURNAL_CORRUPT', `${file}:${line}: ${reason}`, {
    hint: `Keep the file as it is, and put back a copy of it from a backup; the ${goodCount} records before are good.`,
    details: { file, line },
  })
}

/** Without what proves them. */
export function eventsOf<Event extends JournalRecord>(lines: readonly JournalLine<Event>[]): readonly Event[] {
  return lines.map(({ event }) => event)
}
