import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { SlotState } from '../provider.ts'

/** One server of a backend, as `show servers state` and `show stat` describe it together. */
export interface HaproxyServer {
  readonly backendId: string
  /** Within its backend. */
  readonly serverId: string
  readonly name: string
  /** In force now; 0 to 256. */
  readonly weight: number
  /** As the configuration file has it. */
  readonly fileWeight: number
  readonly state: SlotState
  readonly isBackup: boolean
  readonly requestCount: number
  /** Open now; `null` where that is not reported. */
  readonly sessionCount: number | null
  /** By which HAProxy knows its clients again; empty without one. */
  readonly cookie: string
}

type Row = Readonly<Record<string, string>>

/** `srv_admin_state`: taken out (1, 2, 4) or draining (8, 16), by an operator or by the file. */
const NOT_READY = 0x1f
/** `srv_admin_state`: taken out by HAProxy itself, until its name has an address. */
const UNRESOLVED = 0x20
/** `srv_op_state`: 0 is stopped, 3 stopping. */
const RUNNING = new Set(['1', '2'])

/** The answer to `show servers state`: a version, a line of names, a line a server. @throws REGISTRY_BROKEN */
export function parseServersState(answer: string): readonly Row[] {
  const [version = '', head = '', ...lines] = answer.split('\n')
  if (version.trim() !== '1' || !head.startsWith('# ')) throw notUnderstood('show servers state', answer)
  return rowsOf(head.slice(2).split(' '), lines, ' ')
}

/** The answer to `show stat`: CSV whose names begin with `# `. @throws REGISTRY_BROKEN */
export function parseStat(answer: string): readonly Row[] {
  const [head = '', ...lines] = answer.split('\n')
  if (!head.startsWith('# ')) throw notUnderstood('show stat', answer)
  return rowsOf(head.slice(2).split(','), lines, ',')
}

function rowsOf(names: readonly string[], lines: readonly string[], separator: string): readonly Row[] {
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const values = line.split(separator)
      return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
    })
}

/** @throws REGISTRY_BROKEN when a number is none */
export function toServer(state: Row, stats: readonly Row[]): HaproxyServer {
  const name = state['srv_name'] ?? ''
  const stat = stats.find((row) => row['svname'] === name)
  return {
    backendId: state['be_id'] ?? '',
    serverId: state['srv_id'] ?? '',
    name,
    weight: numberIn(state, 'srv_uweight'),
    fileWeight: numberIn(state, 'srv_iweight'),
    state: stateOf(state),
    isBackup: stat?.['bck'] === '1',
    requestCount: stat === undefined ? 0 : numberIn(stat, 'stot'),
    sessionCount: /^\d+$/u.test(stat?.['scur'] ?? '') ? Number(stat?.['scur']) : null,
    cookie: stat?.['cookie'] ?? '',
  }
}

function stateOf(row: Row): SlotState {
  const admin = numberIn(row, 'srv_admin_state')
  if ((admin & NOT_READY) !== 0) return 'stopped'
  if ((admin & UNRESOLVED) !== 0) return 'unresolved'
  return RUNNING.has(row['srv_op_state'] ?? '') ? 'up' : 'down'
}

function numberIn(row: Row, name: string): number {
  const text = row[name] ?? ''
  if (/^\d+$/u.test(text)) return Number(text)
  throw notUnderstood(name, text)
}

function notUnderstood(what: string, answer: string): BagboyError {
  const said = sanitize(answer.trim().replaceAll(/\s+/gu, ' '), 200)
  return new BagboyError('REGISTRY_BROKEN', `HAProxy: ${what} is not understood: ${said}`, {
    hint: 'Check that the socket is the runtime API of HAProxy (stats socket in the global section).',
  })
}
