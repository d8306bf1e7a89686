import { isUtf8 } from 'node:buffer'
import type { FileHistory } from '../../domain/deployment.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { applyEdits } from '../edit/apply-edits.ts'
import { hasConflictMarkers } from '../conflict/conflict-markers.ts'
import { joinSides } from '../conflict/join-sides.ts'
import { draftText } from '../edit/draft.ts'
import { loadHistory } from '../read/load-history.ts'
import { mergeEdit } from '../merge/merge-edit.ts'
import { parseHistory, type ParsedHistory } from '../read/parse-history.ts'
import { lastGoodText } from '../read/recover-text.ts'
import type { Revision } from '../revision.ts'
import { salvageText, type Salvaged } from './salvage-text.ts'
import { ifReadable } from '../../platform/unreadable.ts'
import type { HistoryEdit } from '../history-edit.ts'
import type { HistoryLocation } from '../history-location.ts'

/** A file that could take the place of one that cannot be read. Nothing is written until a person accepts it. */
export interface RepairProposal {
  /** What is wrong. */
  readonly reason: string
  /** Where the proposal comes from. */
  readonly sources: readonly string[]
  /** Empty when there is no file. */
  readonly before: string
  readonly after: string
  /** What could not be brought back. */
  readonly lost: readonly string[]
  /** Both sides of an unfinished git merge are in it, which git has to be told. */
  readonly isConflict: boolean
  /** What the operator should know of the proposal. */
  readonly notes: readonly string[]
  /** Records that are damaged and are set aside. */
  readonly damaged: readonly number[]
}

/** What something else than the history remembers: its changes in the order in which they were made. */
export interface OtherMemory {
  readonly source: string
  readonly changes: readonly ((history: FileHistory) => readonly HistoryEdit[])[]
}

/** `undefined` when nothing is to be repaired, or nothing is left to repair it from. */
export async function proposeRepair(
  location: HistoryLocation,
  remembered: () => Promise<OtherMemory>,
): Promise<RepairProposal | undefined> {
  const reason = await whyUnreadable(location)
  if (reason === undefined) return undefined
  const before = await textOf(location)
  const { good, damaged } = await readRevisions(location)
  const committed = (await fromBackups(location, good)) ?? fromMemory(location, await remembered())
  const lastId = good.at(-1)?.lastId ?? 0
  const { salvaged, notes } = readLeft(location, before, committed, lastId)
  // What is only cut off says nothing that was not committed.
  const left = committed?.text.startsWith(before) === true ? undefined : salvaged?.parsed
  const whole = combine(location, committed, left, lastId)
  if (!whole || (whole.text === before && damaged.length === 0)) return undefined
  const parts = [committed, whole.usesFile ? salvaged : undefined].filter((part) => part !== undefined)
  return {
    reason,
    sources: parts.map(({ source }) => source),
    before,
    after: whole.text,
    lost: parts.flatMap(({ lost }) => lost),
    isConflict: hasConflictMarkers(before),
    notes,
    damaged,
  }
}

interface Left {
  readonly salvaged: Salvaged | undefined
  readonly notes: readonly string[]
}

/** What can be read of the file: both sides of a merge, else entry by entry. */
function readLeft({ label }: HistoryLocation, text: string, committed: Committed | undefined, lastId: number): Left {
  const joined = joinSides(label, text, committed && parseHistory(label, committed.text), lastId)
  if (!joined) return { salvaged: salvageText(label, text), notes: [] }
  const salvaged = { parsed: parseHistory(label, joined.text), source: 'both sides of the merge', lost: [] }
  return { salvaged, notes: joined.notes }
}

/** Empty when there is no file, or no text in it. */
export async function textOf({ files, file }: HistoryLocation): Promise<string> {
  const bytes = await files.read(file)
  return bytes && isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : ''
}

async function whyUnreadable(location: HistoryLocation): Promise<string | undefined> {
  try {
    await loadHistory(location)
    return undefined
  } catch (error) {
    if (error instanceof BagboyError && error.code.startsWith('HISTORY_')) return error.message
    throw error
  }
}

interface Revisions {
  /** Oldest first. */
  readonly good: readonly Revision[]
  readonly damaged: readonly number[]
}

async function readRevisions({ folder }: HistoryLocation): Promise<Revisions> {
  const [good, damaged]: [Revision[], number[]] = [[], []]
  for (const number of await folder.revisionNumbers()) {
    try {
      const revision = await folder.revision(number)
      if (revision) good.push(revision)
    } catch (error) {
      if (!(error instanceof BagboyError)) throw error
      damaged.push(number)
    }
  }
  return { good, damaged }
}

interface Committed {
  readonly text: string
  readonly source: string
  readonly lost: readonly string[]
}

/** The newest revision as it was; where a record is missing, the newest copy and every later change that still fits. */
async function fromBackups(location: HistoryLocation, revisions: readonly Revision[]): Promise<Committed | undefined> {
  const newest = revisions.at(-1)
  const exact = newest && (await lastGoodText(location, newest).catch(() => undefined))
  if (newest && exact !== undefined)
    return { text: exact, source: `backups and revisions up to ${newest.revision}`, lost: [] }
  for (const { path, revision } of await location.folder.backups()) {
    const bytes = await ifReadable(location.files.read(path))
    const start = bytes && isUtf8(bytes) ? salvageText(location.label, Buffer.from(bytes).toString('utf8')) : undefined
    if (!start || start.lost.length > 0) continue
    const later = revisions.filter((one) => one.revision >= revision)
    const copy = replay(location, start.parsed, later, `the copy before revision ${revision}`)
    const isLast = later.length > 0
    return isLast ? copy : { ...copy, lost: [...copy.lost, `what revision ${revision} and later ones changed`] }
  }
  return undefined
}

function replay(
  { label }: HistoryLocation,
  start: ParsedHistory,
  revisions: readonly Revision[],
  source: string,
): Committed {
  const lost: string[] = []
  let parsed = start
  for (const { edits, run, epoch, purpose, actor, revision } of revisions) {
    try {
      // They were written by a commit, from edits of this very type.
      const request = { label, parsed, edits: edits as unknown as readonly HistoryEdit[], lastId: 0 }
      const note = { run, epoch, purpose, actor: actor as never }
      parsed = parseHistory(label, draftText(applyEdits({ ...request, note }).draft))
    } catch (error) {
      if (!(error instanceof BagboyError)) throw error
      lost.push(`revision ${revision} (${purpose}) could not be made again: ${error.message}`)
    }
  }
  return {
    text: parsed.text,
    source: revisions.length === 0 ? source : `${source} and the ${revisions.length} revisions since`,
    lost,
  }
}

function fromMemory({ label }: HistoryLocation, { source, changes }: OtherMemory): Committed | undefined {
  if (changes.length === 0) return undefined
  const note = { run: '', epoch: 0, purpose: 'repair', actor: {} }
  const apply = (parsed: ParsedHistory, change: (typeof changes)[number]): ParsedHistory => {
    const request = { label, parsed, edits: change(parsed.history), note, lastId: 0 }
    return parseHistory(label, draftText(applyEdits(request).draft))
  }
  const { text } = changes.reduce(apply, parseHistory(label, ''))
  return { text, source, lost: ['deployments that no run was about'] }
}

interface Whole {
  readonly text: string
  readonly usesFile: boolean
}

/** What was committed, with what a person wrote into entries that can still be read. */
function combine(
  { label }: HistoryLocation,
  committed: Committed | undefined,
  left: ParsedHistory | undefined,
  lastId: number,
): Whole | undefined {
  if (!committed) return left && left.entries.length > 0 ? { text: left.text, usesFile: true } : undefined
  const ours = parseHistory(label, committed.text)
  const merged = left ? mergeEdit({ label, theirs: left, ours, earlier: [], lastId }) : undefined
  const usesFile = merged !== undefined && merged.text !== committed.text
  return { text: usesFile ? merged.text : committed.text, usesFile }
}
