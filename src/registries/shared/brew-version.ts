const VERSION = /^[ \t]*version[ \t]+(["'])(?<version>[^"']+)\1/u
const TAG = /\btag:[ \t]*(["'])v?(?<version>\d[^"']*)\1/u
const ADDRESS = /^[ \t]*url[ \t]+(["'])(?<url>[^"']+)\1/u
/** A folder of its own, as hosts of releases have them: `/cli-v1.2.0/`. */
const FOLDER = /^(?:[A-Za-z][\w-]*[-_@])?v?(?<version>\d+(?:\.\d+)+(?:-[0-9A-Za-z.-]+)?)$/u
/** An archive with no other name: `/v1.2.0.zip`. */
const ARCHIVE = /^v?(?<version>\d+(?:\.\d+)+(?:-[0-9A-Za-z.-]+?)?)(?:\.tar\.\w+|\.tgz|\.zip)$/u
/** In a file's name: `myapp-1.2.0-darwin-arm64.tar.gz`. */
const FILE = /[-_]v?(?<version>\d+(?:\.\d+)+(?:-(?:alpha|beta|rc|pre|dev)[.\d]*)?)/u

/** No file system has longer names; expressions that go back and forth see nothing longer. */
const MAX_NAME_LENGTH = 255

/**
 * The version of a formula or cask: what it says itself, else what its tag or address says, as Homebrew does; `undefined`
 * when it cannot be told. Only text: nothing of Ruby is evaluated. Takes time in proportion to the text. Pure.
 */
export function brewVersion(text: string): string | undefined {
  const lines = text.split('\n')
  const own = firstIn(lines, VERSION)?.['version'] ?? firstIn(lines, TAG)?.['version']
  if (own !== undefined) return plain(own)
  const [path = ''] = (firstIn(lines, ADDRESS)?.['url'] ?? '').split(/[?#]/u, 1)
  return plain(versionInPath(path) ?? '')
}

function firstIn(lines: readonly string[], pattern: RegExp): Readonly<Record<string, string>> | undefined {
  for (const line of lines) {
    const found = pattern.exec(line)
    // What stands behind a `#` is a comment.
    if (found?.groups && !line.slice(0, found.index).includes('#')) return found.groups
  }
  return undefined
}

function versionInPath(path: string): string | undefined {
  const [, ...names] = path.split('/').map((name) => (name.length > MAX_NAME_LENGTH ? '' : name))
  const file = names.pop() ?? ''
  const folder = names.map((name) => FOLDER.exec(name)).find((found) => found !== null)
  return (folder ?? ARCHIVE.exec(file) ?? FILE.exec(file))?.groups?.['version']
}

/** The first part of a cask's `1.2.0,45`; nothing with Ruby or control characters in it. */
function plain(version: string): string | undefined {
  const [first = ''] = version.split(',', 1)
  return /^[0-9A-Za-z][0-9A-Za-z.+_-]*$/u.test(first) ? first : undefined
}
