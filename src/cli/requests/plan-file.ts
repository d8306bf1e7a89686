import { resolve } from 'node:path'
import type { RollbackPlan } from '../../domain/plan.ts'
import type { Platform } from '../../platform/platform.ts'

/** Far more than any plan needs. */
const MAX_BYTES = 16 * 1024 * 1024

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

/** @throws PLAN_INVALID with the file, the path in it and the fault */
export async function readPlanFile({ files }: Platform, cwd: string, path: string): Promise<RollbackPlan> {
  const file = resolve(cwd, path)
  const { invalidPlan, parsePlan } = await import('../../events/schema/parse-plan.ts')
  const found = await files.stat(file)
  if (!found) throw invalidPlan(file, 'there is no such file')
  if (found.kind !== 'file') throw invalidPlan(file, 'it is no regular file')
  if (found.size > MAX_BYTES) throw invalidPlan(file, `it is larger than ${MAX_BYTES} bytes`)
  const plan = parsePlan(file, (await files.readStart(file, found.size)) ?? new Uint8Array())
  if (plan.trigger !== undefined) throw invalidPlan(file, 'trigger: only a rollback that starts by itself has one')
  return plan
}
