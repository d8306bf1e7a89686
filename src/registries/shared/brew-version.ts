const VERSION = /^[ \t]*version[ \t]+(["'])(?<version>[^"'\n]+)\1/mu
const TAG = /^[^#\n]*\btag:[ \t]*(["'])v?(?<version>\d[^"'\n]*)\1/mu
const ADDRESS = /^[ \t]*url[ \t]+(["'])(?<url>[^"'\n]+)\1/mu
/** A folder of its own, or an archive with no other name, as hosts of releases have them: `/cli-v1.2.0/`, `/v1.2.0.zip`. */
const FOLDER =
  /\/(?:[A-Za-z][\w-]*[-_@])?v?(?<version>\d+(?:\.\d+)+(?:-[0-9A-Za-z.-]+)?)(?=\/)|\/v?(?<archive>\d+(?:\.\d+)+(?:-[0-9A-Za-z.-]+?)?)(?:\.tar\.\w+|\.tgz|\.zip)$/u
/** In a file's name: `myapp-1.2.0-darwin-arm64.tar.gz`. */
const FILE = /[-_]v?(?<version>\d+(?:\.\d+)+(?:-(?:alpha|beta|rc|pre|dev)[.\d]*)?)[^/]*$/u

/**
 * The version of a formula or cask: what it says itself, else what its tag or address says, as Homebrew does; `undefined`
 * when it cannot be told. Only text: nothing of Ruby is evaluated. Pure.
 */
export function brewVersion(text: string): string | undefined {
  const own = versionIn(text, VERSION) ?? versionIn(text, TAG)
  if (own !== undefined) return plain(own)
  const path = (ADDRESS.exec(text)?.groups?.['url'] ?? '').replace(/[?#].*$/su, '')
  return plain(versionIn(path, FOLDER) ?? versionIn(path, FILE) ?? '')
}

function versionIn(text: string, pattern: RegExp): string | undefined {
  const groups = pattern.exec(text)?.groups
  return groups?.['version'] ?? groups?.['archive']
}

/** The first part of a cask's `1.2.0,45`; nothing with Ruby or control characters in it. */
function plain(version: string): string | undefined {
  const [first = ''] = version.split(',')
  return /^[0-9A-Za-z][0-9A-Za-z.+_-]*$/u.test(first) ? first : undefined
}
