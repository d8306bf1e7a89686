const SCHEME = /^[ \t]*version_scheme[ \t]+(?<number>\d+)[ \t]*\r?\n/mu
const FORMULA = /^class[ \t]+\w+[ \t]*<[ \t]*Formula\b.*\r?\n/mu
const VERSION_LINE = /^ {2}version[ \t]+["'].*\r?\n/mu

/**
 * The old formula with a `version_scheme` above the served one's, so that `brew upgrade` takes it for newer whatever its
 * version. The served text itself when it is just that already. `undefined` for a cask, which needs none. Pure.
 */
export function raiseVersionScheme(old: string, served: string): string | undefined {
  if (!FORMULA.test(old)) return undefined
  const [oldScheme, servedScheme] = [schemeOf(old), schemeOf(served)]
  if (servedScheme >= oldScheme && withoutScheme(served) === withoutScheme(old)) return served
  return withScheme(old, Math.max(oldScheme, servedScheme) + 1)
}

function schemeOf(text: string): number {
  return Number(SCHEME.exec(text)?.groups?.['number'] ?? '0')
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
