import { BagboyError, toErrorReport } from '../../../errors/bagboy-error.ts'
import type { PlanStep } from '../../../domain/plan.ts'
import { isExpectedThere, type ExclusionView } from '../../../events/exclusion-view.ts'
import type { RunView } from '../../../events/project-run.ts'
import type { Inspection } from '../../../planner/inspect-all.ts'
import { decideStep, deferStep } from '../../../planner/plan-rollback.ts'
import type { BoundRegistry } from '../../../planner/bind-registries.ts'
import type { Snapshot, Subject } from '../../../registries/driver.ts'
import type { Json } from '../../../domain/text/json.ts'
import { sameVersion } from '../../../domain/version.ts'
import { comparePointer } from '../step/pointer-state.ts'
import type { RunContext } from '../run/run-context.ts'
import { withDeadline } from '../../../operation/with-deadline.ts'
import { confirm } from './confirm.ts'

/** A registry that the plan leaves as it is, and that has to be moved after all. */
export interface DueStep {
  readonly plan: PlanStep
  readonly reason: string
}

/**
 * Proves of every registry that was planned to need nothing that it needs nothing: one read, as the plan's, may be an old
 * one. What turns out to be elsewhere, or cannot be read, is due.
 */
export async function proveExclusions(context: RunContext, signal: AbortSignal): Promise<readonly DueStep[]> {
  const { view } = context.recorder
  const expectations = context.only === null ? unproved(view) : []
  const due = await Promise.all(expectations.map((expected) => proveExclusion(context, expected, signal)))
  return due.flatMap((one) => one ?? [])
}

/** Those of which the plan says that they are at the target, and nothing else does. Pure. */
export function unproved({ excluded, plan }: RunView): readonly ExclusionView[] {
  return excluded.filter((one) => isExpectedThere(one, plan) && one.verifiedAt === null)
}

/** What the last read before anything moved has found elsewhere already: it gets its step in its own group. Pure. */
export function dueAtPreflight(context: RunContext): readonly DueStep[] {
  const { recorder, preflight, registries } = context
  return unproved(recorder.view).flatMap((expected) => {
    const inspection = preflight.observed.get(expected.id)
    if (!inspection?.snapshot) return []
    const isThere = isAtTarget(inspection.snapshot, inspection.subject, registries(expected.package))
    return isThere ? [] : (dueStep(context, inspection) ?? [])
  })
}

async function proveExclusion(
  context: RunContext,
  expected: ExclusionView,
  signal: AbortSignal,
): Promise<DueStep | undefined> {
  const { recorder, platform, config, registries, contextFor } = context
  const subject = subjectOfExclusion(expected, recorder.view)
  const registry = registries(expected.package)
  const { isConfirmed, readCount, inspection } = await withDeadline(
    platform.clock,
    config.rollback.timeoutMs,
    (deadline) =>
      confirm({
        subject,
        registry,
        agrees: (snapshot) => isAtTarget(snapshot, subject, registry),
        contextFor,
        clock: platform.clock,
        settleWindowMs: config.rollback.settleWindowMs,
        signal: AbortSignal.any([deadline, signal]),
      }),
  )
  if (!isConfirmed || !inspection.snapshot) return dueStep(context, inspection)
  await recorder.emit({
    type: 'exclusion.verified',
    step: expected.id,
    pointer: inspection.snapshot.pointer,
    readCount,
  })
  return undefined
}

/**
 * As the planner makes it of what was read last, or left to its own first read when that found nothing to do. What was moved
 * from outside gets a step that starts where the plan may have started: it ends as a conflict. Where no such step can be
 * made there is none: the registry stays unproved, and the run ends in part. Pure.
 */
export function dueStep({ config }: Pick<RunContext, 'config'>, inspection: Inspection): DueStep | undefined {
  const reason = `it was read as being at ${inspection.subject.to.version} already, and that is not proved`
  const error = inspection.error ?? toErrorReport(new BagboyError('READBACK_DISAGREES', reason))
  const decide = (read: Inspection) => decideStep(read, { config, notes: new Map() }).step
  if (!isForeign(inspection)) return { plan: decide(inspection) ?? deferStep(inspection, error, config), reason }
  const { subject, registry, snapshot } = inspection
  const pointer = snapshot ? pointerOfLeft(subject, snapshot, registry) : undefined
  if (snapshot === null || pointer === undefined) return undefined
  const plan = decide({ ...inspection, snapshot: { ...snapshot, pointer } })
  return plan ? { plan, reason } : undefined
}

/**
 * Whether a registry that the plan leaves as it is was moved from outside since: an old read of the plan explains only the
 * version that is left. Pure.
 */
export function isForeign({ subject, registry, snapshot }: Inspection): boolean {
  const { driver, options } = registry
  const want = snapshot ? driver.plan({ subject, snapshot, options })?.want : undefined
  if (snapshot === null || want === undefined) return false
  const left = pointerOfLeft(subject, snapshot, registry)
  if (left !== undefined) return comparePointer(snapshot.pointer, left, want, driver) === 'other'
  const { serving } = snapshot
  return serving === null || ![subject.from, subject.to].some(({ version }) => sameVersion(version, serving))
}

/** Where the driver would lead the pointer back to; `undefined` where the version that is left has no pin of use. Pure. */
function pointerOfLeft(
  { package: ref, from, to }: Subject,
  snapshot: Snapshot,
  { driver, options }: BoundRegistry,
): Json | undefined {
  if (from.pin === null) return undefined
  try {
    return driver.plan({ subject: { package: ref, from: to, to: from }, snapshot, options })?.want ?? snapshot.pointer
  } catch (error) {
    // The pin of the version that is left was never checked: the run does not lead there.
    if (error instanceof BagboyError) return undefined
    throw error
  }
}

/** Whether the driver finds nothing to do. Pure. */
export function isAtTarget(snapshot: Snapshot, subject: Subject, { driver, options }: BoundRegistry): boolean {
  return snapshot.isApplied !== false && driver.plan({ subject, snapshot, options }) === undefined
}

/** A plan that was saved before exclusions named their versions has only those of the whole plan. Pure. */
export function subjectOfExclusion({ package: ref, status, from, to }: ExclusionView, { plan }: RunView): Subject {
  const left = from ?? { version: plan.from, pin: null }
  // What is left as it is is read as what it is.
  return { package: ref, from: left, to: to ?? (status === 'already' ? { version: plan.to, pin: null } : left) }
}
