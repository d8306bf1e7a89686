import { BagboyError } from '../../errors/bagboy-error.ts'
import { parseHistory, type ParsedHistory } from '../read/parse-history.ts'
import { chooseBase } from './choose-base.ts'
import { itemsOf } from './items.ts'
import { mergeHolds } from './merge-holds.ts'
import { mergeItems, type MergedItems } from './merge-items.ts'
import { writeMerged } from './write-merged.ts'

export interface EditedHistory {
  readonly label: string
  /** What a person left in the file. */
  readonly theirs: ParsedHistory
  /** What is committed, newest state. */
  readonly ours: ParsedHistory
  /** Earlier committed states, newest first. */
  readonly earlier: readonly ParsedHistory[]
  /** The highest id that was ever given away. */
  readonly lastId: number
}

export interface MergedEdit {
  readonly text: string
  /** What the operator should know of it. */
  readonly notes: readonly string[]
}

/**
 * A file that was edited by hand, perhaps from an older state, with what was committed since: entry by entry, so that
 * neither side's work is lost. Pure. `undefined` when it cannot be told apart into entries.
 * @throws HISTORY_CONFLICT when a person and a commit gave the same id to different entries
 */
export function mergeEdit({ label, theirs, ours, earlier, lastId }: EditedHistory): MergedEdit | undefined {
  const base = chooseBase(theirs, [ours, ...earlier])
  if (!base || !theirs.document) return undefined
  const { eol } = theirs.document
  const lists = { base: itemsOf(base), ours: itemsOf(ours), theirs: itemsOf(theirs) }
  if (lists.theirs.length === 0) return undefined
  const merged = mergeItems(lists, eol)
  const [clash] = merged.clashes
  if (clash !== undefined) throw clashError(label, theirs, clash, lastId)
  const listed = writeMerged(theirs.document, merged.items, lastId)
  if (listed === undefined) return undefined
  const holds = { base: base.history.held, ours: ours.history.held, theirs: parseHistory(label, listed) }
  return { text: mergeHolds(label, holds), notes: notesOf(label, merged) }
}

function notesOf(label: string, { restored, overruled }: MergedItems): readonly string[] {
  return [
    ...restored.map(
      (id) => `${label} lacks deployment @${id}, which was committed: it counts, and is written next time.`,
    ),
    ...overruled.map(
      (id) =>
        `Deployment @${id} was committed anew while ${label} was edited: the commit counts, the edit is in backups.`,
    ),
  ]
}

function clashError(label: string, { text, entries }: ParsedHistory, id: number, lastId: number): BagboyError {
  const version = entries.find(({ deployment }) => deployment.id === id)?.deployment.version ?? ''
  const line = text.slice(0, Math.max(0, text.search(new RegExp(`^ *(?:- *)?id: *${id}\\b`, 'mu')))).split('\n').length
  return new BagboyError(
    'HISTORY_CONFLICT',
    `${label}:${line}:1: id ${id} of ${version} was given to another deployment by a commit meanwhile`,
    {
      hint: `Give ${version} the next free id, ${Math.max(lastId, ...entries.map(({ deployment }) => deployment.id)) + 1}.`,
    },
  )
}
