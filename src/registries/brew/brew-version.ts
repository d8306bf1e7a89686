import { readFormula } from './formula-statements.ts'
import { versionOfTag, versionOfUrl } from './version-of-url.ts'

/**
 * The version of a formula or cask as Homebrew computes it: what it says itself, else what its tag or its address says;
 * `undefined` when it cannot be told. Where platforms differ the first counts. Nothing of Ruby is evaluated. Takes time in
 * proportion to the text. Pure.
 */
export function brewVersion(text: string): string | undefined {
  const { versions, urls } = readFormula(text)
  // One that is said and cannot be told is no other than that: `version :latest`.
  if (versions.length > 0) return plain(versions[0] ?? '')
  for (const { url, tag } of urls) {
    const found = plain((tag === undefined ? versionOfUrl(url) : versionOfTag(tag)) ?? '')
    if (found !== undefined) return found
  }
  return undefined
}

/** The first part of a cask's `1.2.0,45`; nothing with Ruby or control characters in it. */
function plain(version: string): string | undefined {
  const [first = ''] = version.split(',', 1)
  return /^[0-9A-Za-z][0-9A-Za-z.+_-]*$/u.test(first) ? first : undefined
}
