import { isUtf8 } from 'node:buffer'
import type { Stamped } from '../events/events.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { JournalRecord } from './journal.ts'
import { CHAIN_START, hidesRecord, parseJournalLine, type JournalLine } from './journal-line.ts'

/** The bytes of one owner's records. */
export interface JournalPart {
  /** For errors. */
  readonly file: string
  readonly bytes: Uint8Array
}

/**
 * The records that count, of parts in the order of their owners. Each part begins behind a record of an earlier one:
 * the last that its owner saw when the run was taken over. What earlier owners wrote behind that one, before or after,
 * is theirs alone. A part without a first record has changed nothing. Pure.
 * @throws JOURNAL_CORRUPT with `file:line`
 */
export function readJournal<Event extends JournalRecord = Stamped>(
  parts: readonly JournalPart[],
  run: string,
): readonly JournalLine<Event>[] {
  const chains: (readonly JournalLine<Event>[])[] = [[]]
  for (const part of parts) {
    const behind = findStart(part, chains)
    if (behind) chains.push(readPart(part, behind, run))
  }
  return chains.at(-1) ?? []
}

/** The hash of the last record; `CHAIN_START` when there is none. */
export function hashOf(lines: readonly JournalLine<JournalRecord>[]): string {
  return lines.at(-1)?.hash ?? CHAIN_START
}

/** What the part goes on from; `undefined` when it holds no record yet. */
function findStart<Event extends JournalRecord>(
  part: JournalPart,
  chains: readonly (readonly JournalLine<Event>[])[],
): readonly JournalLine<Event>[] | undefined {
  const { text, isTorn, isLast } = lineAt(part.bytes, 0)
  let hidesOne = false
  for (const chain of chains.toReversed()) {
    for (let length = chain.length; length >= 0; length -= 1) {
      const hash = chain[length - 1]?.hash ?? CHAIN_START
      if (!isTorn && parseJournalLine(text, hash)) return chain.slice(0, length)
      hidesOne ||= hidesRecord(text, hash)
    }
  }
  if (isLast && !hidesOne) return undefined
  throw corrupt(part.file, 1, 0, 'the record follows from none of an earlier owner')
}

/**
 * Verifies the chain, the sequence and the run. A bad end of the part is left out: it is a torn append that nobody was
 * told of. A bad record with anything behind it is damage.
 */
function readPart<Event extends JournalRecord>(
  part: JournalPart,
  behind: readonly JournalLine<Event>[],
  run: string,
): readonly JournalLine<Event>[] {
  const { bytes, file } = part
  const lines = [...behind]
  for (let start = 0; start < bytes.length;) {
    const count = lines.length - behind.length
    const { text, isTorn, isLast, next } = lineAt(bytes, start)
    const line = isTorn ? undefined : parseJournalLine<Event>(text, hashOf(lines))
    if (!line) {
      if (isLast && !hidesRecord(text, hashOf(lines))) break
      throw corrupt(file, count + 1, lines.length, 'the record does not follow from the one before it')
    }
    if (line.event.seq !== lines.length + 1 || line.event.run !== run) {
      throw corrupt(file, count + 1, lines.length, 'the record belongs to another place or another run')
    }
    lines.push(line)
    start = next
  }
  return lines
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
