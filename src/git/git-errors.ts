import { untrusted } from '../domain/display.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { notTrusted } from '../platform/not-trusted.ts'
import type { ExecResult } from '../platform/platform.ts'
import type { GitSite } from './git-site.ts'

const LOGIN_HINT =
  'Log in for git (a credential helper, an ssh key, `gh auth setup-git`) or set credentials: ${env:NAME} to user:secret.'
const LATER_HINT = 'Look at the status of the registry, then go on with bagboy-tui runs resume.'

interface Rule {
  readonly pattern: RegExp
  readonly code: ErrorCode
  readonly hint: string
}

/**
 * What git says in the C locale, as seen with git 2.39 and its http, ssh and file transports. The first rule that fits
 * decides: `Could not read from remote repository` follows nearly every other message.
 */
const RULES: readonly Rule[] = [
  {
    pattern:
      /could not read (?:Username|Password)|Authentication failed|Permission denied \(|returned error: 401|Host key verification failed|Invalid username or/iu,
    code: 'REGISTRY_UNAUTHORIZED',
    hint: LOGIN_HINT,
  },
  {
    pattern: /detected dubious ownership/iu,
    code: 'REGISTRY_FORBIDDEN',
    hint: 'The folder belongs to another user: git config --global --add safe.directory FOLDER, if you trust it.',
  },
  {
    pattern:
      /returned error: 403|Permission to .{0,300} denied|Write access to .{0,300} not granted|insufficient permission|Permission denied|access denied(?! or repository)|not allowed to|service not enabled/iu,
    code: 'REGISTRY_FORBIDDEN',
    hint: 'Use credentials that may write to this repository.',
  },
  {
    pattern: /returned error: 429/u,
    code: 'REGISTRY_RATE_LIMITED',
    hint: 'Wait, then go on with bagboy-tui runs resume.',
  },
  { pattern: /returned error: 5\d\d|HTTP 5\d\d/u, code: 'REGISTRY_BROKEN', hint: LATER_HINT },
  {
    pattern: /not valid: is this a git repository|protocol error|bad line length|unexpected .{0,300}content-type/iu,
    code: 'REGISTRY_BROKEN',
    hint: 'Check that remote: is the address of a git repository and that no proxy answers in its place.',
  },
  {
    pattern: /transport '.{0,300}' not allowed/u,
    code: 'REGISTRY_REJECTED',
    hint: 'Use an address that begins with https, http, ssh, git or file, or an absolute path.',
  },
  {
    pattern:
      /repository .{0,300} not found|Repository not found|does not appear to be a git repository|returned error: 404|no such repository|access denied or repository not exported/iu,
    code: 'REGISTRY_NOT_FOUND',
    hint: `Check registry: and remote:, that git is 2.31 or newer, and that the credentials may see it. ${LOGIN_HINT}`,
  },
  {
    pattern:
      /unable to access|unable to connect|could not resolve|connection (?:refused|timed out|reset|closed)|no route to host|hung up|early EOF|RPC failed|unexpected disconnect|Could not read from remote repository/iu,
    code: 'REGISTRY_UNREACHABLE',
    hint: 'Check the network and remote:, then go on with bagboy-tui runs resume.',
  },
]

/** The error an ended git means. */
export function gitError(site: GitSite, doing: string, { exitCode, stderr }: ExecResult): BagboyError {
  const rule = RULES.find(({ pattern }) => pattern.test(stderr))
  const said = complaintOf(site, stderr)
  if (rule?.code === 'REGISTRY_UNAUTHORIZED' && !site.platform.trust.isGiven()) {
    return notTrusted(`${untrusted(site.remote.shown, 200)} asks for a login while ${doing}, and none was used`)
  }
  return new BagboyError(
    rule?.code ?? 'REGISTRY_BROKEN',
    `${untrusted(site.remote.shown, 200)}: git ended with ${exitCode} while ${doing}${said === '' ? '' : `: ${said}`}`,
    {
      hint: rule?.hint ?? `Try again; if it stays so, delete our copy, ${site.folder}: only speed is lost.`,
      details: { exitCode },
    },
  )
}

/** What git and the remote complain about, without what they are chatty about. */
export function complaintOf(site: GitSite, stderr: string): string {
  const lines = site.platform.secrets.mask(stderr).split(/[\r\n]+/u)
  const complaints = lines.filter((line) => /^(?:fatal|error|remote|ssh):/u.test(line))
  const chosen = complaints.length > 0 ? complaints : lines
  const texts = chosen
    .map((line) => line.replace(/^(?:fatal|error|remote): ?/u, '').trim())
    .filter((line) => line !== '')
  return untrusted([...new Set(texts)].join('; '), 400)
}
