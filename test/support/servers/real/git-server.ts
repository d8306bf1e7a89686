/** A user of a git server, through the program and through plain git: users differ in these fields. */
export interface GitUser {
  /** What `remote:` is set to. */
  readonly remote: string
  /** `user:secret` for `credentials:`; `undefined` where ssh logs in. */
  readonly login: string | undefined
  /** Of git: which ssh it uses. */
  readonly env: Readonly<Record<string, string>>
}

/** A real server with one tap, whose users all may read but for the stranger. */
export interface GitServer {
  /** The bare repository itself, changed past the server. */
  readonly folder: string
  readonly publisher: GitUser
  /** May read and not write. */
  readonly reader: GitUser
  /** Is not let in. */
  readonly stranger: GitUser
  close(): Promise<void>
}

/** The address with the login in it, for git alone. */
export function addressOf({ remote, login }: GitUser): string {
  const [user = '', secret = ''] = login?.split(':') ?? []
  return login === undefined ? remote : remote.replace('://', `://${user}:${encodeURIComponent(secret)}@`)
}

export const HTTP_LOGINS = {
  publisher: 'publisher:p@ss-word',
  reader: 'reader:r@ad-only',
  stranger: 'publisher:not-the-word',
} as const

/** The three users of a server that asks for a password. */
export function httpUsers(remote: string): Pick<GitServer, 'publisher' | 'reader' | 'stranger'> {
  const user = (login: string): GitUser => ({ remote, login, env: {} })
  return {
    publisher: user(HTTP_LOGINS.publisher),
    reader: user(HTTP_LOGINS.reader),
    stranger: user(HTTP_LOGINS.stranger),
  }
}
