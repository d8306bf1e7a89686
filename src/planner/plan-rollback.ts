import { createHash } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { Deployment, History } from '../domain/deployment.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { canonicalJson, type Json, type JsonObject } from '../domain/text/json.ts'
import type { Version } from '../domain/version.ts'
import {
  stepId,
  type Effect,
  type Finding,
  type PinnedVersion,
  type PlanExclusion,
  type PlanStep,
  type RollbackPlan,
} from '../domain/plan.ts'
import { BagboyError, type ErrorReport } from '../errors/bagboy-error.ts'
import type { Snapshot, StepDraft } from '../registries/driver.ts'
import { raiseFindings } from '../validation/raise-findings.ts'
import { checkSnapshot, checkUnreadable } from '../validation/registry-findings.ts'
import { checkTarget } from '../validation/target-findings.ts'
import type { Inspection } from './inspect-all.ts'
import { findingOfServed, unrecordedRelease, type ServedRelease } from './served-releases.ts'

/** How long a saved plan may be applied. */
export const PLAN_LIFETIME_MS = 24 * 60 * 60 * 1000

export interface PlanInput {
  readonly id: string
  readonly now: string
  readonly config: Config
  readonly history: History
  readonly historyHash: string
  readonly active: Deployment
  readonly target: Deployment
  readonly inspections: readonly Inspection[]
  readonly excluded: readonly PlanExclusion[]
  /** Registries that serve something else than the live version. */
  readonly released: readonly ServedRelease[]
  readonly reason: string
  readonly incident: string
  readonly overrides: readonly string[]
  readonly trigger?: JsonObject | undefined
  /** What the configured checks of the target found. */
  readonly validations: readonly Finding[]
  /** What to say beside the title of a step, by its id. */
  readonly notes: ReadonlyMap<string, string>
}

/** (Observed state, history, configuration, target) → plan. Pure. */
export function planRollback(input: PlanInput): RollbackPlan {
  const { config, active, target } = input
  const from = leftVersion(input)
  const decided = input.inspections.map((inspection) => decideStep(inspection, input))
  return {
    schema: 1,
    id: input.id,
    kind: 'rollback',
    app: config.app,
    environment: config.environment,
    from,
    to: target.version,
    targetId: target.id,
    created: input.now,
    expires: new Date(Date.parse(input.now) + PLAN_LIFETIME_MS).toISOString(),
    reason: input.reason,
    incident: input.incident,
    ...(input.trigger === undefined ? {} : { trigger: input.trigger }),
    overrides: input.overrides,
    configHash: config.hash,
    historyHash: input.historyHash,
    hold: config.rollback.hold && from !== target.version,
    parallelism: config.rollback.parallelism,
    onPartialFailure: config.rollback.onPartialFailure,
    steps: decided.flatMap(({ step }) => step ?? []).sort((a, b) => a.group - b.group),
    excluded: [...decided.flatMap(({ excluded }) => excluded ?? []), ...input.excluded],
    findings: [
      ...raiseFindings(
        [
          ...checkTarget({
            ...input,
            from,
            requireReason: config.rollback.requireReason,
          }),
          ...input.released.map((release) => findingOfServed(release, active.version)),
          ...decided.flatMap(({ findings }) => findings),
          ...input.excluded.flatMap(findingForExclusion),
        ],
        config.validation,
      ),
      ...input.validations,
    ],
  }
}

/** The version that is left: what the history calls live, or the newer release that is taken back to it. */
function leftVersion({ active, target, released }: PlanInput): Version {
  return target.id === active.id ? (unrecordedRelease(released)?.version ?? active.version) : active.version
}

export interface Decision {
  readonly step?: PlanStep
  readonly excluded?: PlanExclusion
  readonly findings: readonly Finding[]
}

/** A driver writes NAME where people have to type the package's own. */
function effectOn(effect: Effect, name: string): Effect {
  const own = (text: string): string => text.replaceAll(/\bNAME\b/gu, () => sanitize(name, 100))
  return {
    newInstalls: own(effect.newInstalls),
    existingUsers: own(effect.existingUsers),
    timeToEffect: own(effect.timeToEffect),
  }
}

/** The step of one registry, or why it gets none. Pure. */
export function decideStep(inspection: Inspection, { config, notes }: Pick<PlanInput, 'config' | 'notes'>): Decision {
  const { subject, registry, snapshot, error } = inspection
  const { driver, options } = registry
  const common = {
    id: stepId(subject.package),
    package: subject.package,
    group: driver.group,
    from: subject.from,
    to: pinned(subject.to, snapshot),
    effect: effectOn(driver.effect, subject.package.name),
    timeoutMs: config.rollback.timeoutMs,
    isManual: registry.isManual,
  }
  if (error) {
    return {
      step: { ...common, ...deferredDraft(subject.to.version, error.message) },
      findings: [checkUnreadable(subject.package, error)],
    }
  }
  const draft = driver.plan({ subject, snapshot, options })
  const findings = checkSnapshot(subject.package, snapshot)
  if (draft) {
    return {
      step: {
        ...common,
        ...withNote(registry.isManual ? asManual(draft) : draft, notes.get(common.id)),
        before: snapshot.pointer,
        preview: snapshot.preview,
        deferred: '',
      },
      findings,
    }
  }
  // A read that proves nothing leaves nothing out: the run reads until it is proved, or says that it is not.
  if (snapshot.isApplied === false) {
    const why = snapshot.notAppliedNote ?? 'what is written down there is not in effect yet'
    return { step: { ...common, ...deferredDraft(subject.to.version, why) }, findings }
  }
  const already = `already at ${subject.to.version}`
  return {
    excluded: {
      package: subject.package,
      status: 'already',
      reason: already,
      observed: snapshot.pointer,
      from: subject.from,
      to: common.to,
    },
    findings,
  }
}

/** The same goal without anything that is sent. */
function asManual(draft: StepDraft): StepDraft {
  return { ...draft, title: `By hand: ${draft.title}`, actions: [], undo: [] }
}

function withNote(draft: StepDraft, note: string | undefined): StepDraft {
  return note === undefined ? draft : { ...draft, title: `${draft.title}; ${note}` }
}

/** What was not recorded, or not all of it, is what the read found for the version. */
function pinned(to: PinnedVersion, snapshot: Snapshot | null): PinnedVersion {
  if (snapshot?.target.status !== 'present') return to
  return { ...to, pin: snapshot.target.pin ?? to.pin }
}

/** The step of a registry of which nothing can be said until the run itself has read it. Pure. */
export function deferStep({ subject, registry }: Inspection, why: ErrorReport, config: Config): PlanStep {
  const step = decideStep({ subject, registry, snapshot: null, error: why }, { config, notes: new Map() }).step
  if (step) return step
  throw new BagboyError('BUG', `A registry that could not be read has no step: ${stepId(subject.package)}`)
}

/** A step of a registry whose reading decides nothing yet: planned by the run's own first read. */
function deferredDraft(version: string, why: string) {
  return {
    title: `Take back to ${version} (the run's first read decides how)`,
    actions: [],
    undo: [],
    before: null,
    want: null,
    reversibility: 'reversible',
    manual: [],
    preview: { before: '', after: '' },
    deferred: why,
  } as const
}

function findingForExclusion({ package: ref, status, reason }: PlanExclusion): readonly Finding[] {
  if (status !== 'not_in_target') return []
  return [
    {
      code: 'V10',
      severity: 'warn',
      title: `${ref.format}: not part of the target`,
      detail: reason,
      remedy: 'Decide by hand what its users should get; the summary names it again.',
      package: ref,
    },
  ]
}

/** What is approved, run and compared: sha256 of the plan in canonical form. */
export function hashPlan(plan: RollbackPlan): string {
  return `sha256:${createHash('sha256')
    .update(canonicalJson(plan as unknown as Json))
    .digest('hex')}`
}
