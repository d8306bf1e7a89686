import type { JsonObject } from '../domain/text/json.ts'
import { BagboyError, toErrorReport } from '../errors/bagboy-error.ts'
import type { ErrorCode } from '../errors/codes.ts'

/** Of these another operator has the work, or nothing of it was begun: they say what to do themselves. */
const OWN_WORDS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'LOCKED',
  'LOCK_LOST',
  'LOCK_UNSURE',
  'LOCK_UNREACHABLE',
  'VALIDATION_FAILED',
  'RUN_INTERRUPTED',
])

/** Of a fault of this program the code stays: it has to be reported. */
const FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BUG', 'ILLEGAL_TRANSITION'])

export interface CutOff {
  /** `Run 01K… (v1.3.0 → v1.2.0) was cut off`. */
  readonly what: string
  /** What is known of the world now, one fact a line; empty ones are left out. */
  readonly facts: readonly string[]
  /** `bagboy-tui runs resume 01K…`, or a choice of them. */
  readonly goOn: string
  readonly details: JsonObject
}

/** An error that leaves something open: what failed, what is so by then, and how it is gone on with. Pure. */
export function interruption(error: unknown, { what, facts, goOn, details }: CutOff): unknown {
  if (error instanceof BagboyError && OWN_WORDS.has(error.code)) return error
  const { code, message, hint } = toErrorReport(error)
  const lines = [`${what}: ${message}`, ...facts.filter((fact) => fact !== '')]
  return new BagboyError(FAULTS.has(code) ? code : 'RUN_INTERRUPTED', lines.join('\n'), {
    hint: `${hint === null ? '' : `${hint} `}Then go on: ${goOn}`,
    details: { ...details, code },
    cause: error,
  })
}
