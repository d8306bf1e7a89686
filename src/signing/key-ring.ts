import { ensureMachineKey, readMachineKey, type KeyPlatform } from './machine-key.ts'
import type { PublicKey, SigningKey } from './signing-key.ts'
import { readTrustedKeys } from './trusted-keys.ts'

/** Whose key it is: this user's on this machine, or that of a colleague who is trusted. */
export type KnownKey =
  | { readonly owner: 'own'; readonly key: PublicKey }
  | { readonly owner: 'colleague'; readonly key: PublicKey; readonly name: string }

/** What journals are signed and checked with. */
export interface KeyRing {
  /** This user's key on this machine; made when there is none. @throws KEY_UNUSABLE */
  own(): Promise<SigningKey>
  /** `undefined` for a key that is neither ours nor trusted. @throws KEY_UNUSABLE */
  find(id: string): Promise<KnownKey | undefined>
}

/** Each key is read once a process; one that is not known is looked for again, for it may have been trusted since. */
export function openKeyRing(platform: KeyPlatform): KeyRing {
  let made: Promise<SigningKey> | undefined
  let known: readonly KnownKey[] = []

  async function readKnown(): Promise<readonly KnownKey[]> {
    const own = await readMachineKey(platform)
    const colleagues = await readTrustedKeys(platform)
    return [
      ...(own ? [{ owner: 'own', key: own } as const] : []),
      ...colleagues.map(({ key, name }) => ({ owner: 'colleague', key, name }) as const),
    ]
  }

  return {
    own() {
      made ??= ensureMachineKey(platform)
      // A fault may be repaired meanwhile: the next call tries again.
      made.catch(() => (made = undefined))
      return made
    },
    async find(id) {
      const isKnown = ({ key }: KnownKey) => key.id === id
      if (!known.some(isKnown)) known = await readKnown()
      return known.find(isKnown)
    },
  }
}
