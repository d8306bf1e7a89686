import type { JsonObject } from '../../../domain/text/json.ts'
import type { ForeignTakeover, LockClaim, RunEvent } from '../../../events/events.ts'
import { originText, type RunOrigin } from '../../../journal/run-origin.ts'
import type { HeldLock } from '../../../lock/lock.ts'
import type { EngineParts } from '../../engine-parts.ts'

export interface Adoption {
  readonly run: string
  readonly purpose: string
  /** Of a run that was foreign before. */
  readonly takeover?: ForeignTakeover | undefined
}

/** Who goes on, what for, and whose lock it was. */
export interface TakeoverFacts {
  readonly epoch: number
  readonly actor: JsonObject
  readonly purpose: string
  readonly from: LockClaim | null
  readonly why: string
  readonly takeover?: ForeignTakeover
}

/** What is recorded when somebody goes on with a run that was not proved to be theirs. */
export function takeoverOf(origin: RunOrigin, reason: string): ForeignTakeover | undefined {
  return origin.kind === 'foreign' ? { reason, origin: originText(origin) } : undefined
}

/**
 * The first record of everybody who goes on with a run: who, what for, and whose lock it was. An earlier owner that may
 * still wake up is kept from writing the history first.
 */
export async function adopt(
  { actor, history }: Pick<EngineParts, 'actor' | 'history'>,
  lock: HeldLock,
  adoption: Adoption,
): Promise<RunEvent> {
  return { type: 'run.adopted', ...(await takeOver({ actor, history }, lock, adoption)) }
}

/** The same for whatever else is kept as a run is. */
export async function takeOver(
  { actor, history }: Pick<EngineParts, 'actor' | 'history'>,
  lock: HeldLock,
  { run, purpose, takeover: foreign }: Adoption,
): Promise<TakeoverFacts> {
  const takeover = await lock.takeover()
  if (takeover?.mayWake) await history.fence({ run, epoch: lock.epoch, purpose: `take over to ${purpose}`, actor })
  const facts = { epoch: lock.epoch, actor, purpose, from: takeover?.from ?? null, why: takeover?.why ?? '' }
  return foreign ? { ...facts, takeover: foreign } : facts
}
