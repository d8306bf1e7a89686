import { join } from 'node:path'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { formatIndex, parseIndex } from './history-index.ts'
import type { HistoryState } from './load-history.ts'
import { hashOf } from '../revision.ts'
import type { LoadedHistory } from '../loaded-history.ts'
import type { HistoryLocation } from '../history-location.ts'

/** Shorter histories are read as fast without an index. */
const LONG_BYTES = 2 * 1024 * 1024

export interface IndexLocation extends HistoryLocation {
  /** Of the user, for this project; `undefined`: no index is kept. */
  readonly cache: string | undefined
}

/** What the index says, when it is of the very bytes that are in force; `undefined` otherwise. */
export async function readIndexedHistory(location: IndexLocation): Promise<LoadedHistory | undefined> {
  const { files, file, folder, cache } = location
  if (cache === undefined) return undefined
  const status = await files.stat(file)
  if (status?.kind !== 'file' || status.size < LONG_BYTES) return undefined
  const [bytes, index] = await Promise.all([files.read(file), files.read(indexFile(cache))])
  if (!bytes || !index) return undefined
  const hash = hashOf(bytes)
  const revision = await folder.newestNumber()
  const newest = revision === 0 ? undefined : await folder.revision(revision)
  if (newest?.next !== hash) return undefined
  const history = parseIndex(index, bytes, hash)
  return history && { history, hash, revision, readOnly: null }
}

/** Left behind by a commit, for the next process that only shows the history. */
export async function writeIndex(location: IndexLocation, { parsed, loaded, bytesHash }: HistoryState): Promise<void> {
  const { files, cache } = location
  if (cache === undefined || parsed.text.length < LONG_BYTES || bytesHash !== loaded.hash) return
  const index = formatIndex(parsed, loaded.hash)
  if (index === undefined) return
  try {
    await files.makeFolder(cache)
    await files.replace(indexFile(cache), Buffer.from(index, 'utf8'))
  } catch (error) {
    // The commit stands; without an index the next glance takes longer, and that is all.
    if (!(error instanceof BagboyError) || error.code !== 'DISK') throw error
  }
}

function indexFile(cache: string): string {
  return join(cache, 'history-index.json')
}
