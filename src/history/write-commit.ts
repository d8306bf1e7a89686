import { BagboyError } from '../errors/bagboy-error.ts'
import { loadHistory, sameBytes, type HistoryState } from './read/load-history.ts'
import { parseHistory } from './read/parse-history.ts'
import type { PreparedCommit } from './prepare-commit.ts'
import { recoverText } from './read/recover-text.ts'
import { hashOf, type Revision } from './revision.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { HistoryLocation } from './history-location.ts'

/** Histories up to this size are copied before every commit, larger ones every so many. */
const SMALL_BYTES = 256 * 1024
const BACKUP_EVERY = 32
/** How often others may commit while we bring the file up to date. */
const MAX_ROUNDS = 20

/**
 * Creates the revision record: the moment in which the commit happens. `undefined` when another process has taken the
 * number; nothing is committed then.
 */
export async function writeRevision(
  { folder }: HistoryLocation,
  state: HistoryState,
  prepared: PreparedCommit,
): Promise<Revision | undefined> {
  const { newest, parsed, loaded } = state
  if (!newest) await folder.prepare()
  const isForeign = loaded.hash !== newest?.next
  const isSmall = parsed.text.length <= SMALL_BYTES
  if (isForeign || isSmall || prepared.revision.revision % BACKUP_EVERY === 0) {
    await folder.createBackup(prepared.revision.revision, bytesOf(state))
    if (state.isMerged && state.bytes) await folder.createBackup(prepared.revision.revision, state.bytes)
    failpoint('history:backed-up')
  }
  const archives: string[] = []
  for (const { name, text } of prepared.edited.archives) {
    archives.push(await folder.createArchive(name, text))
    failpoint('history:archived')
  }
  failpoint('history:committing')
  const revision = { ...prepared.revision, archives }
  return (await folder.createRevision(revision)) ? revision : undefined
}

/** What became of the file after a commit. */
export type Written =
  | { readonly isForeign: false; readonly state: HistoryState }
  /** A person saved the file between our reading and our writing: what they wrote, without our commit. */
  | { readonly isForeign: true; readonly state: HistoryState }

/**
 * Brings the file up to date with the newest revision, ours or a later one. The commit stands regardless of what
 * happens here: readers apply the records themselves.
 */
export async function writeFile(
  location: HistoryLocation,
  base: HistoryState,
  { parsed, bytes }: Pick<PreparedCommit, 'parsed' | 'bytes'>,
  revision: Revision,
): Promise<Written> {
  const { files, file, folder } = location
  const loaded = { history: parsed.history, hash: revision.next, revision: revision.revision, readOnly: null }
  let state: HistoryState = { parsed, newest: revision, bytes, bytesHash: revision.next, loaded, isMerged: false }
  let expected = base.bytes
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const current = await files.read(file)
    if (!sameBytes(current, expected)) {
      const recovered = await recoverText(location, { bytes: current, hash: hashOf(current ?? '') })
      if (recovered.isForeign) return { isForeign: true, state: foreignState(location, state, current, recovered) }
    }
    failpoint('history:committed')
    const failure = await replaceHistory(location, state)
    if (failure) return { isForeign: false, state: { ...state, loaded: { ...state.loaded, warnings: [failure] } } }
    failpoint('history:materialised')
    await folder.trim(revision.revision)
    failpoint('history:trimmed')
    if ((await folder.newestNumber()) === state.newest?.revision) return { isForeign: false, state }
    state = await loadHistory(location, state)
    expected = state.bytes
    const isUpToDate = state.bytesHash === state.newest?.next
    if (isUpToDate || state.loaded.hash !== state.newest?.next) return { isForeign: false, state }
  }
  return { isForeign: false, state }
}

function foreignState(
  { label }: HistoryLocation,
  ours: HistoryState,
  bytes: Uint8Array | undefined,
  { text, hash }: { readonly text: string; readonly hash: string },
): HistoryState {
  const parsed = parseHistory(label, text, ours.parsed.known)
  const revision = ours.newest?.revision ?? 0
  return {
    parsed,
    newest: ours.newest,
    bytes,
    bytesHash: hash,
    isMerged: false,
    loaded: { history: parsed.history, hash, revision, readOnly: null },
  }
}

/** The file's own bytes, unless it is behind. */
function bytesOf({ bytes, bytesHash, loaded, parsed }: HistoryState): Uint8Array {
  return bytes && bytesHash === loaded.hash ? bytes : Buffer.from(parsed.text, 'utf8')
}

// A full disk must not turn a commit that happened into one that is tried again.
async function replaceHistory(
  { files, file, label }: HistoryLocation,
  state: HistoryState,
): Promise<string | undefined> {
  try {
    await files.replace(file, bytesOf(state), 'group')
    return undefined
  } catch (error) {
    if (!(error instanceof BagboyError) || error.code !== 'DISK') throw error
    return `Revision ${state.newest?.revision ?? 0} is committed, but ${label} could not be brought up to date: ${error.message}`
  }
}
