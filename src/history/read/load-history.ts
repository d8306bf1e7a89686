import { BagboyError } from '../../errors/bagboy-error.ts'
import { HISTORY_SCHEMA } from '../history-schema.ts'
import { mergeForeignEdit } from '../merge/merge-foreign-edit.ts'
import { parseHistory, tooNew, type ParsedHistory } from './parse-history.ts'
import { corrupt, lastGoodText, recoverText, type RecoveredText } from './recover-text.ts'
import { hashOf, missingIds, type Revision } from '../revision.ts'
import type { LoadedHistory } from '../loaded-history.ts'
import type { HistoryLocation } from '../history-location.ts'

/** A history with what a commit needs to go on from it. */
export interface HistoryState {
  readonly loaded: LoadedHistory
  readonly parsed: ParsedHistory
  readonly newest: Revision | undefined
  /** The file's own bytes; they differ from the text when the file is behind. */
  readonly bytes: Uint8Array | undefined
  /** sha256 of `bytes`. */
  readonly bytesHash: string
  /** The file is a person's edit, and commits since it began were put into what is in force. */
  readonly isMerged: boolean
}

/**
 * Reads, recovers and checks. Writes nothing. The file is read before the records: what it holds then is
 * either among them or a person's.
 */
export async function loadHistory(location: HistoryLocation, cached?: HistoryState): Promise<HistoryState> {
  await refuseLink(location)
  const bytes = await location.files.read(location.file)
  const bytesHash = cached && sameBytes(bytes, cached.bytes) ? cached.bytesHash : hashOf(bytes ?? '')
  const recovered = await recoverText(
    location,
    { bytes, hash: bytesHash },
    cached && { hash: cached.loaded.hash, text: cached.parsed.text },
  )
  if (cached && cached.loaded.hash === recovered.hash && cached.newest?.revision === recovered.newest?.revision) {
    return { ...cached, bytes, bytesHash, loaded: describe(location, cached.parsed, recovered) }
  }
  const inFile = await parseRecovered(location, recovered, cached)
  const merged = await mergeForeign(location, inFile, recovered)
  const parsed = merged?.parsed ?? inFile
  const inForce = merged ? { ...recovered, hash: merged.hash } : recovered
  await refuseLoss(location, parsed, inForce)
  const notes = [...(merged?.notes ?? []), ...(await noteLostRecords(location, recovered))]
  const loaded = describe(location, parsed, inForce, notes)
  return { loaded, parsed, newest: recovered.newest, bytes, bytesHash, isMerged: merged !== undefined }
}

/**
 * Copies are only made for commits: when the records of those are missing, they were removed.
 * @throws HISTORY_CORRUPT
 */
async function noteLostRecords(location: HistoryLocation, { newest, text }: RecoveredText): Promise<readonly string[]> {
  const { folder, label } = location
  if (newest || (await folder.backups()).length === 0) return []
  if (text.trim() === '') throw await corrupt(location, 'is empty')
  return [`The commit records of ${label} are gone from .bagboy/rev: what was committed cannot be held against it.`]
}

interface Merged {
  readonly parsed: ParsedHistory
  readonly hash: string
  readonly notes: readonly string[]
}

/** `undefined` when nothing was committed that the file does not say. */
async function mergeForeign(
  location: HistoryLocation,
  parsed: ParsedHistory,
  { newest, isForeign, text }: RecoveredText,
): Promise<Merged | undefined> {
  if (!newest || !isForeign || parsed.document === undefined) return undefined
  const edit = await mergeForeignEdit(location, parsed, newest)
  if (!edit || edit.text === text) return undefined
  return { parsed: parseHistory(location.label, edit.text), hash: hashOf(edit.text), notes: edit.notes }
}

const KINDS = { folder: 'a folder', link: 'a link', other: 'a pipe, a socket or a device' } as const

async function refuseLink({ files, file, label }: HistoryLocation): Promise<void> {
  const status = await files.stat(file)
  if (!status || status.kind === 'file') return
  throw new BagboyError('HISTORY_INVALID', `${label} is ${KINDS[status.kind]}, not a file.`, {
    hint: 'Set deployment.history.file to the file itself.',
  })
}

async function parseRecovered(
  location: HistoryLocation,
  recovered: RecoveredText,
  cached: HistoryState | undefined,
): Promise<ParsedHistory> {
  try {
    return parseHistory(location.label, recovered.text, cached?.parsed.known)
  } catch (error) {
    await refuseCut(location, recovered, error)
    throw error
  }
}

/** Committed entries leave through the archive only. @throws HISTORY_CORRUPT */
async function refuseLoss(location: HistoryLocation, parsed: ParsedHistory, recovered: RecoveredText): Promise<void> {
  const { newest } = recovered
  if (!newest) return
  await refuseCut(location, recovered)
  const ids = parsed.history.deployments.map(({ id }) => id)
  const missing = missingIds(newest.ids, ids)
  if (missing.length === 0) return
  const names = missing.slice(0, 5).map((id) => `@${id}`)
  const what = `${names.join(', ')}${missing.length > names.length ? ` and ${missing.length - names.length} more` : ''}`
  throw await corrupt(location, `has lost ${missing.length === 1 ? 'deployment' : 'deployments'} ${what}`)
}

/** A file that is the beginning of what it was has been cut off, not edited. @throws HISTORY_CORRUPT */
async function refuseCut(location: HistoryLocation, recovered: RecoveredText, cause?: unknown): Promise<void> {
  const { newest, isForeign, text } = recovered
  if (!newest || !isForeign || Buffer.byteLength(text) >= newest.size) return
  const whole = await lastGoodText(location, newest)
  if (whole?.startsWith(text) !== true) return
  const error = await corrupt(location, `was cut off after ${Buffer.byteLength(text)} of ${newest.size} bytes`)
  throw cause === undefined ? error : Object.assign(error, { cause })
}

function describe(
  location: HistoryLocation,
  parsed: ParsedHistory,
  recovered: RecoveredText,
  notes: readonly string[] = [],
): LoadedHistory {
  const { behind, isForeign, newest, hash } = recovered
  const warnings = [
    ...(behind > 0
      ? [`${location.label} lacks ${behind} committed revisions; they count, and are written next time.`]
      : []),
    ...(isForeign ? [`${location.label} was edited by hand after revision ${newest?.revision ?? 0}.`] : []),
    ...notes,
  ]
  return {
    history: parsed.history,
    hash,
    revision: newest?.revision ?? 0,
    readOnly: readOnlyReason(location, parsed),
    warnings,
  }
}

/** Why nothing may be written into what was read, or `null`. */
export function readOnlyReason(
  { label }: Pick<HistoryLocation, 'label'>,
  { schema, document }: ParsedHistory,
): string | null {
  if (schema !== undefined && schema > HISTORY_SCHEMA) {
    const { message, hint } = tooNew(label, schema)
    return `${message}. ${hint}`
  }
  return document ? null : `${label} is not written as a block list, so nothing can be added to it.`
}

export function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0
}
