import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { KeyRing } from '../signing/key-ring.ts'
import type { SigningKey } from '../signing/signing-key.ts'
import type { JournalRecord } from './journal.ts'
import type { JournalLine, SignHash } from './journal-line.ts'
import { scanJournal, type JournalScan } from './read-journal.ts'
import { PLAN, planSignatureName, planSigners } from './run-files.ts'
import { findRun, readParts, type FoundRun, type RunStorage } from './run-folders.ts'
import { ifReadable, orUnreadable } from '../platform/unreadable.ts'
import { originOf, planMessage, recordMessage, type RunOrigin, type SignatureScope } from './run-origin.ts'
import type { RecordSignature } from './record-signature.ts'

export interface SignedRuns extends RunStorage {
  readonly keys: KeyRing
}

/** A run as it is read at one moment. */
export interface ReadRunFolder<Event extends JournalRecord> extends JournalScan<Event> {
  readonly isOpen: boolean
  readonly planText: string
}

export async function readRunFolder<Event extends JournalRecord>(
  runs: RunStorage,
  run: string,
  lastPart = Number.MAX_SAFE_INTEGER,
): Promise<ReadRunFolder<Event>> {
  const found = await findRun(runs, run)
  const scan = scanJournal<Event>(await readParts(runs, found, lastPart), run, await runs.words.loadForm())
  const planText = await orUnreadable(readPlanText(runs, found))
  // It may have been moved while it was read, and then nothing was found in its old place.
  const after = await findRun(runs, run)
  if (after.path !== found.path) return await readRunFolder<Event>(runs, run, lastPart)
  if (planText instanceof BagboyError) return { ...scan, damage: planText, isOpen: found.isOpen, planText: '' }
  return { ...scan, isOpen: found.isOpen, planText }
}

export async function readPlanText({ files }: RunStorage, { path }: FoundRun): Promise<string> {
  const bytes = await files.read(join(path, PLAN))
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

/**
 * Whose a run is: that of the newest record that counts, for its hash speaks for every record before it. A new owner of
 * the run writes a record of its own. Without a record it is the origin of the plan.
 */
export async function runOrigin<Event extends JournalRecord>(
  runs: SignedRuns,
  run: string,
  { lines, planText, damage }: Pick<ReadRunFolder<Event>, 'lines' | 'planText' | 'damage'>,
): Promise<RunOrigin> {
  const scope = await signatureScope(runs, run, planText)
  const ofLine = ({ part, hash, signature }: JournalLine<Event>) =>
    originOf(runs.keys, recordMessage(scope, part, hash), signature)
  // Of a damaged one it only says whose obligation it was: it is not gone on with. The damage may be in a signature.
  for (const line of lines.toReversed()) {
    const origin = await ofLine(line)
    if (damage === null || origin.kind !== 'foreign') return origin
  }
  let origin = await originOf(runs.keys, planMessage(scope), null)
  for (const signature of await planSignatures(runs, run, scope)) {
    origin = await originOf(runs.keys, planMessage(scope), signature)
    if (origin.kind !== 'foreign') return origin
  }
  return origin
}

async function planSignatures(
  runs: SignedRuns,
  run: string,
  { planHash }: SignatureScope,
): Promise<readonly RecordSignature[]> {
  const { path, names } = await findRun(runs, run)
  const read = planSigners(names, planHash).map(async (key) => {
    const bytes = await ifReadable(runs.files.read(join(path, planSignatureName(key, planHash))))
    return { key, value: Buffer.from(bytes ?? []).toString('latin1') }
  })
  return Promise.all(read)
}

/** Written before the plan: a folder without a plan is no run yet. */
export async function signPlan(runs: SignedRuns, run: string, path: string, planText: string): Promise<void> {
  const key = await runs.keys.own()
  const scope = await signatureScope(runs, run, planText)
  const name = planSignatureName(key.id, scope.planHash)
  await runs.files.createExclusive(join(path, name), Buffer.from(key.sign(planMessage(scope)), 'latin1'))
}

/** Signs the records of one part with this user's key. @throws KEY_UNUSABLE */
export async function recordSigner(runs: SignedRuns, run: string, part: number, planText: string): Promise<SignHash> {
  const key: SigningKey = await runs.keys.own()
  const scope = await signatureScope(runs, run, planText)
  return (hash) => ({ key: key.id, value: key.sign(recordMessage(scope, part, hash)) })
}

async function signatureScope(
  { files, folder, words }: RunStorage,
  run: string,
  planText: string,
): Promise<SignatureScope> {
  const state = dirname(folder)
  const location = (await files.realPath(state)) ?? state
  return { noun: words.noun, location, run, planHash: createHash('sha256').update(planText).digest('hex') }
}
