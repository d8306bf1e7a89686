import { activeDeployment } from '../../../domain/deployment.ts'
import type { PlanExclusion } from '../../../domain/plan.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { inspectAll, inspectOne, type Inspection } from '../../../planner/inspect-all.ts'
import {
  servedFrom,
  servedReleases,
  unrecordedRelease,
  type ServedFacts,
  type ServedRelease,
} from '../../../planner/served-releases.ts'
import type { CheckedSlots } from './check-slots.ts'
import type { RollbackRequest } from '../../engine.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { checkFacts, readFacts, type PlanFacts } from './plan-facts.ts'

/** What a plan is made from: the target, and every registry as it serves now. */
export interface Requested {
  readonly facts: PlanFacts
  readonly inspections: readonly Inspection[]
  readonly checked: CheckedSlots
  readonly released: readonly ServedRelease[]
}

/**
 * Reads the registries for a request. The default target is the last good version before the live one, unless a registry
 * serves a newer release than the history calls live: then it is the live version, and that release is taken back. Reads only.
 * @throws TARGET_*, HISTORY_*, USAGE
 */
export async function readRequested(
  parts: EngineParts,
  request: RollbackRequest,
  signal: AbortSignal,
): Promise<Requested> {
  if (request.target !== 'last-good') return readFor(parts, await readFacts(parts, request), signal)
  const live = await liveRequest(parts, request)
  try {
    const found = await readFor(parts, await readFacts(parts, request), signal)
    return unrecordedRelease(found.released) ? await readFor(parts, await readFacts(parts, live), signal) : found
  } catch (error) {
    if (!(error instanceof BagboyError) || error.code !== 'TARGET_UNSAFE') throw error
    // Nothing earlier is safe; what is live is, where a registry has left it for something newer.
    const found = await readFor(parts, await readFacts(parts, live), signal)
    if (unrecordedRelease(found.released)) return found
    throw error
  }
}

async function liveRequest({ history }: EngineParts, request: RollbackRequest): Promise<RollbackRequest> {
  const active = activeDeployment((await history.read()).history)
  return active ? { ...request, target: `@${active.id}` } : request
}

async function readFor(parts: EngineParts, facts: PlanFacts, signal: AbortSignal): Promise<Requested> {
  const [inspections, others, checked] = await Promise.all([
    inspect(parts, facts.subjects, signal),
    inspect(
      parts,
      facts.excluded.flatMap((exclusion) => leftThere(exclusion, facts)),
      signal,
    ),
    checkFacts(parts, facts, signal),
  ])
  const corrected = await correctFrom(parts, { facts, inspections }, signal)
  const released = servedReleases([...corrected, ...others], servedFacts(parts, facts))
  return { facts, inspections: corrected, checked, released }
}

/** A package that the target does not have is not moved; what is served there is said all the same. */
function leftThere({ package: ref, status }: PlanExclusion, { active }: PlanFacts) {
  const at = { version: active.version, pin: null }
  return status === 'not_in_target' ? [{ package: ref, from: at, to: at }] : []
}

function inspect(
  { registries, contextFor, config }: EngineParts,
  subjects: PlanFacts['subjects'],
  signal: AbortSignal,
): Promise<readonly Inspection[]> {
  return inspectAll(subjects, { registries, contextFor, parallelism: config.rollback.parallelism, signal })
}

/**
 * Reads the registries again that serve another release than the history says, as the start of their steps. A registry that
 * only knows the versions it is asked about is asked about the newer release of another one. Reads only.
 */
export async function correctFrom(
  parts: EngineParts,
  { facts, inspections }: Pick<Requested, 'facts' | 'inspections'>,
  signal: AbortSignal,
): Promise<readonly Inspection[]> {
  const served = servedFacts(parts, facts)
  const newest = unrecordedRelease(servedReleases(inspections, served))
  return Promise.all(
    inspections.map(async (inspection) => {
      const { subject, registry, snapshot } = inspection
      const isUnknown = snapshot !== null && snapshot.serving === null && !registry.driver.slots
      const from =
        servedFrom(inspection, served) ?? (isUnknown && newest ? { version: newest.version, pin: null } : null)
      if (from === null) return inspection
      const again = await inspectOne({ ...subject, from }, registry, parts.contextFor, signal)
      // What was not confirmed is planned from what the history says.
      return again.snapshot !== null && servedFrom(again, served)?.version === from.version ? again : inspection
    }),
  )
}

export function servedFacts({ config }: EngineParts, { history, active, now }: PlanFacts): ServedFacts {
  return { history, active, now, app: config.app }
}
