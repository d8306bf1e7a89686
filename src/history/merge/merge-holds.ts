import type { Hold } from '../../domain/deployment.ts'
import { sameVersion } from '../../domain/version.ts'
import { draftText, startDraft } from '../edit/draft.ts'
import { addHold } from '../edit/edit-draft.ts'
import type { ParsedHistory } from '../read/parse-history.ts'

/** Holds placed and lifted by commits since the edit began, on top of the person's file. Pure. @returns its text */
export function mergeHolds(
  label: string,
  {
    base,
    ours,
    theirs,
  }: { readonly base: readonly Hold[]; readonly ours: readonly Hold[]; readonly theirs: ParsedHistory },
): string {
  const has = (holds: readonly Hold[], hold: Hold) => holds.some((other) => isSameHold(other, hold))
  const { held } = theirs.history
  const located = ours.filter((hold) => !has(base, hold) && !has(held, hold))
  const lifted = base.filter((hold) => !has(ours, hold) && has(held, hold))
  if (located.length + lifted.length === 0) return theirs.text
  const start = startDraft(label, theirs)
  const cleared = start.pieces.map((piece) =>
    lifted.some((hold) => piece.hold && isSameHold(piece.hold, hold)) ? { ...piece, after: '' } : piece,
  )
  return draftText(located.toReversed().reduce(addHold, { ...start, pieces: cleared }))
}

function isSameHold(one: Pick<Hold, 'version' | 'environment'>, { version, environment }: Hold): boolean {
  return sameVersion(one.version, version) && one.environment === environment
}
