import { packageKey } from '../../domain/deployment.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { EngineParts } from '../engine-parts.ts'
import { lockInfo } from '../lock-info.ts'
import { readRun } from '../rollback/run/run-list.ts'

const NOTHING: ReadonlySet<string> = new Set()

/**
 * The keys of the packages that a run of ours is at work on right now: what it moves is no drift. Where that cannot be
 * known nothing is: it must not hide a drift. Reads only.
 */
export async function movedByRun(parts: EngineParts): Promise<ReadonlySet<string>> {
  const open = (await parts.journals.list()).filter(({ isOpen }) => isOpen)
  if (open.length === 0) return NOTHING
  try {
    const { state, run } = await lockInfo(parts)
    const isAtWork = (state === 'held' || state === 'silent') && open.some((folder) => folder.run === run)
    if (!isAtWork) return NOTHING
    const { view, origin } = await readRun(parts.journals, run)
    return origin.kind === 'foreign' ? NOTHING : new Set(view.steps.map(({ plan }) => packageKey(plan.package)))
  } catch (error) {
    // A run that is about to write its first record has moved nothing.
    if (error instanceof BagboyError && error.code !== 'BUG') return NOTHING
    throw error
  }
}
