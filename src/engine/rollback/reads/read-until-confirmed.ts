import type { EngineParts } from '../../engine-parts.ts'
import type { Requested } from '../plan/read-requested.ts'
import { confirm } from './confirm.ts'
import { isAtTarget } from './prove-exclusions.ts'

/** Reads registries that seem to need nothing until that is proved, or one is found to need something. Reads only. */
export async function readUntilConfirmed(
  { config, platform, contextFor }: EngineParts,
  requested: Requested,
  signal: AbortSignal,
): Promise<Requested> {
  const { settleWindowMs } = config.rollback
  const confirmations = await Promise.all(
    requested.inspections.map(({ subject, registry }) =>
      confirm({
        subject,
        registry,
        agrees: (snapshot) => isAtTarget(snapshot, subject, registry),
        contextFor,
        clock: platform.clock,
        settleWindowMs,
        signal,
      }),
    ),
  )
  signal.throwIfAborted()
  return { ...requested, inspections: confirmations.map(({ inspection }) => inspection) }
}
