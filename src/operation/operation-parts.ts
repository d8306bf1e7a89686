import type { Config } from '../config/config.ts'
import type { JsonObject } from '../domain/text/json.ts'
import type { LockStore } from '../lock/lock.ts'
import type { Platform } from '../platform/platform.ts'

/** What every operation needs of the engine's parts. */
export interface OperationParts {
  readonly config: Config
  readonly platform: Platform
  readonly lock: LockStore
  readonly actor: JsonObject
}

/** Who is asking, for locks: the lock itself knows the host. */
export function actorName(actor: JsonObject): string {
  return textOf(actor, 'user')
}

/** A text field of the actor; `unknown` when it has none. */
export function textOf(actor: JsonObject, field: string): string {
  const value = actor[field]
  return typeof value === 'string' ? value : 'unknown'
}
