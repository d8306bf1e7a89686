import type { KeyRing } from '../../src/signing/key-ring.ts'
import { signingKeyFromSeed, type SigningKey } from '../../src/signing/signing-key.ts'

/** Always the same key for the same letter: `a` is the machine that most tests run on. */
export function keyOf(letter: string): SigningKey {
  return signingKeyFromSeed(Buffer.alloc(32, letter).toString('hex'))
}

/** A machine with this key, which trusts those of others. */
export function keyRingOf(letter: string, ...trusted: readonly string[]): KeyRing {
  const own = keyOf(letter)
  return {
    own: () => Promise.resolve(own),
    find: (id) => {
      if (id === own.id) return Promise.resolve({ owner: 'own', key: own } as const)
      const name = trusted.find((one) => keyOf(one).id === id)
      return Promise.resolve(name === undefined ? undefined : { owner: 'colleague', key: keyOf(name), name })
    },
  }
}

export const TEST_KEYS = keyRingOf('a')
