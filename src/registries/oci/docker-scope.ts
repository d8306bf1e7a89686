import { z } from 'zod'
import { sameJson, type JsonObject } from '../../domain/text/json.ts'
import type { Action } from '../../domain/plan.ts'
import type { ActionScope } from '../driver.ts'
import { movingTags, parseDockerPin, parseDockerPointer } from './docker-pin.ts'
import { guard } from './docker-plan.ts'

const move = z.object({ tag: z.string(), digest: z.string() })
const keep = z.object({ digest: z.string() })

/**
 * Only the configured tags move, a version's own never, and only to where the step leads: the pinned digest, or what was
 * captured. A guard is the one that is planned for its digest. Pure.
 */
export function dockerOutOfScope(
  action: Action,
  scope: ActionScope<{ readonly tags: readonly string[] }>,
): string | undefined {
  if (action.kind !== 'custom') return 'sends a request of its own'
  if (action.operation === 'put-manifest') return moveOutOfScope(action.input, scope)
  return action.operation === 'guard' ? guardOutOfScope(action.input, scope) : undefined
}

function moveOutOfScope(
  input: JsonObject,
  { subject: { from, to }, options, wants, restores }: ActionScope<{ readonly tags: readonly string[] }>,
): string | undefined {
  const { data } = move.safeParse(input)
  if (!data) return 'names no tag and no digest'
  const { tag, digest } = data
  if (!movingTags(options.tags, [from.version, to.version]).includes(tag)) {
    return `moves the tag ${tag}, which is none of the configured ones`
  }
  if (parseDockerPointer(wants).tags[tag] !== digest) return `moves the tag ${tag} to ${digest}, where no step leads`
  const pinned = parseDockerPin(to.pin)?.digest
  if (restores || pinned === undefined || pinned === digest) return undefined
  return `moves the tag ${tag} to ${digest}, which is not what was recorded for ${to.version}`
}

function guardOutOfScope(input: JsonObject, { subject: { from } }: ActionScope<unknown>): string | undefined {
  const { data } = keep.safeParse(input)
  const planned = data && guard(data.digest, from.version, parseDockerPin(from.pin)?.digest)
  const isPlanned = planned?.kind === 'custom' && sameJson(planned.input, input)
  return isPlanned ? undefined : 'gives a digest another tag than the one that guards it'
}
