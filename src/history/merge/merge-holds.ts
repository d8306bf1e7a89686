import type { Hold } from '../../domain/deployment.ts'
import { sameVersion } from '../../domain/version.ts'
import { draftText, startDraft } from '../draft.ts'
import { addHold, liftHold } from '../edit-draft.ts'
import type { ParsedHistory } from '../parse-history.ts'

/** Holds placed and lifted by commits since the edit began, on top of the person's file. Pure. @returns its text */
export function mergeHolds(
  label: string,
  {
    base,
    ours,
    theirs,
  }: { readonly base: readonly Hold[]; readonly ours: readonly Hold[]; readonly theirs: ParsedHistory },
): string {
  const has = (holds: readonly Hold[], { version }: Hold) => holds.some((other) => sameVersion(other.version, version))
  const { held } = theirs.history
  const placed = ours.filter((hold) => !has(base, hold) && !has(held, hold))
  const lifted = base.filter((hold) => !has(ours, hold) && has(held, hold))
  if (placed.length + lifted.length === 0) return theirs.text
  const cleared = lifted.reduce((draft, { version }) => liftHold(draft, version), startDraft(label, theirs))
  return draftText(placed.toReversed().reduce(addHold, cleared))
}
