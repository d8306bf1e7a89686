import { sanitize } from '../../domain/text/sanitize.ts'
import { duplicateKey } from '../../domain/text/duplicate-key.ts'
import { isTooDeep } from '../../domain/text/parse-json.ts'
import type { RollbackPlan } from '../../domain/plan.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { planSchema } from './plan-schema.ts'

/**
 * A saved plan: exactly the keys of a plan, each of them once.
 * @param file for the error
 * @throws PLAN_INVALID with `file: path: fault`
 */
export function parsePlan(file: string, bytes: Uint8Array): RollbackPlan {
  const text = decode(file, bytes)
  const parsed = planSchema.safeParse(parseJson(file, text))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw invalidPlan(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`.replace(/^: /u, ''))
  }
  const twice = duplicateKey(text)
  if (twice !== undefined) throw invalidPlan(file, `${twice}: the key stands there twice`)
  return parsed.data
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw invalidPlan(file, 'it is not UTF-8 text', cause)
  }
}

function parseJson(file: string, text: string): unknown {
  if (isTooDeep(text)) throw invalidPlan(file, 'it is nested too deeply')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidPlan(file, cause instanceof Error ? cause.message : 'not JSON', cause)
  }
}

export function invalidPlan(file: string, fault: string, cause?: unknown): BagboyError {
  return new BagboyError('PLAN_INVALID', `${sanitize(file)}: ${sanitize(fault, 400)}; no such plan is applied.`, {
    hint: 'Make a new one: bagboy-tui rollback --plan-out FILE',
    cause,
  })
}
