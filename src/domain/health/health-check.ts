import type { Json } from '../text/json.ts'

/** Which running copy of the application a check probes. */
export type HealthTarget = 'active' | 'preview' | 'blue' | 'green' | 'all'

/** A warning is shown and decides nothing. */
export type HealthSeverity = 'critical' | 'warning'

/** How long a new process may take until its first passing round, and how often it is probed. */
export interface Startup {
  readonly timeoutMs: number
  readonly intervalMs: number
}

interface CommonCheck {
  /** Unique: its `name`, else its address or command. */
  readonly name: string
  /** Of one try. */
  readonly timeoutMs: number
  /** Further tries of a round whose first one did not pass. */
  readonly retries: number
  /** Between the starts of two rounds. */
  readonly intervalMs: number
  readonly initialDelayMs: number
  /** Of a new slot; `null` = as the slots of this project say. */
  readonly startup: Startup | null
  /** So many failing rounds in a row make the check failing. */
  readonly failureThreshold: number
  readonly successThreshold: number
  readonly severity: HealthSeverity
  readonly target: HealthTarget
}

/** What an answer must be like; what is left out does not matter. */
export interface HttpExpectation {
  /** Default: every 2xx. */
  readonly statuses: readonly number[]
  readonly maxLatencyMs: number | null
  /** A place in the JSON body, such as `$.status`, and what must stand there. */
  readonly json: readonly (readonly [path: string, value: Json])[]
  readonly headers: readonly (readonly [name: string, value: string])[]
}

export interface HttpCheck extends CommonCheck {
  readonly kind: 'http'
  readonly url: string
  readonly method: string
  /** May name secrets, as `Bearer ${env:TOKEN}`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly expect: HttpExpectation
  /** A connection of its own for every try: a kept one says nothing about where traffic goes now. */
  readonly isFreshConnection: boolean
  readonly tls: CheckTls
}

/** Paths relative to the folder of `bagboy.yaml`; empty = not given. */
export interface CheckTls {
  /** The only certificate authorities that are trusted. */
  readonly caFile: string
  /** A certificate of the client and its key. */
  readonly certFile: string
  readonly keyFile: string
}

export interface CommandCheck extends CommonCheck {
  readonly kind: 'command'
  /** Program and arguments; `${env:NAME}` in them is filled in when it is run. */
  readonly words: readonly string[]
  /** Added to the user's own environment; `null` takes a variable out of it. */
  readonly env: Readonly<Record<string, string | null>>
}

export interface TcpCheck extends CommonCheck {
  readonly kind: 'tcp'
  readonly host: string
  readonly port: number
}

/** `${target_host}`, `${version}` and similar placeholders in it are filled in for the copy that is probed. */
export type HealthCheck = HttpCheck | CommandCheck | TcpCheck
