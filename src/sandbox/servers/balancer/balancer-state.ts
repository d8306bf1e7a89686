/** What a balancer is started with, as `haproxy.cfg` would say it. */
export interface BackendSpec {
  readonly name: string
  /** A static one takes all or nothing at runtime. */
  readonly algorithm: 'roundrobin' | 'static-rr'
  readonly servers: readonly ServerSpec[]
}

export interface ServerSpec {
  readonly name: string
  /** `127.0.0.1:41234` */
  readonly host: string
  /** 0 to 256. */
  readonly weight: number
  /** Gets requests only when no other server can. */
  readonly isBackup?: boolean
  /** Without it the server is taken to be up. */
  readonly check?: CheckSpec
}

export interface CheckSpec {
  readonly path: string
  readonly intervalMs: number
  /** So many checks in a row take a server down, or bring it up. */
  readonly fall: number
  readonly rise: number
}

/** What a check came to, by HAProxy's names. */
export interface CheckResult {
  readonly status: 'INI' | 'L4CON' | 'L7TOUT' | 'L7RSP' | 'L7OK' | 'L7STS'
  /** Of the HTTP answer; `undefined` without one. */
  readonly code?: number
}

export interface ServerState {
  readonly spec: ServerSpec
  weight: number
  admin: 'ready' | 'drain' | 'maint'
  /** From 0 to `rise + fall - 1`; up from `rise` on. */
  health: number
  lastCheck: CheckResult
  failedChecks: number
  timesDown: number
  changedAtMs: number
  /** How often it was chosen, and what it answered: `1` to `5` for 1xx to 5xx. */
  requestCount: number
  readonly answers: Map<number, number>
  /** How far it is behind its share; highest is next. */
  claim: number
}

export interface BackendState {
  readonly spec: BackendSpec
  readonly servers: readonly ServerState[]
  requestCount: number
}

export interface BalancerState {
  /** The first one gets what comes in. */
  readonly backends: readonly BackendState[]
  /** Milliseconds that only grow. */
  readonly now: () => number
}

/** Of a server that is not checked, as HAProxy shows it. */
const UNCHECKED_HEALTH = 2

export function createBalancerState(specs: readonly BackendSpec[], now: () => number): BalancerState {
  const backends = specs.map((spec) => ({
    spec,
    requestCount: 0,
    servers: spec.servers.map((server) => freshServer(server, now())),
  }))
  return { backends, now }
}

function freshServer(spec: ServerSpec, changedAtMs: number): ServerState {
  return {
    spec,
    weight: spec.weight,
    admin: 'ready',
    health: spec.check?.rise ?? UNCHECKED_HEALTH,
    lastCheck: { status: 'INI' },
    failedChecks: 0,
    timesDown: 0,
    changedAtMs,
    requestCount: 0,
    answers: new Map(),
    claim: 0,
  }
}

/** Without a check the balancer could not find out that it is down. */
export function isRunning({ admin, health, spec }: ServerState): boolean {
  return admin !== 'maint' && (spec.check === undefined || health >= spec.check.rise)
}

/** Whether new requests may go there. */
export function takesRequests(server: ServerState): boolean {
  return server.admin === 'ready' && server.weight > 0 && isRunning(server)
}

/** Those among which requests are divided now: backup servers when no other is left. */
export function takersOf({ servers }: BackendState): readonly ServerState[] {
  const takers = servers.filter(takesRequests)
  const regular = takers.filter(({ spec }) => spec.isBackup !== true)
  return regular.length > 0 ? regular : takers.slice(0, 1)
}

/** The server for one more request, by weighted round robin without bursts; `undefined` when none takes any. Counts it. */
export function takeServer(backend: BackendState): ServerState | undefined {
  const takers = takersOf(backend)
  const total = takers.reduce((sum, { weight }) => sum + weight, 0)
  for (const server of takers) server.claim += server.weight
  const [first, ...others] = takers
  backend.requestCount += 1
  if (!first) return undefined
  const chosen = others.reduce((best, server) => (server.claim > best.claim ? server : best), first)
  chosen.claim -= total
  chosen.requestCount += 1
  return chosen
}

export function setWeight(backend: BackendState, server: ServerState, weight: number): void {
  server.weight = weight
  // What was owed under other weights would come as a burst under these.
  for (const each of backend.servers) each.claim = 0
}

/** By hand: `drain` finishes what is there and takes nothing new, `maint` stops its checks too. */
export function setAdmin(server: ServerState, admin: ServerState['admin'], nowMs: number): void {
  if (server.admin === admin) return
  const wasRunning = isRunning(server)
  const leavesMaintenance = server.admin === 'maint'
  server.admin = admin
  server.changedAtMs = nowMs
  if (admin === 'maint') {
    server.health = 0
    if (wasRunning) server.timesDown += 1
  } else if (leavesMaintenance && server.spec.check) {
    server.health = server.spec.check.rise
  }
}

/** Takes in what one check came to. */
export function noteCheck(server: ServerState, result: CheckResult, nowMs: number): void {
  const { check } = server.spec
  if (!check || server.admin === 'maint') return
  const { rise, fall } = check
  const wasRunning = isRunning(server)
  server.lastCheck = result
  if (result.status === 'L7OK') {
    server.health = server.health + 1 >= rise ? rise + fall - 1 : server.health + 1
  } else if (wasRunning) {
    server.failedChecks += 1
    server.health = server.health === rise ? 0 : server.health - 1
  } else {
    server.health = 0
  }
  if (isRunning(server) === wasRunning) return
  server.changedAtMs = nowMs
  if (wasRunning) server.timesDown += 1
}
