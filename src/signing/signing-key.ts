import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

/** What stands before the 32 bytes of an Ed25519 key in the DER form of RFC 8410. */
const PRIVATE_PREFIX = '302e020100300506032b657004220420'
const PUBLIC_PREFIX = '302a300506032b6570032100'
const PUBLIC_TEXT = /^ed25519:(?<bytes>[\w-]{43})$/u

/** A key that can be checked with. */
export interface PublicKey {
  /** 16 hexadecimal digits, for people and for finding the key again; the signature is checked with the whole key. */
  readonly id: string
  /** `ed25519:` and 43 characters of base64url: what people give each other. */
  readonly text: string
  /** Whether this key signed exactly this message. */
  verifies(message: string, signature: string): boolean
}

/** A key that can be signed with. */
export interface SigningKey extends PublicKey {
  /** 86 characters of base64url. */
  sign(message: string): string
}

/** `seed`: 32 random bytes as hexadecimal digits. */
export function signingKeyFromSeed(seed: string): SigningKey {
  const der = Buffer.from(PRIVATE_PREFIX + seed, 'hex')
  return toSigningKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
}

/** `undefined` when the text is no Ed25519 private key in PEM form. */
export function signingKeyFromPem(pem: string): SigningKey | undefined {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? toSigningKey(key) : undefined
  } catch (error) {
    // OpenSSL's answer to anything that is no key.
    if (error instanceof Error) return undefined
    throw error
  }
}

/** PKCS #8 in PEM form, of the key that {@link signingKeyFromSeed} makes. */
export function pemFromSeed(seed: string): string {
  const base64 = Buffer.from(PRIVATE_PREFIX + seed, 'hex').toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`
}

/** `undefined` when the text is none of {@link PublicKey.text}. */
export function publicKeyFromText(text: string): PublicKey | undefined {
  const bytes = PUBLIC_TEXT.exec(text)?.groups?.['bytes']
  if (bytes === undefined) return undefined
  const raw = Buffer.from(bytes, 'base64url')
  const der = Buffer.concat([Buffer.from(PUBLIC_PREFIX, 'hex'), raw])
  return toPublicKey(createPublicKey({ key: der, format: 'der', type: 'spki' }), raw)
}

function toSigningKey(key: KeyObject): SigningKey {
  const publicObject = createPublicKey(key)
  const raw = publicObject.export({ format: 'der', type: 'spki' }).subarray(-32)
  return {
    ...toPublicKey(publicObject, raw),
    sign: (message) => sign(null, Buffer.from(message), key).toString('base64url'),
  }
}

function toPublicKey(key: KeyObject, raw: Buffer): PublicKey {
  return {
    id: createHash('sha256').update(raw).digest('hex').slice(0, 16),
    text: `ed25519:${raw.toString('base64url')}`,
    verifies: (message, signature) => verify(null, Buffer.from(message), key, Buffer.from(signature, 'base64url')),
  }
}
