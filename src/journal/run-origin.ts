import type { KeyRing } from '../signing/key-ring.ts'
import type { RecordSignature } from './record-signature.ts'

/**
 * Whose a run is. `own`: this user wrote its newest record here, on this machine · `colleague`: a machine whose key is
 * trusted did · `foreign`: neither is proved, so nothing of it is carried out without a takeover.
 */
export type RunOrigin =
  | { readonly kind: 'own' }
  | { readonly kind: 'colleague'; readonly name: string; readonly key: string }
  | {
      readonly kind: 'foreign'
      /** `changed`: signed with a known key, but not these bytes in this folder. */
      readonly reason: 'not-signed' | 'unknown-key' | 'changed'
      /** Id of the key it claims to be signed with; empty without one. */
      readonly key: string
    }

/** What a signature of a run is bound to, besides what was signed. */
export interface SignatureScope {
  /** `run` or `deploy`. */
  readonly noun: string
  /** The project's folder for state, absolute and without links: a copy of it elsewhere is another place. */
  readonly location: string
  readonly run: string
  /** sha256 of the frozen plan. */
  readonly planHash: string
}

/** What is signed of a record. A list, so that no two of them can be written alike. */
export function recordMessage(scope: SignatureScope, part: number, hash: string): string {
  return JSON.stringify(['bagboy-tui record 1', scope.noun, scope.location, scope.run, scope.planHash, part, hash])
}

/** What is signed of a plan before the run has a record. */
export function planMessage(scope: SignatureScope): string {
  return JSON.stringify(['bagboy-tui plan 1', scope.noun, scope.location, scope.run, scope.planHash])
}

export async function originOf(keys: KeyRing, message: string, signature: RecordSignature | null): Promise<RunOrigin> {
  if (!signature) return { kind: 'foreign', reason: 'not-signed', key: '' }
  const { key: id } = signature
  const known = await keys.find(id)
  if (!known) return { kind: 'foreign', reason: 'unknown-key', key: id }
  if (!known.key.verifies(message, signature.value)) return { kind: 'foreign', reason: 'changed', key: id }
  return known.owner === 'own' ? { kind: 'own' } : { kind: 'colleague', name: known.name, key: id }
}

/** Why it is so, as the end of a sentence. Pure. */
export function originText(origin: RunOrigin): string {
  if (origin.kind === 'own') return 'signed by this user on this machine'
  if (origin.kind === 'colleague') return `signed by ${origin.name || 'a colleague'} (trusted key ${origin.key})`
  switch (origin.reason) {
    case 'not-signed':
      return 'it is not signed'
    case 'unknown-key':
      return `it is signed with the key ${origin.key}, which this user does not trust`
    case 'changed':
      return `its signature with the key ${origin.key} does not fit: it was copied from another folder or changed`
  }
}
