import type { JsonObject } from '../domain/text/json.ts'
import type { ForeignTakeover, PreviousHolder } from '../events/events.ts'
import type { CommitNote } from '../history/history-edit.ts'
import type { TakeoverMode } from '../journal/journal.ts'
import { originText, type RunOrigin } from '../journal/run-origin.ts'
import type { HeldLock } from '../lock/lock.ts'

interface Resumed {
  readonly run: string
  readonly purpose: string
  readonly origin: RunOrigin
  /** Why it is taken over, when it is foreign. */
  readonly reason: string | undefined
}

/** Who resumes an operation, what for, and whose lock it was. */
interface TakeoverFacts {
  readonly epoch: number
  readonly actor: JsonObject
  readonly purpose: string
  readonly from: PreviousHolder | null
  readonly why: string
  readonly takeover?: ForeignTakeover
}

/** A foreign operation is only resumed for a reason. */
export function modeFor(takeoverReason: string | undefined): TakeoverMode {
  return takeoverReason === undefined ? 'own-only' : 'takeover'
}

/**
 * What stands in the first record of every process that resumes an operation. An earlier owner that may still wake up is
 * kept from writing the history before that record is written.
 */
export async function takeOver(
  { actor, history }: { readonly actor: JsonObject; readonly history: { fence(note: CommitNote): Promise<void> } },
  lock: HeldLock,
  { run, purpose, origin, reason = '' }: Resumed,
): Promise<TakeoverFacts> {
  const takeover = await lock.takeover()
  if (takeover?.mayWake) await history.fence({ run, epoch: lock.epoch, purpose: `take over to ${purpose}`, actor })
  const facts = { epoch: lock.epoch, actor, purpose, from: takeover?.from ?? null, why: takeover?.why ?? '' }
  return origin.kind === 'foreign' ? { ...facts, takeover: { reason, origin: originText(origin) } } : facts
}
