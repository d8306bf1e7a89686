import { isAbsolute } from 'node:path'
import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

/** Where a git repository is, checked: it can be neither an option nor a program. */
export interface GitRemote {
  /** What git is given. */
  readonly url: string
  /** For screens, plans and journals: without a user name. */
  readonly shown: string
  readonly kind: 'http' | 'ssh' | 'git' | 'folder'
  /** Of a folder: its absolute path; otherwise empty. */
  readonly folder: string
}

const SCHEME = /^(https?|ssh|git|file):\/\//u
/** `git@host:owner/tap.git`: one colon before the first slash. */
const SHORT_SSH = /^(?:[\w.+-]+@)?[\w.][\w.-]*:(?![:/]{2})[^\s:]\S*$/u
// eslint-disable-next-line no-control-regex -- control characters are what this expression is about
const CONTROL = /[\u0000-\u001f\u007f]/u

/** Why git must not be given this address; `undefined` when it may. */
export function problemOfRemote(text: string): string | undefined {
  if (text === '') return 'is empty'
  if (text.startsWith('-')) return 'begins with "-", which git would take for an option'
  if (CONTROL.test(text)) return 'holds control characters'
  if (/^\w[\w+.-]*::/u.test(text)) return 'names a program of git (helper::address); write a URL or an absolute path'
  if (SCHEME.test(text)) return problemOfUrl(text)
  if (isAbsolute(text) || SHORT_SSH.test(text)) return undefined
  return 'is neither a URL nor an absolute path'
}

function problemOfUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is not a valid URL'
  const { password, hostname } = new URL(text)
  if (password !== '') return 'holds a password; a secret never stands in this file: write credentials: ${env:NAME}'
  // A host that begins with "-" becomes an option of ssh (CVE-2017-1000117).
  return hostname.startsWith('-') ? 'has a host that begins with "-"' : undefined
}

/** @throws CONFIG_INVALID */
export function parseGitRemote(text: string): GitRemote {
  const problem = problemOfRemote(text)
  if (problem !== undefined) {
    throw new BagboyError('CONFIG_INVALID', `The git remote ${sanitize(JSON.stringify(text), 200)} ${problem}.`, {
      hint: 'Set remote: under deployment.registries to a URL or an absolute path.',
    })
  }
  const scheme = SCHEME.exec(text)?.[1]
  if (scheme === undefined) {
    return isAbsolute(text)
      ? { url: text, shown: text, kind: 'folder', folder: text }
      : { url: text, shown: text, kind: 'ssh', folder: '' }
  }
  const url = new URL(text)
  switch (scheme) {
    case 'file':
      return { url: text, shown: text, kind: 'folder', folder: decodeURIComponent(url.pathname) }
    case 'ssh':
    case 'git':
      return { url: text, shown: text, kind: scheme, folder: '' }
    default:
      return { url: text, shown: withoutUser(text), kind: 'http', folder: '' }
  }
}

/** A token may stand in the place of a user name. */
function withoutUser(text: string): string {
  return text.replace(/^(https?:\/\/)[^/?#]*@/u, '$1')
}

/**
 * The address a registry means when none is configured: `owner/homebrew-tap` is on GitHub.
 * @throws CONFIG_INVALID when the registry names none
 */
export function remoteOfRegistry(registry: string): GitRemote {
  return parseGitRemote(/^[\w][\w.-]*\/[\w][\w.-]*$/u.test(registry) ? `https://github.com/${registry}.git` : registry)
}
