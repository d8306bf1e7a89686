import { BagboyError } from '../../errors/bagboy-error.ts'

const SCHEME = /^[ \t]*version_scheme[ \t]+(?<number>\d+)[ \t]*\r?\n/mu
const FORMULA = /^class[ \t]+\w+[ \t]*<[ \t]*Formula\b.*\r?\n/mu
const VERSION_LINE = /^ {2}version[ \t]+["'].*\r?\n/mu

/** Numbers above are written in another form than they are read. */
const MAX_DIGITS = 9

/**
 * The old formula with a `version_scheme` above the served one's, so that `brew upgrade` takes it for newer regardless
 * of its version. The served text itself when it is just that already. `undefined` for a cask, which needs none. Pure.
 * @throws REGISTRY_BROKEN for a scheme with too many digits
 */
export function raiseVersionScheme(old: string, served: string): string | undefined {
  if (!FORMULA.test(old)) return undefined
  const [oldScheme, servedScheme] = [schemeOf(old), schemeOf(served)]
  if (servedScheme >= oldScheme && withoutScheme(served) === withoutScheme(old)) return served
  return withScheme(old, Math.max(oldScheme, servedScheme) + 1)
}

function schemeOf(text: string): number {
  const digits = SCHEME.exec(text)?.groups?.['number'] ?? '0'
  if (digits.length <= MAX_DIGITS) return Number(digits)
  throw new BagboyError('REGISTRY_BROKEN', `brew: version_scheme has ${digits.length} digits and cannot be raised`, {
    hint: 'Correct version_scheme in the formula, or remove bump_version_scheme from bagboy.yaml.',
  })
}

function withoutScheme(text: string): string {
  return text.replace(SCHEME, '')
}

function withScheme(text: string, scheme: number): string {
  const line = `  version_scheme ${scheme}\n`
  if (SCHEME.test(text)) return text.replace(SCHEME, line)
  const anchor = VERSION_LINE.test(text) ? VERSION_LINE : FORMULA
  return text.replace(anchor, (found) => `${found}${line}`)
}
