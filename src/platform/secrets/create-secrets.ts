import type { Secrets } from '../platform.ts'
import { secretForms } from './secret-forms.ts'

const MASK = '***'
/** A shorter one is no secret, and stands in every text. */
const MIN_LENGTH = 4
/** From here on a secret is masked wherever it stands in a text from outside; a shorter one as a word of its own only. */
const WHOLE_LENGTH = 6
/** From here on also in our own words, which may hold a shorter one by chance. */
const LONG_LENGTH = 8
/** Tokens are renewed again and again; the oldest ones are over. */
const KEPT = 200

/** Knows every secret that was resolved in this process. It keeps them in memory only. */
export function createSecrets(): Secrets {
  const known = new Map<string, readonly string[]>()
  let forms: readonly string[] = []

  const add = (...secrets: readonly string[]): void => {
    for (const secret of secrets.flatMap(partsOf).filter((each) => each.length >= MIN_LENGTH)) {
      const found = known.get(secret) ?? secretForms(secret)
      known.delete(secret)
      known.set(secret, found)
    }
    for (const secret of [...known.keys()].slice(0, Math.max(0, known.size - KEPT))) known.delete(secret)
    // The longest first, so that no rest of a longer one stays.
    forms = [...new Set([...known.values()].flat())].sort((a, b) => b.length - a.length)
  }
  const maskWith = (text: string, from: readonly string[]): string =>
    from.reduce((masked, form) => (masked.includes(form) ? replaceForm(masked, form) : masked), text)

  return {
    add,
    mask: (text) => maskEnd(maskWith(text, forms), forms),
    maskLong: (text) =>
      maskWith(
        text,
        forms.filter((form) => form.length >= LONG_LENGTH),
      ),
  }
}

/** A login that was given as Basic credentials may be repeated without its encoding, and a password without its user. */
function partsOf(text: string): readonly string[] {
  const secret = text.trim()
  const decoded = /^[A-Za-z0-9+/]{8,}={0,2}$/u.test(secret) ? Buffer.from(secret, 'base64').toString('utf8') : ''
  const login = /^[^:\p{C}]+:(?<password>[^\p{C}]+)$/u.exec(decoded)
  return login ? [secret, decoded, login.groups?.['password'] ?? ''] : [secret]
}

function replaceForm(text: string, form: string): string {
  return form.length >= WHOLE_LENGTH ? text.replaceAll(form, MASK) : replaceWord(text, form)
}

/** A text that was cut may end within a secret. */
function maskEnd(text: string, forms: readonly string[]): string {
  const cut = Math.max(0, ...forms.map((form) => lengthOfStart(text, form)))
  return cut === 0 ? text : `${text.slice(0, -cut)}${MASK}`
}

/** How much of a form, though not all of it, the text ends with; 0 for less than what says something. */
function lengthOfStart(text: string, form: string): number {
  for (let length = Math.min(form.length - 1, text.length); length >= LONG_LENGTH; length -= 1) {
    if (text.endsWith(form.slice(0, length))) return length
  }
  return 0
}

function replaceWord(text: string, word: string): string {
  const [first = '', ...rest] = text.split(word)
  let masked = first
  let before = first
  for (const after of rest) {
    const isWord = !/[\p{L}\p{N}]$/u.test(before.slice(-2)) && !/^[\p{L}\p{N}]/u.test(after.slice(0, 2))
    masked += (isWord ? MASK : word) + after
    before = isWord ? after : word + after
  }
  return masked
}
