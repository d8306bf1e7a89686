/** Everything the core may do to the world. Tests pass their own; `platform/node` holds the real one. */
export interface Platform {
  readonly clock: Clock
  readonly http: Http
  readonly exchange: Exchange
  readonly reach: Reach
  readonly exec: Exec
  readonly files: Files
  readonly env: Readonly<Record<string, string | undefined>>
  readonly host: Host
  readonly random: Random
  readonly userFolders: UserFolders
  readonly secrets: Secrets
  readonly trust: Trust
}

/**
 * Whether a person has allowed what the files of the project name: programs to run, secrets and logins to send. Asked
 * where a program is started or a secret is read, so that a forgotten caller is refused. Without a project it is given.
 */
export interface Trust {
  isGiven(): boolean
  /** Given by a decision, and not because nothing that is known of needs it. */
  isChosen(): boolean
  /** Whether this content of a project's file is what the trust was given for. */
  coversFile(path: string, bytes: Uint8Array): boolean
}

/** Every secret that was resolved, so that no text from outside is repeated with one. */
export interface Secrets {
  /** To be called where a secret is resolved, with each form it is sent in. Shorter ones than four characters are ignored. */
  add(...secrets: readonly string[]): void
  /** A text from outside without any of them; those below six characters as words of their own only. */
  mask(text: string): string
  /** As `mask`, for our own output and records: without those below eight characters, which may be words of ours. */
  maskLong(text: string): string
}

/** Folders of this user's own, outside every project; absolute, and they may not exist yet. */
export interface UserFolders {
  /** Settings that the user wrote. */
  readonly config: string
  /** What must survive: keys, trust. */
  readonly state: string
  /** May be deleted at any time; only speed is lost. */
  readonly cache: string
}

export interface Clock {
  /** Wall clock, RFC 3339, UTC, milliseconds. For people; order comes from sequence numbers. */
  now(): string
  /** Monotonic. */
  elapsedMs(): number
  /** Rejects with the signal's reason when aborted. A background sleep does not keep the process alive. */
  sleep(ms: number, signal?: AbortSignal, options?: { readonly isBackground?: boolean }): Promise<void>
}

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Total, from connecting to the last byte. */
  readonly timeoutMs: number
  /** Of the decoded body. Default 8 MiB. */
  readonly maxBytes?: number
  /** On a connection of its own, closed after the answer: what a balancer does with one that is kept says nothing about others. */
  readonly isFresh?: boolean
  /**
   * A kept connection that broke before an answer began is replaced once by a new one; for requests that change nothing.
   */
  readonly isRepeatable?: boolean
  /** Its `times` decide something: nothing of our own start counts in them. */
  readonly isMeasured?: boolean
  /** Of the answer only the first `maxBytes` are needed: what is behind them is left, which is no error. */
  readonly isBodyCut?: boolean
  /** An answer in a coding that is not known, or that is not what it says, is taken as it came. */
  readonly takesAnyCoding?: boolean
  /** For this request instead of what the system has. */
  readonly tls?: TlsOptions
  /** For this request instead of what the environment says. */
  readonly proxy?: ProxyOptions
  /** Connections are kept for requests of the same pool only. Default: one pool for all that name none. */
  readonly pool?: string
  /** Never to an address where clouds keep credentials (link-local, metadata): for addresses that a project's file names. */
  readonly isGuarded?: boolean
  /** Nor to this machine or a private network: for addresses that a stranger on the network names. */
  readonly isPublicOnly?: boolean
  /**
   * Asked right before the first byte goes out, when the connection is there, and once more right behind it. What it
   * throws is thrown; the first time nothing was sent.
   */
  readonly beforeSend?: () => void
}

/** PEM texts. */
export interface TlsOptions {
  /** The only authorities that are trusted. Default: those of Node and of `NODE_EXTRA_CA_CERTS`. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** `false`: the certificate of the server is not verified. */
  readonly rejectUnauthorized?: boolean
}

export interface ProxyOptions {
  /** Of an HTTP proxy, for addresses of either scheme and of this machine as well. Default: that of the environment. */
  readonly url?: string
  /** Hosts that are reached directly, in the form of `no_proxy`. Default: those of the environment. */
  readonly except?: string
}

/** Milliseconds of one request; a phase that did not happen takes 0. Time of our own between the phases is left out. */
export interface HttpTimes {
  /** TCP; through a proxy, until the proxy has connected. */
  readonly connectMs: number
  readonly tlsMs: number
  /** From the first byte that is sent to the end of the answer's header. */
  readonly firstByteMs: number
  readonly bodyMs: number
  readonly totalMs: number
}

/**
 * Whether we still may change something. What it gives is asked again right before the first byte goes out, without
 * waiting for anything: it throws when too much time has passed, LOCK_UNSURE.
 */
export type Fence = () => Promise<() => void>

export interface HttpResponse {
  readonly status: number
  /** Lower-case names; repeated ones joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** What came behind the body, named as the headers are; absent when nothing did. */
  readonly trailers?: Readonly<Record<string, string>>
  /** Of a request on a connection of its own, whole; of a kept connection without what connecting took. */
  readonly times?: HttpTimes
}

/**
 * One request, one answer: no redirects, no retries. Never throws for a status.
 * @throws REGISTRY_TIMEOUT after `timeoutMs`, REGISTRY_UNREACHABLE with the system's `code` in its details when no whole
 * answer came (which says nothing about whether a write was applied), REGISTRY_BROKEN when the body is larger than
 * `maxBytes`, REGISTRY_REJECTED for an address that the request may not reach.
 */
export type Http = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>

/** A unix socket by its absolute path, or a TCP port. */
export type SocketAddress = { readonly path: string } | { readonly host: string; readonly port: number }

export interface ExchangeRequest {
  readonly to: SocketAddress
  readonly send: string
  /** Total, from connecting until the other side has closed. */
  readonly timeoutMs: number
  /** Of the answer. Default 8 MiB. */
  readonly maxBytes?: number
  /** As for a {@link HttpRequest}. */
  readonly beforeSend?: () => void
}

/**
 * One connection: all of `send` goes out, and the answer is everything that comes until the other side closes.
 * @throws REGISTRY_TIMEOUT after `timeoutMs`, REGISTRY_FORBIDDEN when the system does not let us open the socket,
 * REGISTRY_UNREACHABLE when no program listens or the connection broke (which says nothing about whether a write was
 * applied), REGISTRY_BROKEN when the answer is larger than `maxBytes`.
 */
export type Exchange = (request: ExchangeRequest, signal: AbortSignal) => Promise<Uint8Array>

export interface ReachRequest {
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
}

/**
 * Opens a TCP connection and closes it again, never to an address where clouds keep credentials.
 * @throws REGISTRY_TIMEOUT after `timeoutMs`, REGISTRY_UNREACHABLE with the system's `code` in its details,
 * REGISTRY_REJECTED for an address that no check may reach.
 */
export type Reach = (request: ReachRequest, signal: AbortSignal) => Promise<void>

export interface ExecRequest {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** Added to what it inherits; `null` takes a variable out of that. */
  readonly env?: Readonly<Record<string, string | null>>
  /**
   * What it inherits. `listed`, the default: PATH, HOME, locale, proxies and the ssh agent, so that credentials reach only
   * programs that are given them. `user`: everything, for a command the user wrote as they would type it.
   */
  readonly inherits?: 'listed' | 'user'
  readonly stdin?: string | Uint8Array
  readonly timeoutMs: number
  /**
   * What it started in the background goes on when it ends by itself, and may go on printing. At its timeout, and when it
   * is aborted, everything is ended all the same.
   */
  readonly leavesRunning?: true
  /** Chosen by us with arguments that no file of the project can turn into a program: runs without trust as well. */
  readonly isOwnProgram?: true
}

export interface ExecResult {
  /** 0..255; 128 + n when a signal n ended it. */
  readonly exitCode: number
  readonly stdout: Uint8Array
  readonly stderr: string
}

/**
 * One process without a shell, stdin closed unless given; it and, unless they may stay, its children are gone when the
 * promise settles.
 * @throws REGISTRY_TIMEOUT after `timeoutMs`, REGISTRY_UNREACHABLE when the program cannot be started,
 * REGISTRY_BROKEN when it prints more than 8 MiB, NOT_TRUSTED for a program of a project that is not trusted.
 */
export type Exec = (request: ExecRequest, signal: AbortSignal) => Promise<ExecResult>

/** An open append-only file. */
export interface AppendFile {
  /** All bytes are on disk when it settles. */
  append(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

export interface FileStatus {
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  /** In bytes. */
  readonly size: number
  /** Permission bits, as in 0o600. They mean nothing on Windows. */
  readonly mode: number
  /** Numeric id of the user that it belongs to; 0 on Windows. */
  readonly owner: number
  /** Of the file system that it is on. */
  readonly device: number
}

/** Who may use what is created: its owner alone, or the group too, as far as it may use the folder it is created in. */
export type FileSharing = 'owner' | 'group'

/** Durable files: a settled write survives a power cut. Paths are absolute. */
export interface Files {
  /**
   * `undefined` when there is none. Only of a regular file, and at most `maxBytes` (default 128 MiB): nothing else is
   * opened. @throws FILE_REFUSED
   */
  read(path: string, maxBytes?: number): Promise<Uint8Array | undefined>
  /** The first `size` bytes, fewer when there are no more; `undefined` when there is no file. @throws FILE_REFUSED, as `read` */
  readStart(path: string, size: number): Promise<Uint8Array | undefined>
  /** Names, sorted; empty when the folder does not exist. */
  list(path: string): Promise<readonly string[]>
  /** `undefined` when there is none. Does not follow a link. */
  stat(path: string): Promise<FileStatus | undefined>
  /** Absolute and without any link; `undefined` when there is no such file or folder. */
  realPath(path: string): Promise<string | undefined>
  /** With its parents; for its owner alone (0700) unless it is shared. */
  makeFolder(path: string, sharing?: FileSharing): Promise<void>
  /** Whole or not at all; keeps the mode of the file it replaces. A new one is for its owner alone (0600) unless it is shared. */
  replace(path: string, bytes: Uint8Array, sharing?: FileSharing): Promise<void>
  /** Whole or not at all, and only if nothing was there: our compare-and-swap. `false` = another process was first. */
  createExclusive(path: string, bytes: Uint8Array, sharing?: FileSharing): Promise<boolean>
  openAppend(path: string, sharing?: FileSharing): Promise<AppendFile>
  /** Cuts a file to `size` bytes. */
  truncate(path: string, size: number): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** A file or a whole folder; nothing happens when there is none. */
  remove(path: string): Promise<void>
  /** An empty folder of our own for a driver's scratch files; the caller removes it. */
  makeTemporary(prefix: string): Promise<string>
}

/** Who and where we are, and whether another process still lives. */
export interface Host {
  readonly name: string
  readonly user: string
  /** Numeric; `null` on Windows, which has none. */
  readonly userId: number | null
  readonly pid: number
  /** Changes with every boot; empty when the system has none. */
  readonly bootId: string
  /** Process ids of another space say nothing about ours (containers); absent or empty when the system has but one. */
  readonly pidSpace?: string
  /**
   * When the process with this id started, in the system's own unit; `undefined` when there is none, empty when it
   * lives but the system does not say since when.
   */
  processStart(pid: number): Promise<string | undefined>
}

export interface Random {
  /** 0 ≤ n < 1. */
  next(): number
  /** Hexadecimal digits of `byteCount` random bytes. */
  hex(byteCount: number): string
}
