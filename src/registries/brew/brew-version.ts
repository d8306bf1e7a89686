import { compareVersions } from '../../domain/version.ts'
import { readFormula, type FormulaUrl, type Reach } from './formula-statements.ts'
import { versionOfTag, versionOfUrl } from './version-of-url.ts'

/** Which statements say what release a file is of, where platforms differ: old systems may stay at an old one for ever. */
const ORDER: readonly Reach[] = ['everywhere', 'newer', 'some', 'older']

/**
 * The version of a formula or cask as Homebrew computes it: what it says itself, else what its tag or its address says;
 * `undefined` when it cannot be told. Where platforms differ it is the one of the newest systems; else the highest that is
 * said, or the first address that has one.
 * Nothing of Ruby is evaluated. Takes time in proportion to the text. Pure.
 */
export function brewVersion(text: string): string | undefined {
  const { versions, urls } = readFormula(text)
  // One that is said and cannot be told is no other than that: `version :latest`.
  if (versions.length > 0) return highest(leading(versions).flatMap(({ version }) => plain(version ?? '') ?? []))
  for (const reach of ORDER) {
    for (const url of urls) {
      const found = url.reach === reach ? ofUrl(url) : undefined
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** The versions that a formula or cask has for any of the platforms. Pure. */
export function brewVersions(text: string): readonly string[] {
  const { versions, urls } = readFormula(text)
  const found =
    versions.length > 0
      ? versions.flatMap(({ version }) => plain(version ?? '') ?? [])
      : urls.flatMap((url) => ofUrl(url) ?? [])
  return [...new Set(found)]
}

/** Those of the first reach that there is. */
function leading<Said extends { readonly reach: Reach }>(all: readonly Said[]): readonly Said[] {
  const first = ORDER.find((reach) => all.some((one) => one.reach === reach))
  return all.filter(({ reach }) => reach === first)
}

function highest(versions: readonly string[]): string | undefined {
  return versions.reduce<string | undefined>(
    (best, one) => (best === undefined || compareVersions(one, best) > 0 ? one : best),
    undefined,
  )
}

function ofUrl({ url, tag }: FormulaUrl): string | undefined {
  return plain((tag === undefined ? versionOfUrl(url) : versionOfTag(tag)) ?? '')
}

/** The first part of a cask's `1.2.0,45`; nothing with Ruby or control characters in it. */
function plain(version: string): string | undefined {
  const [first = ''] = version.split(',', 1)
  return /^[0-9A-Za-z][0-9A-Za-z.+_-]*$/u.test(first) ? first : undefined
}
