import type { JsonObject } from '../domain/json.ts'
import type { LockClaim, RunEvent } from '../events/events.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { EngineParts } from './engine-parts.ts'

export interface Adoption {
  readonly run: string
  readonly purpose: string
}

/** Who goes on, what for, and whose lock it was. */
export interface TakeoverFacts {
  readonly epoch: number
  readonly actor: JsonObject
  readonly purpose: string
  readonly from: LockClaim | null
  readonly why: string
}

/**
 * The first record of everybody who goes on with a run: who, what for, and whose lock it was. An earlier owner that may
 * still wake up is kept from writing the history first.
 */
export async function adopt(
  { actor, history }: Pick<EngineParts, 'actor' | 'history'>,
  lock: HeldLock,
  { run, purpose }: Adoption,
): Promise<RunEvent> {
  return { type: 'run.adopted', ...(await takeOver({ actor, history }, lock, { run, purpose })) }
}

/** The same for whatever else is kept as a run is. */
export async function takeOver(
  { actor, history }: Pick<EngineParts, 'actor' | 'history'>,
  lock: HeldLock,
  { run, purpose }: Adoption,
): Promise<TakeoverFacts> {
  const takeover = await lock.takeover()
  if (takeover?.mayWake) await history.fence({ run, epoch: lock.epoch, purpose: `take over to ${purpose}`, actor })
  return { epoch: lock.epoch, actor, purpose, from: takeover?.from ?? null, why: takeover?.why ?? '' }
}
