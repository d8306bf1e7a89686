import {
  isRunning,
  takersOf,
  type BackendState,
  type BalancerState,
  type CheckResult,
  type CheckSpec,
  type ServerState,
} from './balancer-state.ts'

type Row = Readonly<Record<string, string | number>>

/** Of the only place where requests come in. */
const FRONTEND = { id: 2, name: 'entry' } as const
/** Of the first backend; HAProxy numbers them on from its frontends. */
const FIRST_BACKEND_ID = 3
/** As a filter of `show stat`, and as its column `type`. */
const KINDS = { frontend: { bit: 1, type: 0 }, backend: { bit: 2, type: 1 }, server: { bit: 4, type: 2 } } as const

const STATE_COLUMNS =
  'be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port'.split(
    ' ',
  )
/** Those every HAProxy since 1.9 has, in its order; what we do not count stays empty. */
const STAT_COLUMNS =
  'pxname svname qcur qmax scur smax slim stot bin bout dreq dresp ereq econ eresp wretr wredis status weight act bck chkfail chkdown lastchg downtime qlimit pid iid sid throttle lbtot tracked type rate rate_lim rate_max check_status check_code check_duration hrsp_1xx hrsp_2xx hrsp_3xx hrsp_4xx hrsp_5xx hrsp_other hanafail req_rate req_rate_max req_tot cli_abrt srv_abrt comp_in comp_out comp_byp comp_rsp lastsess last_chk last_agt qtime ctime rtime ttime agent_status agent_code agent_duration check_desc agent_desc check_rise check_fall check_health agent_rise agent_fall agent_health addr cookie mode algo'.split(
    ' ',
  )

const ADMIN_BITS = { ready: 0, maint: 1, drain: 8 } as const
const CHECK_NUMBERS = { INI: 1, L4CON: 8, L7TOUT: 12, L7RSP: 13, L7OK: 15, L7STS: 17 } as const
const CHECK_CONFIGURED = 6
const CHECK_PAUSED = 8

/** The answer to `show servers state`, of all backends or of some. Pure. */
export function serversState({ backends, now }: BalancerState, wanted: readonly BackendState[]): string {
  const rows = backends.flatMap((backend, backendIndex) =>
    wanted.includes(backend)
      ? backend.servers.map((server, index) => stateRow(server, { backend, backendIndex, index, nowMs: now() }))
      : [],
  )
  const lines = rows.map((row) => STATE_COLUMNS.map((column) => row[column] ?? 0).join(' '))
  return ['1', `# ${STATE_COLUMNS.join(' ')}`, ...lines, ''].join('\n')
}

interface Position {
  readonly backend: BackendState
  /** Of the backend among all, and of the server in it. */
  readonly backendIndex: number
  readonly index: number
  readonly nowMs: number
}

function stateRow(server: ServerState, { backend, backendIndex, index, nowMs }: Position): Row {
  const { spec, weight, admin, health, lastCheck, changedAtMs } = server
  const [address = '', port = ''] = spec.host.split(':')
  return {
    be_id: FIRST_BACKEND_ID + backendIndex,
    be_name: backend.spec.name,
    srv_id: index + 1,
    srv_name: spec.name,
    srv_addr: address,
    srv_op_state: isRunning(server) ? 2 : 0,
    srv_admin_state: ADMIN_BITS[admin],
    srv_uweight: weight,
    srv_iweight: spec.weight,
    srv_time_since_last_change: seconds(nowMs - changedAtMs),
    srv_check_status: CHECK_NUMBERS[lastCheck.status],
    srv_check_result: resultNumber(lastCheck),
    srv_check_health: health,
    srv_check_state: spec.check ? CHECK_CONFIGURED + (admin === 'maint' ? CHECK_PAUSED : 0) : 0,
    srv_fqdn: '-',
    srv_port: port,
    srvrecord: '-',
    srv_check_addr: '-',
    srv_agent_addr: '-',
  }
}

function resultNumber({ status }: CheckResult): number {
  if (status === 'INI') return 0
  return status === 'L7OK' ? 3 : 2
}

/** What `show stat` is asked for; -1 is everything. */
export interface StatFilter {
  /** Of a frontend or backend. */
  readonly proxyId: number
  /** Bits: 1 frontends, 2 backends, 4 servers. */
  readonly kinds: number
  readonly serverId: number
}

/** The answer to `show stat`. Pure. */
export function statistics({ backends, now }: BalancerState, { proxyId, kinds, serverId }: StatFilter): string {
  const all = [
    frontendRow(backends),
    ...backends.flatMap((backend, backendIndex) => [
      ...backend.servers.map((server, index) => serverRow(server, { backend, backendIndex, index, nowMs: now() })),
      backendRow(backend, backendIndex),
    ]),
  ]
  const isWanted = ({ iid, type, sid }: Row): boolean =>
    (proxyId < 0 || iid === proxyId) &&
    Object.values(KINDS).some((kind) => kind.type === type && (kind.bit & kinds) !== 0) &&
    (type !== KINDS.server.type || serverId < 0 || sid === serverId)
  const lines = all.filter(isWanted).map((row) => STAT_COLUMNS.map((column) => row[column] ?? '').join(',') + ',')
  return [`# ${STAT_COLUMNS.join(',')},`, ...lines, ''].join('\n')
}

function frontendRow(backends: readonly BackendState[]): Row {
  const count = backends.reduce((sum, { requestCount }) => sum + requestCount, 0)
  const totals = { stot: count, req_tot: count, ...answerCounts(backends.flatMap(({ servers }) => servers)) }
  const { id, name } = FRONTEND
  return { pxname: name, svname: 'FRONTEND', status: 'OPEN', ...common(id, 0, KINDS.frontend.type), ...totals }
}

function backendRow(backend: BackendState, backendIndex: number): Row {
  const { spec, servers, requestCount } = backend
  const takers = takersOf(backend)
  const backups = servers.filter((server) => server.spec.isBackup === true && isRunning(server))
  return {
    pxname: spec.name,
    svname: 'BACKEND',
    status: takers.length > 0 ? 'UP' : 'DOWN',
    weight: takers.reduce((sum, { weight }) => sum + weight, 0),
    act: takers.filter((server) => server.spec.isBackup !== true).length,
    bck: backups.length,
    ...common(FIRST_BACKEND_ID + backendIndex, 0, KINDS.backend.type),
    stot: requestCount,
    req_tot: requestCount,
    lbtot: servers.reduce((sum, server) => sum + server.requestCount, 0),
    ...answerCounts(servers),
    algo: spec.algorithm,
  }
}

function serverRow(server: ServerState, { backend, backendIndex, index, nowMs }: Position): Row {
  const { spec, weight, requestCount, changedAtMs } = server
  return {
    pxname: backend.spec.name,
    svname: spec.name,
    status: statusText(server),
    weight,
    act: spec.isBackup === true ? 0 : 1,
    bck: spec.isBackup === true ? 1 : 0,
    lastchg: seconds(nowMs - changedAtMs),
    ...common(FIRST_BACKEND_ID + backendIndex, index + 1, KINDS.server.type),
    stot: requestCount,
    req_tot: requestCount,
    lbtot: requestCount,
    ...answerCounts([server]),
    ...(spec.check ? checkCells(server, spec.check) : {}),
    addr: spec.host,
  }
}

function checkCells(server: ServerState, { rise, fall }: CheckSpec): Row {
  const { health, lastCheck, failedChecks, timesDown } = server
  return {
    chkfail: failedChecks,
    chkdown: timesDown,
    check_status: lastCheck.status,
    check_code: lastCheck.code ?? '',
    check_rise: rise,
    check_fall: fall,
    check_health: health,
  }
}

function common(iid: number, sid: number, type: number): Row {
  return { pid: 1, iid, sid, type, mode: 'http' }
}

function answerCounts(servers: readonly ServerState[]): Row {
  const counts = [1, 2, 3, 4, 5].map((hundred) => {
    const count = servers.reduce((sum, { answers }) => sum + (answers.get(hundred) ?? 0), 0)
    return [`hrsp_${hundred}xx`, count] as const
  })
  return Object.fromEntries(counts)
}

/** `UP 1/3` on the way down, `DOWN 1/2` on the way up. */
function statusText(server: ServerState): string {
  const { admin, health } = server
  const { check } = server.spec
  if (admin === 'maint') return 'MAINT'
  if (check && !isRunning(server)) return health > 0 ? `DOWN ${health}/${check.rise}` : 'DOWN'
  if (admin === 'drain') return 'DRAIN'
  if (!check) return 'no check'
  const { rise, fall } = check
  return health < rise + fall - 1 ? `UP ${health - rise + 1}/${fall}` : 'UP'
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
