import type { Fault, FaultRule } from '../../support/servers/faults.ts'

export const FORMATS = ['docker', 'npm', 'brew', 'scoop'] as const
export type Format = (typeof FORMATS)[number]

/** Where the fault strikes: the request that moves a pointer, or the reads that prove it moved. */
export type Place = 'write' | 'read-back'

/** Of one request, in the projects of this suite. */
export const REQUEST_TIMEOUT_MS = 2000

export interface FaultRow {
  readonly place: Place
  readonly name: string
  /** `down`: connections are refused. */
  readonly fault: Fault | { readonly kind: 'down' }
  /** How many requests it meets, or reads where it is about stale ones; `null` = all until somebody heals it. */
  readonly times: number | null
}

const ONCE_AND_LASTING: readonly (readonly [string, Fault])[] = [
  ['connection reset', { kind: 'reset' }],
  ['black hole', { kind: 'black-hole' }],
  ['answer lost', { kind: 'lost-answer' }],
  ['answer late', { kind: 'late', delayMs: 2 * REQUEST_TIMEOUT_MS }],
  ['answer slow', { kind: 'slow', bytes: 4, everyMs: 400 }],
  ['answer truncated', { kind: 'truncated', bytes: 10 }],
  ['429, Retry-After: 1', { kind: 'status', status: 429, applied: false, headers: { 'retry-after': '1' } }],
  ['500', { kind: 'status', status: 500, applied: false }],
]
const WRITE_ONLY: readonly (readonly [string, Fault, number | null])[] = [
  ['500 after the commit', { kind: 'status', status: 500, applied: true }, 1],
  ['500 after the commit', { kind: 'status', status: 500, applied: true }, null],
  ['request late', { kind: 'delayed', delayMs: REQUEST_TIMEOUT_MS + 700 }, 1],
]
const READ_ONLY: readonly (readonly [string, Fault, number | null])[] = [
  ['stale', { kind: 'stale' }, 1],
  ['stale', { kind: 'stale' }, 4],
  ['stale', { kind: 'stale' }, null],
]
const LASTING_ONLY: readonly (readonly [string, FaultRow['fault']])[] = [
  ['401, token expired', { kind: 'status', status: 401, applied: false }],
  ['connection refused', { kind: 'down' }],
]

function rowsOf(place: Place): readonly FaultRow[] {
  const special = place === 'write' ? WRITE_ONLY : READ_ONLY
  return [
    ...ONCE_AND_LASTING.flatMap(([name, fault]) => [1, null].map((times) => ({ place, name, fault, times }))),
    ...special.map(([name, fault, times]) => ({ place, name, fault, times })),
    ...LASTING_ONLY.map(([name, fault]) => ({ place, name, fault, times: null })),
  ]
}

export const ROWS: readonly FaultRow[] = [...rowsOf('write'), ...rowsOf('read-back')]

/** As the document names it. */
export function titleOf({ name, times }: FaultRow): string {
  if (times === null) return `${name}, until healed`
  if (name === 'stale') return `${name} for ${times} ${times === 1 ? 'read' : 'reads'}`
  return times === 1 ? `${name}, once` : `${name}, ${times} times`
}

/** Two tags, or the document and its tags, are read at once. */
export function requestsPerRead(format: Format): number {
  return format === 'docker' || format === 'npm' ? 2 : 1
}

const TAP = { brew: 'homebrew-tap', scoop: 'scoop-bucket' } as const

/** The requests of a format that a place means, as the fault proxy tells them apart. */
export function requestsOf(format: Format, place: Place): Pick<FaultRule, 'method' | 'path'> {
  const isWrite = place === 'write'
  if (format === 'docker') return isWrite ? { method: 'PUT' } : { method: 'HEAD' }
  if (format === 'npm') return isWrite ? { method: 'PUT' } : { method: 'GET' }
  const service = isWrite ? 'git-receive-pack' : 'git-upload-pack'
  return { method: 'POST', path: new RegExp(`/${TAP[format]}\\.git/${service}$`, 'u') }
}
