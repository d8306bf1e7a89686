import { resolve } from 'node:path'
import { untrusted } from '../domain/display.ts'
import type { RollbackPlan } from '../domain/plan.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'

/** A plan as a file: the same JSON that is journalled and run, for `apply`. Returns the absolute path. */
export async function writePlanFile(
  platform: Platform,
  cwd: string,
  path: string,
  plan: RollbackPlan,
): Promise<string> {
  const file = resolve(cwd, path)
  await platform.files.replace(file, new TextEncoder().encode(`${JSON.stringify(plan, null, 2)}\n`))
  return file
}

/** @throws PLAN_INVALID with the place and the fault. */
export async function readPlanFile(platform: Platform, cwd: string, path: string): Promise<RollbackPlan> {
  const file = resolve(cwd, path)
  const bytes = await platform.files.read(file)
  if (!bytes) throw invalidPlan(file, 'there is no such file')
  const { planSchema } = await import('./plan-schema.ts')
  const parsed = planSchema.safeParse(parseJson(file, new TextDecoder().decode(bytes)))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw invalidPlan(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`.replace(/^: /u, ''))
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidPlan(file, cause instanceof Error ? cause.message : 'not JSON', cause)
  }
}

function invalidPlan(file: string, fault: string, cause?: unknown): BagboyError {
  return new BagboyError('PLAN_INVALID', `${untrusted(file)} is not a plan that can be applied: ${untrusted(fault)}.`, {
    hint: 'Make a new one: bagboy-tui rollback --plan-out FILE',
    cause,
  })
}
