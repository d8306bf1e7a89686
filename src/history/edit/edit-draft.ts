import type { Deployment, Hold } from '../../domain/deployment.ts'
import { isHeldIn } from '../../domain/environment-history.ts'
import type { Json, JsonObject } from '../../domain/text/json.ts'
import { sameVersion } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { addFirst, columnOf, findEntry, withPiece, type Draft, type DraftPiece } from './draft.ts'
import { emitItem } from './emit-yaml.ts'
import { deploymentData, holdData } from './entry-data.ts'
import { checkDeployment, checkHold, DEPLOYMENT_KEYS } from '../history-schema.ts'
import { itemMargins } from './item-margins.ts'
import { readItem } from '../read/read-piece.ts'
import { setKey } from './set-key.ts'
import type { KeyChange } from './key-change.ts'
import type { HistoryEdit } from '../history-edit.ts'

/** Makes a deployment the newest entry. */
export function insertEntry(draft: Draft, deployment: Omit<Deployment, 'id'>, id: number): Draft {
  const expected = checked(deploymentData(deployment, id), checkDeployment)
  const after = emitItem(expected, columnOf(draft, 'deployments'), draft.eol)
  return addFirst(draft, { kind: 'item', key: 'deployments', before: '', after, id, expected })
}

/** Writes an entry anew: comments above and below it and keys that are not ours stay. */
export function replaceEntry(draft: Draft, id: number, deployment: Omit<Deployment, 'id'>): Draft {
  const { index, piece } = requireEntry(draft, id)
  const foreign = Object.entries(dataOf(piece)).filter(([key]) => !DEPLOYMENT_KEYS.has(key))
  const expected = { ...checked(deploymentData(deployment, id), checkDeployment), ...Object.fromEntries(foreign) }
  const { above, below } = itemMargins(piece.after)
  const after = above + emitItem(expected, columnOf(draft, 'deployments'), draft.eol) + below
  return withPiece(draft, index, { ...piece, after, expected })
}

export function setEntryKey(draft: Draft, id: number, change: Omit<KeyChange, 'eol'>): Draft {
  const { index, piece } = requireEntry(draft, id)
  return withPiece(draft, index, setPieceKey(piece, { ...change, eol: draft.eol }))
}

function setPieceKey(piece: DraftPiece, change: KeyChange): DraftPiece {
  const data = dataOf(piece)
  if (data[change.key] === change.value) return piece
  const after = setKey(piece.after, change)
  if (after === undefined) throw unsplicable(piece, change.key)
  return { ...piece, after, expected: { ...data, [change.key]: change.value } }
}

export type LiftedHold = Pick<Extract<HistoryEdit, { kind: 'lift-hold' }>, 'version' | 'environment'>

export function addHold(draft: Draft, hold: Hold): Draft {
  const expected = checked(holdData(hold), checkHold)
  const after = emitItem(expected, columnOf(draft, 'held'), draft.eol)
  return addFirst(draft, { kind: 'item', key: 'held', before: '', after, hold, expected })
}

/** Of one environment, with a hold that counts in all of them; without `environment` those of every one. */
export function liftHold(draft: Draft, { version, environment }: LiftedHold): Draft {
  const isLifted = ({ hold, after }: DraftPiece) =>
    hold !== undefined &&
    after !== '' &&
    sameVersion(hold.version, version) &&
    (environment === undefined || isHeldIn(hold, environment))
  if (!draft.pieces.some(isLifted)) throw changed(`${version} is not held any more`)
  return { ...draft, pieces: draft.pieces.map((piece) => (isLifted(piece) ? { ...piece, after: '' } : piece)) }
}

/** Ids that were counted would count differently without the entries that go: they are written down first. */
export function writeIds(draft: Draft): Draft {
  const pieces = draft.pieces.map((piece) =>
    piece.entry && piece.id !== undefined && piece.after !== '' && !piece.entry.hasId
      ? setPieceKey(piece, { key: 'id', value: piece.id, eol: draft.eol })
      : piece,
  )
  return { ...draft, pieces }
}

export function requireEntry(draft: Draft, id: number): { readonly index: number; readonly piece: DraftPiece } {
  const index = findEntry(draft, id)
  const piece = draft.pieces[index]
  if (piece) return { index, piece }
  throw changed(`deployment @${id} is not in the history any more`)
}

/** @throws BUG: an entry that was read once cannot be read again */
function dataOf(piece: DraftPiece): JsonObject {
  const read = piece.expected ? { data: piece.expected } : readItem(piece.after)
  const data = 'data' in read ? read.data : null
  if (data !== null && typeof data === 'object' && !Array.isArray(data)) return data as JsonObject
  throw new BagboyError('BUG', `Deployment @${piece.id ?? 0} cannot be read again.`)
}

function checked(data: JsonObject, check: (data: Json) => { success: boolean; error?: Error }): JsonObject {
  const { success, error } = check(data)
  if (success) return data
  throw new BagboyError('BUG', `This cannot be written into the history: ${error?.message ?? ''}`, { cause: error })
}

function unsplicable({ id }: DraftPiece, key: string): BagboyError {
  return new BagboyError('HISTORY_INVALID', `deployment @${id ?? 0} is written in a way that ${key} cannot be set in`, {
    hint: `Write the entry in block form, one "key: value" a line, or set ${key} by hand.`,
  })
}

function changed(message: string): BagboyError {
  return new BagboyError('HISTORY_CHANGED', message, {
    hint: 'The history was changed meanwhile; read it again and repeat.',
  })
}
