import type { Deployment, Hold } from '../domain/deployment.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { sameVersion } from '../domain/version.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { addFirst, columnOf, findEntry, withPiece, type Draft, type DraftPiece } from './draft.ts'
import { emitItem } from './emit-yaml.ts'
import { deploymentData, holdData } from './entry-data.ts'
import { deploymentSchema, holdSchema } from './history-schema.ts'
import { itemMargins } from './item-margins.ts'
import { readItem } from './read-piece.ts'
import { setKey, type KeyChange } from './set-key.ts'

/** Makes a deployment the newest entry. */
export function insertEntry(draft: Draft, deployment: Omit<Deployment, 'id'>, id: number): Draft {
  const data = deploymentData(deployment, id)
  const text = emitItem(data, columnOf(draft, 'deployments'), draft.eol)
  return addFirst(draft, {
    kind: 'item',
    key: 'deployments',
    before: '',
    after: text,
    entry: { id, data: checked(deploymentSchema.safeParse(data), `deployment ${deployment.version}`) },
  })
}

/** Writes an entry anew: comments above and below it and keys that are not ours stay. */
export function replaceEntry(draft: Draft, id: number, deployment: Omit<Deployment, 'id'>): Draft {
  const { index, piece } = requireEntry(draft, id)
  const was = readItem(piece.after)
  const foreign = 'data' in was ? foreignKeys(was.data) : {}
  const data = { ...deploymentData(deployment, id), ...foreign }
  const { above, below } = itemMargins(piece.after)
  const after = above + emitItem(data, columnOf(draft, 'deployments'), draft.eol) + below
  const entry = { id, data: checked(deploymentSchema.safeParse(data), `deployment ${deployment.version}`) }
  return withPiece(draft, index, { ...piece, after, entry })
}

export function setEntryKey(draft: Draft, id: number, change: Omit<KeyChange, 'eol'>): Draft {
  const { index, piece } = requireEntry(draft, id)
  if (piece.entry.data[change.key] === change.value) return draft
  const after = setKey(piece.after, { ...change, eol: draft.eol })
  if (after === undefined) throw unsplicable(piece.entry.data.version, change.key)
  const entry = { id, data: { ...piece.entry.data, [change.key]: change.value } }
  return withPiece(draft, index, { ...piece, after, entry })
}

export function addHold(draft: Draft, hold: Hold): Draft {
  const data = holdData(hold)
  return addFirst(draft, {
    kind: 'item',
    key: 'held',
    before: '',
    after: emitItem(data, columnOf(draft, 'held'), draft.eol),
    hold: checked(holdSchema.safeParse(data), `hold of ${hold.version}`),
  })
}

export function liftHold(draft: Draft, version: string): Draft {
  const isLifted = (piece: DraftPiece) =>
    piece.hold !== undefined && piece.after !== '' && sameVersion(piece.hold.version, version)
  if (!draft.pieces.some(isLifted)) throw changed(`${version} is not held any more`)
  return { ...draft, pieces: draft.pieces.map((piece) => (isLifted(piece) ? { ...piece, after: '' } : piece)) }
}

/** Ids that were counted would count differently without the entries that go: they are written down first. */
export function writeIds(draft: Draft): Draft {
  return draft.pieces.reduce(
    (next, { entry, after }) =>
      entry && after !== '' && entry.data.id === undefined
        ? setEntryKey(next, entry.id, { key: 'id', value: entry.id })
        : next,
    draft,
  )
}

export function requireEntry(
  draft: Draft,
  id: number,
): { readonly index: number; readonly piece: DraftPiece & { readonly entry: NonNullable<DraftPiece['entry']> } } {
  const index = findEntry(draft, id)
  const piece = draft.pieces[index]
  if (piece?.entry) return { index, piece: { ...piece, entry: piece.entry } }
  throw changed(`deployment @${id} is not in the history any more`)
}

const OWN_KEYS: ReadonlySet<string> = new Set(Object.keys(deploymentSchema.shape))

function foreignKeys(data: Json): JsonObject {
  if (data === null || typeof data !== 'object') return {}
  return Object.fromEntries(Object.entries(data).filter(([key]) => !OWN_KEYS.has(key)))
}

function checked<T>(result: { success: true; data: T } | { success: false; error: Error }, what: string): T {
  if (result.success) return result.data
  throw new BagboyError('BUG', `The ${what} cannot be written down: ${result.error.message}`, { cause: result.error })
}

function unsplicable(version: string, key: string): BagboyError {
  return new BagboyError(
    'HISTORY_INVALID',
    `the entry of ${version} is written in a way that ${key} cannot be set in`,
    {
      hint: `Write the entry in block form, one "key: value" a line, or set ${key} by hand.`,
    },
  )
}

function changed(message: string): BagboyError {
  return new BagboyError('HISTORY_CHANGED', message, { hint: 'Somebody changed the history; look again and repeat.' })
}
