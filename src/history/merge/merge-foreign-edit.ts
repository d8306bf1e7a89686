import { isUtf8 } from 'node:buffer'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { parseHistory, type ParsedHistory } from '../read/parse-history.ts'
import { lastGoodText } from '../read/recover-text.ts'
import type { Revision } from '../revision.ts'
import { mergeEdit, type MergedEdit } from './merge-edit.ts'
import type { HistoryLocation } from '../history-location.ts'

/** Earlier states are looked at up to this many bytes together: a long history has few copies that matter. */
const MAX_BYTES = 64 * 1024 * 1024

/**
 * What a hand-edited file means together with what was committed. `undefined` when the committed state cannot be made
 * again: then the file counts as it stands. @throws HISTORY_CONFLICT
 */
export async function mergeForeignEdit(
  location: HistoryLocation,
  theirs: ParsedHistory,
  newest: Revision,
): Promise<MergedEdit | undefined> {
  const { label } = location
  const committed = await lastGoodText(location, newest)
  if (committed === undefined) return undefined
  const ours = parseHistory(label, committed)
  return mergeEdit({ label, theirs, ours, earlier: await earlierStates(location), lastId: newest.lastId })
}

/** Newest first. */
async function earlierStates({ files, folder, label }: HistoryLocation): Promise<readonly ParsedHistory[]> {
  const states: ParsedHistory[] = []
  let size = 0
  for (const { path } of await folder.backups()) {
    const bytes = await files.read(path)
    if (!bytes || !isUtf8(bytes) || (size += bytes.length) > MAX_BYTES) continue
    const state = parseUnlessBroken(label, Buffer.from(bytes).toString('utf8'))
    if (state) states.push(state)
  }
  return states
}

/** A copy of what a person left may not be a history. */
function parseUnlessBroken(label: string, text: string): ParsedHistory | undefined {
  try {
    return parseHistory(label, text)
  } catch (error) {
    if (error instanceof BagboyError && error.code !== 'BUG') return undefined
    throw error
  }
}
