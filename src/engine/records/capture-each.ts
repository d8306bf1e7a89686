import type { PackageRecord, PackageRef } from '../../domain/deployment.ts'
import type { Version } from '../../domain/version.ts'
import { BagboyError, toErrorReport } from '../../errors/bagboy-error.ts'
import { capturePackage } from './capture-package.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { RecordPlan } from './record-request.ts'

interface CaptureRequest {
  readonly refs: readonly PackageRef[]
  readonly version: Version
  /** Whether nothing else would be recorded beside them. */
  readonly isOnly: boolean
}

interface Captured extends Pick<RecordPlan, 'notRead'> {
  readonly read: readonly PackageRecord[]
  /** Those without a pin. */
  readonly unread: readonly PackageRecord[]
  /** What has to be said of them before they are recorded. */
  readonly notes: RecordPlan['notServed']
}

/**
 * The pins of several registries. One that cannot be read, or does not have the version, blocks no other: it is
 * recorded without a pin.
 * @throws REGISTRY_* when none can be read
 */
export async function captureEach(
  parts: EngineParts,
  { refs, version, isOnly }: CaptureRequest,
  signal: AbortSignal,
): Promise<Captured> {
  const captured = await Promise.all(refs.map((ref) => captureOne(parts, ref, version, signal)))
  const read = captured.flatMap((one) => ('record' in one ? [one.record] : []))
  const failed = captured.flatMap((one) => ('error' in one ? [one] : []))
  const [first] = failed
  if (first && read.length === 0 && isOnly) throw first.error
  return {
    read,
    unread: failed.map(({ package: ref }) => ({ ...ref, status: 'unknown' })),
    notRead: failed.map(({ package: ref, error }) => ({ package: ref, error: toErrorReport(error) })),
    notes: [
      ...failed.map(({ package: ref, error }) => ({
        package: ref,
        detail: `is recorded without a pin: ${error.message}`,
      })),
      ...read.flatMap((record) => noteOf(parts, record)),
    ],
  }
}

async function captureOne(
  parts: EngineParts,
  ref: PackageRef,
  version: Version,
  signal: AbortSignal,
): Promise<{ readonly record: PackageRecord } | { readonly package: PackageRef; readonly error: BagboyError }> {
  try {
    return { record: await capturePackage(parts, ref, version, signal) }
  } catch (error) {
    const isOfRegistry = error instanceof BagboyError && error.code.startsWith('REGISTRY_')
    if (!isOfRegistry || signal.aborted) throw error
    return { package: ref, error }
  }
}

/** What a driver has to say of its pin, such as that its version could not be read. */
function noteOf({ registries }: EngineParts, { format, registry, name, ref }: PackageRecord): RecordPlan['notServed'] {
  const named = { format, registry, name }
  const detail = registries(named).driver.captureNote?.(ref ?? null) ?? ''
  return detail === '' ? [] : [{ package: named, detail }]
}
