import { BagboyError, toErrorReport, type ErrorReport } from '../errors/bagboy-error.ts'
import type { DriverContext, Snapshot, Subject } from '../registries/driver.ts'
import { mapConcurrently } from '../platform/limit-concurrency.ts'
import type { Secrets } from '../platform/platform.ts'
import type { BoundRegistry, Registries } from './bind-registries.ts'

export type Inspection =
  | { readonly subject: Subject; readonly registry: BoundRegistry; readonly snapshot: Snapshot; readonly error: null }
  | {
      readonly subject: Subject
      readonly registry: BoundRegistry
      readonly snapshot: null
      readonly error: ErrorReport
    }

export type DriverContextFor = (registry: BoundRegistry, signal: AbortSignal) => DriverContext<unknown>

export interface InspectOptions {
  readonly registries: Registries
  readonly contextFor: DriverContextFor
  readonly parallelism: number
  readonly signal: AbortSignal
}

/**
 * Reads every registry, `parallelism` at a time; one that cannot be read, or not until the deadline that `signal` is,
 * yields its error. Aborting for any other reason rejects.
 */
export async function inspectAll(
  subjects: readonly Subject[],
  { registries, contextFor, parallelism, signal }: InspectOptions,
): Promise<readonly Inspection[]> {
  const inspections = await mapConcurrently(subjects, parallelism, (subject) =>
    inspectOne(subject, registries(subject.package), contextFor, signal),
  )
  if (!isDeadline(signal.reason)) signal.throwIfAborted()
  return inspections
}

/** What a deadline aborts with, ours as well as `AbortSignal.timeout`. */
function isDeadline(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}

export async function inspectOne(
  subject: Subject,
  registry: BoundRegistry,
  contextFor: DriverContextFor,
  signal: AbortSignal,
): Promise<Inspection> {
  try {
    const context = contextFor(registry, signal)
    const snapshot = await registry.driver.inspect(subject, context)
    return { subject, registry, snapshot: withoutSecrets(snapshot, context.platform.secrets), error: null }
  } catch (error) {
    return { subject, registry, snapshot: null, error: reportRegistryError(error, signal) }
  }
}

/** What is shown of a registry is text from outside; what is compared and written back stays as it is. */
function withoutSecrets(snapshot: Snapshot, secrets: Secrets): Snapshot {
  const { before, after } = snapshot.preview
  return { ...snapshot, preview: { before: secrets.maskLong(before), after: secrets.maskLong(after) } }
}

/**
 * The error of a registry call as data; one that our own deadline cut off is a time-out, regardless of what the library
 * threw.
 */
export function reportRegistryError(error: unknown, signal: AbortSignal): ErrorReport {
  if (!signal.aborted || error instanceof BagboyError) return toErrorReport(error)
  return toErrorReport(new BagboyError('REGISTRY_TIMEOUT', 'the registry did not answer within the time of the step'))
}
