import type { RunEvent } from '../events/events.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { EngineParts } from './engine-parts.ts'

/** The first record of everybody who goes on with a run: who, what for, and whose lock it was. */
export async function adoptionOf(
  { actor }: Pick<EngineParts, 'actor'>,
  lock: HeldLock,
  purpose: string,
): Promise<RunEvent> {
  const takeover = await lock.takeover()
  return {
    type: 'run.adopted',
    epoch: lock.epoch,
    actor,
    purpose,
    from: takeover?.from ?? null,
    why: takeover?.why ?? '',
  }
}
