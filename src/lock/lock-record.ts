import { parseJson } from '../domain/text/parse-json.ts'
import type { LockHolder, Takeover } from './lock.ts'

/** What a claim says: the holder without its beat, the space its process id belongs to, and whose lock it broke. */
export interface LockRecord extends Omit<LockHolder, 'lastBeat'> {
  readonly pidSpace: string
  /** Only in the record of a broken lock, which is released at once. */
  readonly broke?: Takeover
}

export function formatRecord(record: LockRecord): string {
  return JSON.stringify(record)
}

/** A claim with its last sign of life, unlike every other text. */
export function formatBeat(record: LockRecord, beat: string, nonce: string): string {
  return `${JSON.stringify({ ...record, beat, nonce })}\n`
}

export function parseBeat(text: string): string | undefined {
  const beat = parseObject(text)['beat']
  return typeof beat === 'string' ? beat : undefined
}

/** A text that cannot be understood still is a lease: its holder is unknown until the lock is broken. */
export function parseRecord(text: string, epoch: number): LockRecord {
  const fields = parseObject(text)
  const broke = objectIn(fields, 'broke')
  return {
    epoch,
    who: textIn(fields, 'who'),
    host: textIn(fields, 'host'),
    pid: numberIn(fields, 'pid'),
    processStart: textIn(fields, 'processStart'),
    bootId: textIn(fields, 'bootId'),
    pidSpace: textIn(fields, 'pidSpace'),
    run: textIn(fields, 'run'),
    purpose: textIn(fields, 'purpose'),
    since: textIn(fields, 'since'),
    ...(broke === undefined ? {} : { broke: parseTakeover(broke) }),
  }
}

type Fields = Readonly<Record<string, unknown>>

function parseTakeover(fields: Fields): Takeover {
  const from = objectIn(fields, 'from') ?? {}
  return {
    from: {
      epoch: numberIn(from, 'epoch'),
      who: textIn(from, 'who'),
      host: textIn(from, 'host'),
      pid: numberIn(from, 'pid'),
      since: textIn(from, 'since'),
      lastBeat: textIn(from, 'lastBeat'),
    },
    why: textIn(fields, 'why'),
    mayWake: true,
  }
}

function textIn(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : 'unknown'
}

function numberIn(fields: Fields, name: string): number {
  const value = fields[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}

function objectIn(fields: Fields, name: string): Fields | undefined {
  return asFields(fields[name])
}

function parseObject(text: string): Fields {
  return asFields(parseJson(text)) ?? {}
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}
