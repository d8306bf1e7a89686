import { sanitize } from '../domain/text/sanitize.ts'
import type { TrustPart } from './trust-part.ts'

const MAX_LENGTH = 300

/** Groups of parts in the order in which they are shown, each with the sentence that begins it. */
export const PART_GROUPS = [
  { kind: 'program', title: 'Programs that would run' },
  { kind: 'secret', title: 'Secrets that would be read, and where they would go' },
  { kind: 'login', title: 'Logins of yours that would be used, and where' },
  { kind: 'request', title: 'Requests that may change something' },
] as const satisfies readonly { readonly kind: TrustPart['kind']; readonly title: string }[]

/** One part in one line, safe to show. Pure. */
export function partText({ kind, what, where }: TrustPart): string {
  const [shown, location] = [sanitize(what, MAX_LENGTH), sanitize(where, MAX_LENGTH)]
  return kind === 'secret' || kind === 'login' ? `${shown}  →  ${location}` : `${shown}  (${location})`
}
