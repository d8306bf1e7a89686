import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson, type Json } from '../domain/text/json.ts'
import { parseJson } from '../domain/text/parse-json.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

const splice = z.object({ at: z.int().nonnegative(), remove: z.int().nonnegative(), insert: z.string() })

const body = z.object({
  v: z.literal(1),
  revision: z.int().positive(),
  /** sha256 of the history before and after, hexadecimal. */
  prev: z.string(),
  next: z.string(),
  /** In bytes, after. */
  size: z.int().nonnegative(),
  splices: z.array(splice),
  /** The edits as they were asked for, for people and for a later merge. */
  edits: z.array(z.custom<Json>()),
  /** Every id in the file afterwards, as ranges: `1-14,17`. */
  ids: z.string(),
  /** The highest id ever given away; ids are never used again. */
  lastId: z.int().nonnegative(),
  /** Names of archive files that keep what this revision took out. */
  archives: z.array(z.string()),
  run: z.string(),
  epoch: z.int().nonnegative(),
  purpose: z.string(),
  actor: z.custom<Json>(),
})

/** The record of one commit: `rev/<n>.json`. Creating it is the commit. */
export type Revision = Readonly<z.output<typeof body>>

export function revisionText(revision: Revision): string {
  return `${JSON.stringify({ ...revision, crc: checksum(revision) })}\n`
}

/** @throws HISTORY_CORRUPT when a byte of it has changed */
export function parseRevision(file: string, text: string): Revision {
  const parsed = body.safeParse(parseJson(text))
  const crc = /"crc":"([0-9a-f]{64})"\}\n$/u.exec(text)?.[1]
  if (parsed.success && crc === checksum(parsed.data)) return parsed.data
  throw damaged(file)
}

export function hashOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** `[9, 3, 2, 1]` as `1-3,9`. Pure. */
export function idRanges(ids: readonly number[]): string {
  const ranges: { from: number; to: number }[] = []
  for (const id of [...ids].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && id === last.to + 1) last.to = id
    else ranges.push({ from: id, to: id })
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}

/** The ids of `ranges` that are not among `ids`. Pure. */
export function missingIds(ranges: string, ids: readonly number[]): readonly number[] {
  const present = new Set(ids)
  const missing: number[] = []
  for (const range of ranges === '' ? [] : ranges.split(',')) {
    const [from = '', to = from] = range.split('-')
    for (let id = Number(from); id <= Number(to); id += 1) if (!present.has(id)) missing.push(id)
  }
  return missing
}

function checksum(revision: Revision): string {
  return hashOf(canonicalJson(revision))
}

function damaged(file: string): BagboyError {
  return new BagboyError('HISTORY_CORRUPT', `${file} is damaged: its checksum does not match its content.`, {
    hint: 'bagboy-tui history repair',
  })
}
