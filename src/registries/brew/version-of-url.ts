/**
 * How Homebrew tells a version from an address or a tag: rules in an order, of which the first that finds something counts.
 * `stem`: looked for in the name of the file without its extension; `url`: in all of the address.
 */
interface Rule {
  readonly in: 'stem' | 'url'
  readonly pattern: RegExp
  /** Whether `_` stands for a dot. */
  readonly hasUnderscores?: boolean
}

/** What may begin in the middle of a number is looked for at its beginning only, so that each is gone through once. */
const RULES: readonly Rule[] = [
  // 2023-09-28, ltopers-v2017-04-14
  { in: 'stem', pattern: /v?(\d{4}-\d{2}-\d{2})/u },
  // github.com/a/b/tarball/v1.2.3
  { in: 'url', pattern: /github\.com\/[^ ]+\/(?:zip|tar)ball\/(?:v|\w+-)?((?:\d+[._-])+\d*)$/u },
  // github.com/a/b/releases/download/v1.2.0/b_darwin_arm64.tar.gz
  { in: 'url', pattern: /github\.com\/[^ ]+\/releases\/download\/(?:[rvV]_?)?(\d+(?:\.\d+)+)\//u },
  // OTP_R15B01
  { in: 'url', pattern: /[_-](r\d+[ab]\d*(?:-\d+)?)/iu },
  // boost_1_39_0
  { in: 'stem', pattern: /(?<!\d|\d_)((?:\d+_)+\d+)$/u, hasUnderscores: true },
  // foobar-4.5.1-1, ruby-1.9.1-p243
  {
    in: 'stem',
    pattern: /[_-](\d+(?:\.\d+)+-(?:p|rc)?\d+)(?:[._-](?:bin|dist|stable|src|sources?|final|full))?$/iu,
  },
  // v0.0.8-12, 3.6.6-0.2
  { in: 'stem', pattern: /^v?(\d+(?:\.\d+)+(?:-\d+(?:\.\d+)*)+)/u },
  // waf-1.8.12, tar.gz/v0.7.1
  { in: 'url', pattern: /[-v](\d+(?:\.\d+)*)$/u },
  // lame-398-1
  { in: 'stem', pattern: /-(\d+-\d+)/u },
  // foobar-4.5.1, 4.5.1.post1, 4.5.1b, 4.5.0-alpha5
  { in: 'stem', pattern: /-(\d+(?:\.\d+)*(?:.post\d+)?)$/u },
  { in: 'stem', pattern: /-(\d+(?:\.\d+)*(?:[abc]|rc|RC)\d*)$/u },
  { in: 'stem', pattern: /-(\d+(?:\.\d+)*-(?:alpha|beta|rc)\d*)$/u },
  // libidn-1.29-win64
  { in: 'stem', pattern: /-(\d+(?:\.\d+){1,2})-w(?:in)?(?:32|64)$/u },
  // sha.1.9+opam
  { in: 'stem', pattern: /\.(\d+(?:\.\d+){1,2})\+opam$/u },
  // mtools-4.0.18-1.i686
  { in: 'stem', pattern: /[_-](\d+(?:\.\d+){1,2}(?:-\d+)?)[._-](?:i[36]86|x86|x64(?:[_-](?:32|64))?)$/u },
  // cli-1.3.0-beta.1, v2.074.0-rc1
  { in: 'stem', pattern: /(?<!\d|\d\.)(\d+(?:\.\d+)+[._-]?(?:alpha|beta|pre|rc)\.?\d{0,2})/iu },
  // foobar4.5.1
  { in: 'stem', pattern: /(?<!\d|\d\.)(\d+(?:\.\d+)*)$/u },
  // foobar-4.5.0-bin
  {
    in: 'stem',
    pattern: /[-vV](\d+(?:\.\d+)+[abc]?)[._-](?:[Bb]in|[Dd]ist|[Ss]table|[Ss]rc|[Ss]ources?|[Ff]inal|[Ff]ull)$/u,
  },
  // antlr-3.4-complete
  { in: 'stem', pattern: /-(\d+(?:\.\d+)+)-/u },
  // dash_0.5.5.1.orig
  { in: 'stem', pattern: /_(\d+(?:\.\d+)*[abc]?)\.orig$/u },
  // openssl-0.9.8s, astyle_1.23_macosx
  { in: 'stem', pattern: /-v?(\d[^-]+)/u },
  { in: 'stem', pattern: /_v?(\d[^_]+)/u },
  // war/1.486/jenkins.war
  { in: 'url', pattern: /\/(?:[rvV]_?)?(\d+\.\d+(?:\.\d+){0,2})/u },
  // jpegsrc.v8d
  { in: 'stem', pattern: /\.v(\d+[a-z]?)/u },
  // php-7.1.10.tar.bz2/from/this/mirror
  { in: 'url', pattern: /(?<!\d|\d\.)(\d+(?:\.\d+)+(?:[._-]?(?:alpha|beta|pre|rc)\.?\d{0,2})?)/iu },
]

/** Expressions that go back and forth see nothing longer. */
const MAX_LENGTH = 600
const BOTTLE = /\.[a-z0-9_]+\.bottle\.(?:\d+\.)?tar\.gz$/u
const ARCHIVE = /\.(?:tar|cpio|pax)\.(?:gz|bz2|lz|xz|zst|Z)$/u
/** The machine a file is for, at the end of its name: `_Darwin_arm64`. Its digits are no version. */
const MACHINE =
  /(?:[._-](?:apple|darwin|macos|osx|mac|linux|windows|win|unknown|freebsd|gnu|musl|msvc|universal))*[._-](?:(?:darwin|macos|osx|mac|linux|windows|win)[._-]?)?(?:arm64|amd64|x86_64|aarch64|armv\d\w*|x64|x86-64|i[36]86|64|32)(?:[._-](?:apple|darwin|macos|osx|mac|linux|windows|win|unknown|freebsd|gnu|musl|msvc))*$/iu

/** The version in an address, as Homebrew reads it; `undefined` when it finds none. Pure. */
export function versionOfUrl(url: string): string | undefined {
  return versionIn(unescaped(url))
}

/** The version in a tag: `v1.2.0`, `cli-1.2.0`. Pure. */
export function versionOfTag(tag: string): string | undefined {
  return versionIn(tag)
}

function versionIn(spec: string): string | undefined {
  if (spec.length > MAX_LENGTH) return undefined
  const names = { stem: withoutMachine(stemOf(spec)), url: spec }
  for (const { in: where, pattern, hasUnderscores } of RULES) {
    const found = pattern.exec(names[where])?.[1]
    if (found !== undefined) return hasUnderscores === true ? found.replaceAll('_', '.') : found
  }
  return undefined
}

/** Homebrew takes the 64 of `arm64` for a version; such a formula says its version itself, or has none that is one. */
function withoutMachine(stem: string): string {
  const found = MACHINE.exec(stem)
  const rest = found === null ? '' : stem.slice(0, found.index)
  return /\d/u.test(rest) || /[a-z]/iu.test(found?.[0] ?? '') ? rest || stem : stem
}

/** What stands before the extension of the last name. */
function stemOf(spec: string): string {
  const path = /(?:sourceforge\.net|sf\.net)\/.*\/download$/u.test(spec) ? spec.slice(0, spec.lastIndexOf('/')) : spec
  const name =
    path
      .replace(/(?<!\/)\/+$/u, '')
      .split('/')
      .at(-1) ?? ''
  if (path === spec && endsInNumber(spec)) return name
  return name.slice(0, name.length - extensionOf(name).length)
}

/** Whether no letter stands behind a dot: `v1.2.0`, which has no extension. */
function endsInNumber(spec: string): boolean {
  const isLetter = Array.from({ length: spec.length }, (_, at) => /[a-zA-Z]/u.test(spec.charAt(at)))
  const tail = spec.slice(isLetter.lastIndexOf(true) + 1)
  const dot = tail.indexOf('.')
  return dot !== -1 && dot < tail.length - 1
}

function extensionOf(name: string): string {
  const long = BOTTLE.exec(name)?.[0] ?? ARCHIVE.exec(name)?.[0]
  if (long !== undefined) return long
  if (/\b\d+\.\d+[^.]*$/u.test(name) && !name.endsWith('.7z')) return ''
  const dot = name.lastIndexOf('.')
  return dot > 0 && dot < name.length - 1 ? name.slice(dot) : ''
}

function unescaped(url: string): string {
  const spaced = url.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
