import type { Json } from '../domain/text/json.ts'
import { ERRORS, EXIT, type ErrorCode, type ExitCode } from './codes.ts'

interface ErrorParts {
  /** What to do, imperative, ideally a command. */
  readonly hint?: string
  readonly details?: Json
  readonly cause?: unknown
}

/** The one error class. `code` is API; the message says what is wrong, with the value. */
export class BagboyError extends Error {
  override readonly name = 'BagboyError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly details: Json | undefined

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause })
    this.code = code
    this.hint = parts.hint
    this.details = parts.details
  }
}

export interface ErrorReport {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | null
  readonly details: Json
}

/** The error as data, for `-o json`, the journal and the worker boundary. Anything unforeseen is a BUG. */
export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof BagboyError) {
    return { code: error.code, message: error.message, hint: error.hint ?? null, details: error.details ?? null }
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { code: 'BUG', message, hint: 'Run again with --debug and report it.', details: null }
}

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof BagboyError ? ERRORS[error.code] : EXIT.bug
}

/** The error a worker or a journal sent as data, as a throwable again. */
export function fromErrorReport(report: ErrorReport): BagboyError {
  return new BagboyError(report.code, report.message, {
    details: report.details,
    ...(report.hint === null ? {} : { hint: report.hint }),
  })
}
