import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { notTrusted } from '../platform/not-trusted.ts'
import type { ExecResult } from '../platform/platform.ts'
import type { GitConnection } from './git-connection.ts'

const LOGIN_HINT =
  'Log in for git (a credential helper, an ssh key, `gh auth setup-git`) or set credentials: ${env:NAME} to user:secret.'

interface Rule {
  readonly pattern: RegExp
  readonly code: ErrorCode
  readonly hint: string
}

/**
 * What git says in the C locale, as seen with git 2.39 and its http, ssh and file transports, and hosts say through it. The first rule that fits
 * decides: `Could not read from remote repository` follows nearly every other message.
 */
const RULES: readonly Rule[] = [
  {
    pattern: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|No .{0,40}host key is known/iu,
    code: 'REGISTRY_UNAUTHORIZED',
    hint: 'ssh does not know this host by its key: compare the key with what the host publishes, and connect once with ssh to take it into known_hosts.',
  },
  {
    pattern:
      /failed to (?:sign the data|write commit object)|signing failed|gpg: skipped|Couldn't load public key|No secret key/iu,
    code: 'REGISTRY_UNAUTHORIZED',
    hint: 'commit.gpgSign is set: make the key usable without a question (gpg-agent or ssh-agent with the key loaded), and check user.signingKey and gpg.format.',
  },
  {
    pattern: /Permission denied \(|Too many authentication failures|Load key .{0,300}:|sign_and_send_pubkey/iu,
    code: 'REGISTRY_UNAUTHORIZED',
    hint: 'Load an ssh key that this host accepts (ssh-add), or name it in ~/.ssh/config or core.sshCommand.',
  },
  {
    pattern:
      /could not read (?:Username|Password)|Authentication failed|returned error: 401|Invalid username or|password authentication was removed|HTTP Basic: Access denied/iu,
    code: 'REGISTRY_UNAUTHORIZED',
    hint: LOGIN_HINT,
  },
  {
    pattern: /HTTP code 407|Proxy Authentication Required/iu,
    code: 'REGISTRY_UNAUTHORIZED',
    hint: 'The proxy asks for a login: set http.proxy of git, or HTTPS_PROXY, to one with a user.',
  },
  {
    pattern:
      /SSL certificate problem|certificate verif(?:y|ication) failed|unable to get local issuer|self[- ]signed certificate/iu,
    code: 'REGISTRY_UNREACHABLE',
    hint: 'Tell git the authority that signed this certificate: GIT_SSL_CAINFO, or http.sslCAInfo for this host.',
  },
  {
    pattern: /detected dubious ownership/iu,
    code: 'REGISTRY_FORBIDDEN',
    hint: 'The folder belongs to another user: git config --global --add safe.directory FOLDER, if you trust it.',
  },
  {
    pattern:
      /returned error: 403|Permission to .{0,300} denied|Write access to .{0,300} not granted|insufficient permission|Permission denied|DENIED by|access denied(?! or repository)|not allowed to|marked as read[ -]only|does not have (?:write|push) access|not authori[sz]ed to (?:read|write|push)|service not enabled/iu,
    code: 'REGISTRY_FORBIDDEN',
    hint: 'Use credentials that may do this in this repository.',
  },
  {
    pattern: /returned error: 429/u,
    code: 'REGISTRY_RATE_LIMITED',
    hint: 'Wait, then try again.',
  },
  {
    pattern: /returned error: 413|HTTP 413/u,
    code: 'REGISTRY_REJECTED',
    hint: 'The server, or a proxy in front of it, takes no request of this size.',
  },
  {
    pattern: /dumb http|does not support (?:shallow|push|--force-with-lease)|DAV/u,
    code: 'REGISTRY_REJECTED',
    hint: 'This address only hands out files: set remote: to one that takes pushes (smart HTTP or ssh).',
  },
  {
    pattern: /returned error: 5\d\d|HTTP 5\d\d/u,
    code: 'REGISTRY_BROKEN',
    hint: 'Look at the status of the server, then try again.',
  },
  {
    pattern: /unable to update url base from redirection/iu,
    code: 'REGISTRY_REJECTED',
    hint: 'The address leads elsewhere: set remote: to where the repository is now.',
  },
  {
    pattern: /not valid: is this a git repository|protocol error|bad line length|unexpected .{0,300}content-type/iu,
    code: 'REGISTRY_BROKEN',
    hint: 'Check that remote: is the address of a git repository and that no proxy answers in its place.',
  },
  {
    pattern: /transport '.{0,300}' not allowed/u,
    code: 'REGISTRY_REJECTED',
    hint: 'Use an address that begins with https, http, ssh, git or file, or an absolute path, and that GIT_ALLOW_PROTOCOL allows.',
  },
  {
    pattern:
      /repository .{0,300} not found|Repository not found|does not appear to be a git repository|returned error: 404|no such repository|access denied or repository not exported|could not be found or you don't have permission/iu,
    code: 'REGISTRY_NOT_FOUND',
    hint: `Check registry: and remote:, that git is 2.31 or newer, and that the credentials may see it. ${LOGIN_HINT}`,
  },
  {
    pattern:
      /unable to access|unable to connect|could not resolve|connection (?:refused|timed out|reset|closed)|no route to host|hung up|early EOF|RPC failed|unexpected disconnect|Could not read from remote repository/iu,
    code: 'REGISTRY_UNREACHABLE',
    hint: 'Check the network and remote:, then try again.',
  },
]

/** The error an ended git means. */
export function gitError(connection: GitConnection, doing: string, { exitCode, stderr }: ExecResult): BagboyError {
  const lines = linesOf(stderr).join('\n')
  const rule = RULES.find(({ pattern }) => pattern.test(lines))
  const said = complaintOf(connection, stderr)
  const ended = `${sanitize(connection.remote.shown, 200)}: git ended with ${exitCode} while ${doing}`
  if (rule?.code === 'REGISTRY_UNAUTHORIZED' && !connection.platform.trust.isGiven()) {
    return notTrusted(`${sanitize(connection.remote.shown, 200)} asks for a login while ${doing}, and none was used`)
  }
  return new BagboyError(rule?.code ?? 'REGISTRY_BROKEN', said === '' ? ended : `${said} (${ended})`, {
    hint: rule?.hint ?? `Try again; if it stays so, delete our copy, ${connection.folder}: only speed is lost.`,
    details: { exitCode },
  })
}

/** GIT_TRACE and its like, which a user may have set. */
const TRACE = /^\d\d:\d\d:\d\d\.\d+ /u
/** Progress, advice, and what follows every failure and says nothing of it. */
const CHATTER =
  /^(?:hint:|To |Cloning |Everything up-to-date|Warning: Permanently added|Please make sure you have the correct access|and the repository exists|\s*(?:! |\*|=|\+|-) ?\[|(?:remote: )?(?:Counting|Compressing|Enumerating|Receiving|Resolving|Writing|Total|Delta) )/u
/** Printed last after every failure; only repeated when nothing else was printed. */
const LAST_WORDS = /^(?:fatal: )?(?:Could not read from remote repository|the remote end hung up unexpectedly)/iu

/** What git, ssh, helpers and the remote say of a failure, in their order, without what they are chatty about. */
export function complaintOf(connection: GitConnection, stderr: string): string {
  const lines = linesOf(connection.platform.secrets.mask(stderr)).filter((line) => !CHATTER.test(line))
  const causes = lines.filter((line) => !LAST_WORDS.test(line))
  const texts = (causes.length > 0 ? causes : lines)
    .map((line) =>
      line
        .replace(/^(?:fatal|error|remote): ?/u, '')
        .replace(/^(?:ERROR|FATAL): /u, '')
        .trim(),
    )
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
  return sanitize([...new Set(texts)].join('; '), 600)
}

function linesOf(stderr: string): readonly string[] {
  return stderr.split(/[\r\n]+/u).filter((line) => line.trim() !== '' && !TRACE.test(line))
}
