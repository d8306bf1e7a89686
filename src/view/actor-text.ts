import type { JsonObject } from '../domain/text/json.ts'
import type { PreviousHolder } from '../events/events.ts'

/** `ana on bastion`. Pure. */
export function actorText({ user, host }: JsonObject): string {
  return `${typeof user === 'string' ? user : 'unknown user'} on ${typeof host === 'string' ? host : 'unknown host'}`
}

interface Takeover {
  readonly epoch: number
  readonly actor: JsonObject
  readonly purpose?: string
  readonly from?: PreviousHolder | null
  readonly why?: string
  readonly notes?: readonly string[]
}

/** Who continues a run or a deploy, what for, and who held its lock before. Pure. */
export function takeoverText({ epoch, actor, purpose, from, why, notes = [] }: Takeover): string {
  const who = `${actorText(actor)} goes on with it${purpose === undefined ? '' : `: ${purpose}`}, epoch ${epoch}`
  const whose = from ? `; epoch ${from.epoch} was that of ${from.who} on ${from.host}: ${why ?? ''}` : ''
  return [`${who}${whose}`, ...notes].join('. ')
}
