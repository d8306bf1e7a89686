import { sanitize } from '../../../domain/text/sanitize.ts'
import { FINDING_CODES } from '../../../domain/finding-codes.ts'
import { sameJson } from '../../../domain/text/json.ts'
import { stepId, type PlanExclusion, type PlanStep, type RollbackPlan } from '../../../domain/plan.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { inspectAll, type Inspection } from '../../../planner/inspect-all.ts'
import { LEFT_OUT } from '../../../planner/pair-packages.ts'
import { PLAN_LIFETIME_MS } from '../../../planner/plan-rollback.ts'
import { servedReleases } from '../../../planner/served-releases.ts'
import type { BoundRegistry } from '../../../planner/bind-registries.ts'
import type { Subject } from '../../../registries/driver.ts'
import { NEVER, type EngineParts } from '../../engine-parts.ts'
import { assemblePlan } from '../plan/make-plan.ts'
import { checkFacts, readFacts, type PlanFacts } from '../plan/plan-facts.ts'
import { correctFrom, servedFacts } from '../plan/read-requested.ts'
import { splitPlan } from '../plan/preflight.ts'
import { stale } from '../plan/stale-plan.ts'
import { withDeadline } from '../../../operation/with-deadline.ts'
import { changedPlan } from './changed-plan.ts'
import { differences } from './differences.ts'
import { changedFindings } from './finding-differences.ts'
import { foundAgain } from './found-again.ts'
import type { Preflight } from '../plan/preflight-reading.ts'

/** A plan as it was made again, what was read for that, and what is read once the group that goes ahead is through. */
export interface Remade extends Pick<Preflight, 'observed' | 'behind'> {
  readonly plan: RollbackPlan
}

/** Clocks of two machines agree this well. */
const CLOCK_SKEW_MS = 60_000
/** What an argument of a command can hold. */
const MAX_WORDS = 128 * 1024

/**
 * Takes a saved plan as the request that it stands for: plans it again with new reads and compares. The plan that is given
 * back is the one that was made here, under the saved one's id. What comes behind a group that goes ahead is planned from
 * the state that the plan captured, and read behind it, where a read is not what decides. Reads only.
 * @throws PLAN_CHANGED naming the step and the field, PLAN_STALE naming the registry
 */
export async function remakePlan(parts: EngineParts, saved: RollbackPlan): Promise<Remade> {
  refuseOtherTimes(saved, parts.platform.clock.now())
  refuseOtherWords(saved)
  if (saved.kind !== 'rollback') throw changedPlan('kind', `is ${saved.kind}, and only a rollback is planned again`)
  const facts = await requestedFacts(parts, saved)
  if (facts.target.version !== saved.to) throw changedPlan('to', `is not the version of @${saved.targetId}`)
  const slots = slotsOf(saved, facts)
  const { behind } = splitPlan(saved.steps, parts)
  const isLater = slots.map(({ step }, index) => {
    const recorded = facts.subjects[index]?.to.pin ?? null
    const isFromLive = step?.from.version === facts.active.version
    return step !== undefined && behind.includes(step) && sameJson(step.to.pin, recorded) && isFromLive
  })
  const [inspections, checked] = await Promise.all([
    readSome(parts, facts.subjects, (index) => isLater[index] !== true),
    checkFacts(parts, facts, NEVER),
  ])
  const corrected = await correctFrom(parts, { facts, inspections }, NEVER)
  // A step that could not be planned was not corrected either.
  const served = inspections.map((inspection, index) =>
    (slots[index]?.step?.deferred ?? '') === '' ? (corrected[index] ?? inspection) : inspection,
  )
  const found = served.map((inspection, index) => foundAgain(inspection, slots[index] ?? {}))
  const moved = [...found.flatMap(({ stale: why }) => why ?? []), ...leftBehind(served, slots)]
  if (moved.length > 0) throw stale(`moved since the plan was made: ${moved.join('; ')}`)
  const released = servedReleases(served, servedFacts(parts, facts))
  const made = assemblePlan(parts, saved, {
    facts,
    inspections: found.map((each) => each.inspection),
    checked,
    released,
  })
  const unread = [
    ...found.filter(({ isRead }) => !isRead).map(({ inspection }) => stepId(inspection.subject.package)),
    ...facts.excluded.map((exclusion) => stepId(exclusion.package)),
  ]
  refuseDifferences(saved, made, facts)
  refuseOtherFindings(saved, made, unread)
  const { id, created, expires } = saved
  const byId = inspections.flatMap((inspection, index) =>
    isLater[index] === true ? [] : [[stepId(inspection.subject.package), inspection] as const],
  )
  const left = made.steps.filter((step) => behind.some(({ id: one }) => one === step.id))
  return { plan: { ...made, id, created, expires }, observed: new Map(byId), behind: left }
}

function refuseOtherTimes({ created, expires }: RollbackPlan, now: string): void {
  const createdMs = Date.parse(created)
  if (createdMs > Date.parse(now) + CLOCK_SKEW_MS) throw changedPlan('created', 'lies in the future')
  if (Date.parse(expires) - createdMs === PLAN_LIFETIME_MS) return
  throw changedPlan('expires', `is not ${PLAN_LIFETIME_MS / 3_600_000} hours after created`)
}

/** Words of the person who asks are taken over as they are: they have to be ones that could have been asked with. */
function refuseOtherWords({ overrides, reason, incident }: RollbackPlan): void {
  const unknown = overrides.find((code) => !FINDING_CODES.some((known) => known === code))
  if (unknown !== undefined)
    throw changedPlan('overrides', `hold ${sanitize(unknown, 80)}, which is the code of no check`)
  if (new Set(overrides).size < overrides.length) throw changedPlan('overrides', 'hold a code twice')
  if (reason.length > MAX_WORDS) throw changedPlan('reason', `is longer than ${MAX_WORDS} characters`)
  if (incident.length > MAX_WORDS) throw changedPlan('incident', `is longer than ${MAX_WORDS} characters`)
}

/** The history and the configuration are the ones the plan was made from: what cannot be found in them was never there. */
async function requestedFacts(parts: EngineParts, { targetId, excluded }: RollbackPlan): Promise<PlanFacts> {
  const except = excluded.filter(wasSkipped).map((exclusion) => stepId(exclusion.package))
  return readFacts(parts, { target: `@${targetId}`, only: [], except }).catch((error: unknown) => {
    if (!(error instanceof BagboyError)) throw error
    if (error.code === 'TARGET_UNKNOWN') throw changedPlan('targetId', `is ${targetId}, which is not in the history`)
    if (error.code === 'USAGE') throw changedPlan('excluded', 'leaves out what is not live, or everything')
    throw error
  })
}

function wasSkipped({ status, reason }: PlanExclusion): boolean {
  return status === 'skipped' && reason === LEFT_OUT
}

/** Where the saved plan speaks of a package. */
interface SavedSlot {
  readonly step?: PlanStep | undefined
  readonly exclusion?: PlanExclusion | undefined
}

/** @throws PLAN_CHANGED for a step of anything that is not live, and for a live package in neither a step nor an exclusion */
function slotsOf(saved: RollbackPlan, { subjects }: PlanFacts): readonly SavedSlot[] {
  const live = new Set(subjects.map((subject) => stepId(subject.package)))
  const foreign = saved.steps.find((step) => !live.has(stepId(step.package)))
  if (foreign) throw changedPlan(`steps.${stepId(foreign.package)}`, 'moves what this rollback does not move')
  return subjects.map((subject) => {
    const id = stepId(subject.package)
    const isSame = (part: PlanStep | PlanExclusion): boolean => stepId(part.package) === id
    const [step, exclusion] = [saved.steps.find(isSame), saved.excluded.find(isSame)]
    if (step || exclusion) return { step, exclusion }
    throw changedPlan(id, 'is live and stands in no step and in no exclusion')
  })
}

/** Steps that start from another release than the live one, which their registry does not serve any more. */
function leftBehind(inspections: readonly Inspection[], slots: readonly SavedSlot[]): readonly string[] {
  return inspections.flatMap(({ subject, snapshot }, index) => {
    const { step } = slots[index] ?? {}
    if (!step || step.deferred !== '' || step.from.version === subject.from.version) return []
    // A registry that did not move decides what the plan says of it: the difference is the plan's.
    if (snapshot !== null && sameJson(snapshot.pointer, step.before)) return []
    return [`${step.id} does not serve ${step.from.version}`]
  })
}

/** What is not read yet is given back as unread. */
async function readSome(
  { registries, contextFor, config, platform }: EngineParts,
  subjects: readonly Subject[],
  isDue: (index: number) => boolean,
): Promise<readonly Inspection[]> {
  const { parallelism, timeoutMs } = config.rollback
  const due = subjects.filter((_subject, index) => isDue(index))
  const read = await withDeadline(platform.clock, timeoutMs, (signal) =>
    inspectAll(due, { registries, contextFor, parallelism, signal }),
  )
  return subjects.map((subject) => read[due.indexOf(subject)] ?? unread(subject, registries(subject.package)))
}

function unread(subject: Subject, registry: BoundRegistry): Inspection {
  const error = { code: 'REGISTRY_UNREACHABLE', message: 'not read yet', hint: null, details: null } as const
  return { subject, registry, snapshot: null, error }
}

function refuseDifferences(saved: RollbackPlan, made: RollbackPlan, facts: PlanFacts): void {
  const found = differences(saved, made)
  const [first] = found
  if (!first) return
  const served = found.find(({ path, step }) => isServed(path, step, saved, made, facts))
  if (served && found.every(({ step }) => step === served.step)) {
    throw stale(`${served.step} does not serve what it did when the plan was made (${served.path})`)
  }
  throw changedPlan(first.path, 'is not what is planned for this request')
}

/** Whether a field says what a registry was found to serve: the pointer, its texts, and a pin that was looked up. */
function isServed(
  path: string,
  step: string,
  saved: RollbackPlan,
  made: RollbackPlan,
  { subjects }: PlanFacts,
): boolean {
  if (path === `excluded.${step}.observed` || path.startsWith(`excluded.${step}.observed.`)) return true
  if (path.startsWith(`steps.${step}.preview.`)) return true
  const recorded = subjects.find((subject) => stepId(subject.package) === step)?.to.pin ?? null
  const [own, other] = [saved, made].map(({ steps }) => steps.find(({ id }) => id === step)?.to.pin ?? null)
  const isLookedUp = !sameJson(other ?? null, recorded)
  return isLookedUp && !sameJson(own ?? null, other ?? null)
}

function refuseOtherFindings(saved: RollbackPlan, made: RollbackPlan, unread: readonly string[]): void {
  const [changed] = changedFindings(saved, made, unread)
  if (!changed) return
  throw stale(`the check ${changed.code} found ${changed.before} when the plan was made and finds ${changed.after} now`)
}
