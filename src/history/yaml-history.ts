import { basename, join, relative } from 'node:path'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Files } from '../platform/platform.ts'
import { failpoint } from '../platform/failpoint.ts'
import { readIndexedHistory, writeIndex, type IndexLocation } from './read/read-indexed-history.ts'
import { openHistoryFolder } from './history-folder.ts'
import { HISTORY_SCHEMA } from './history-schema.ts'
import type { CommittedHistory, HistoryStore } from './history-store.ts'
import { loadHistory, readOnlyReason, type HistoryState } from './read/load-history.ts'
import { readRecentEntries } from './read/recent-entries.ts'
import { tooNew } from './read/parse-history.ts'
import { prepareCommit, prepareRevision, type CommitRequest } from './prepare-commit.ts'
import { readArchives } from './read/read-archives.ts'
import { acceptRepair } from './repair/accept-repair.ts'
import { proposeRepair } from './repair/propose-repair.ts'
import { verifyHistory } from './repair/verify-history.ts'
import { writeFile, writeRevision } from './write-commit.ts'
import type { CommitNote } from './history-edit.ts'
import type { HistoryLocation } from './history-location.ts'

export interface HistoryStoreOptions {
  readonly files: Files
  /** Absolute. */
  readonly file: string
  /** The `.bagboy` folder: `rev/`, `backups/` and `archive/` stand in it. */
  readonly folder: string
  /** For an index of a long history; without one there is none. */
  readonly cacheFolder?: string
  /** Errors name the file relative to it; without it by its name alone. */
  readonly root?: string
}

/** Others may be faster this often before we say that something is wrong. */
const MAX_ATTEMPTS = 200

/** The deployment history in a YAML file: changed by text splices, committed by exclusive revision records. */
export function createHistoryStore({ files, file, folder, root, cacheFolder }: HistoryStoreOptions): HistoryStore {
  const label = root === undefined ? basename(file) : relative(root, file)
  const location: IndexLocation = {
    files,
    folder: openHistoryFolder(files, folder),
    file,
    label,
    cache: cacheFolder,
  }
  let cached: HistoryState | undefined
  const load = async () => (cached = await loadHistory(location, cached))
  async function fence(note: CommitNote): Promise<void> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const state = await load()
      if (!(await writeRevision(location, state, prepareRevision({ label, state, edits: [], note })))) continue
      failpoint('history:fenced')
      return
    }
    throw changedTooOften(label)
  }
  return {
    file,
    read: async () => (await load()).loaded,
    readIndexed: async () => (await readIndexedHistory(location)) ?? (await load()).loaded,
    async readRecent(count) {
      const parsed = await readRecentEntries(files, location, count)
      const { history, readOnly } = parsed
        ? { history: parsed.history, readOnly: readOnlyReason(location, parsed) }
        : (await load()).loaded
      return { history, readOnly, isWhole: parsed === undefined }
    },
    async commit(change, note, assertHeld) {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const state = await load()
        refuseReadOnly(location, state)
        await assertHeld?.()
        const done = await commitOnce(location, { label, state, edits: change(state.loaded), note })
        if (done === 'taken') continue
        cached = done.state
        await writeIndex(location, done.state)
        const { insertedId, archives } = done
        const archiveFiles = archives.map((name) => join(folder, 'archive', name))
        return { ...done.state.loaded, deploymentId: insertedId, archiveFiles } satisfies CommittedHistory
      }
      throw changedTooOften(label)
    },
    async rehearse(change, note) {
      const state = await load()
      refuseReadOnly(location, state)
      prepareRevision({ label, state, edits: change(state.loaded), note })
    },
    fence,
    archives: () => readArchives(location.folder),
    verify: () => verifyHistory(location),
    proposeRepair: (remembered) => proposeRepair(location, remembered),
    async acceptRepair(proposal, note) {
      await acceptRepair(location, proposal)
      await fence(note)
      return (await load()).loaded
    },
  }
}

function changedTooOften(label: string): BagboyError {
  return new BagboyError('HISTORY_CHANGED', `${label} changed ${MAX_ATTEMPTS} times while one commit was tried.`, {
    hint: 'Find out what writes to it all the time, then repeat the command.',
  })
}

interface Done {
  readonly state: HistoryState
  readonly insertedId: number | null
  readonly archives: readonly string[]
}

async function commitOnce(location: HistoryLocation, request: CommitRequest): Promise<Done | 'taken'> {
  const prepared = prepareCommit(request)
  if (!prepared) return { state: await bringUpToDate(location, request.state), insertedId: null, archives: [] }
  const revision = await writeRevision(location, request.state, prepared)
  if (!revision) return 'taken'
  const written = await writeFile(location, request.state, prepared, revision)
  const done = { state: written.state, insertedId: prepared.edited.insertedId, archives: revision.archives }
  if (!written.isForeign) return done
  // The same edits once more, on top of what the person wrote: neither side's work is lost.
  const { lastId } = prepared
  const again = await commitOnce(location, { ...request, state: written.state, lastId })
  return again === 'taken' ? done : again
}

/** Nothing is left to commit when its owner died right after the record; the file may still lack it. */
async function bringUpToDate(location: HistoryLocation, state: HistoryState): Promise<HistoryState> {
  const { newest, parsed, loaded, bytesHash } = state
  if (!newest || loaded.hash !== newest.next || bytesHash === newest.next) return state
  return (await writeFile(location, state, { parsed, bytes: Buffer.from(parsed.text, 'utf8') }, newest)).state
}

function refuseReadOnly({ label }: HistoryLocation, { parsed, loaded }: HistoryState): void {
  if (parsed.schema !== undefined && parsed.schema > HISTORY_SCHEMA) throw tooNew(label, parsed.schema)
  if (loaded.readOnly === null) return
  throw new BagboyError('HISTORY_INVALID', loaded.readOnly, {
    hint: 'Write "deployments:" as a list of blocks, one entry after "- " each, and repeat the command.',
  })
}
