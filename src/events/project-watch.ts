import type { AnalysisPlan, Measurement } from '../domain/health/analysis.ts'
import { nextCheckState, NO_ROUND_YET, type CheckState } from '../domain/health/check-state.ts'
import type { HealthSample } from '../domain/health/health-sample.ts'
import type { RollbackPlan } from '../domain/plan.ts'
import type { RuleState } from '../domain/health/trigger.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { Phase } from '../machine/transitions.ts'
import type {
  AnalysisProgress,
  Comparison,
  ReleaseVerdict,
  StampedWatch,
  WatchedProbe,
  WatchMode,
} from './watch-events.ts'

/** How many rounds of a probe a view keeps. */
export const KEPT_ROUNDS = 120

/** One probe and its last rounds, oldest first. */
export interface ProbeView extends WatchedProbe {
  readonly state: CheckState
  readonly samples: readonly HealthSample[]
  readonly nextAt: string | null
}

export interface AnalysisView {
  readonly measurement: Measurement
  readonly progress: AnalysisProgress
}

export interface WatchView {
  readonly id: string
  readonly app: string
  readonly environment: string
  readonly version: string
  readonly target: string | null
  readonly phase: Phase
  readonly mode: WatchMode
  /** Why the mode is what it is; empty as it was asked for. */
  readonly modeWhy: string
  readonly probes: readonly ProbeView[]
  readonly analysis: AnalysisPlan
  readonly analyses: Readonly<Record<string, AnalysisView>>
  readonly rules: readonly RuleState[]
  readonly fired: { readonly rule: RuleState; readonly at: string } | null
  readonly countdown: { readonly plan: RollbackPlan; readonly ms: number; readonly endsAt: string } | null
  readonly comparisons: readonly Comparison[]
  readonly refusal: ErrorReport | null
  /** Made and not yet run. */
  readonly proposal: { readonly plan: RollbackPlan; readonly why: string } | null
  readonly inconclusive: { readonly check: string; readonly why: string } | null
  readonly verdict: { readonly verdict: ReleaseVerdict; readonly watchedMs: number; readonly why: string } | null
  readonly startedAt: string
  readonly endsAt: string | null
  readonly isOver: boolean
  readonly lastSeq: number
}

/** The one fold of a watch's events, for the command line and the app. Pure; what it has already seen changes nothing. */
export function projectWatch(view: WatchView | undefined, event: StampedWatch): WatchView | undefined {
  if (!view) return event.type === 'watch.started' ? startView(event) : undefined
  return event.seq <= view.lastSeq ? view : { ...view, ...change(view, event), lastSeq: event.seq }
}

function startView(event: Extract<StampedWatch, { type: 'watch.started' }>): WatchView {
  const { app, environment, version, target, mode, analysis, rules, endsAt } = event
  return {
    id: event.watch,
    app,
    environment,
    version,
    target,
    mode,
    analysis,
    rules,
    endsAt,
    phase: 'deployed',
    modeWhy: '',
    probes: event.probes.map((probe) => ({ ...probe, state: NO_ROUND_YET, samples: [], nextAt: null })),
    analyses: {},
    fired: null,
    countdown: null,
    comparisons: [],
    refusal: null,
    proposal: null,
    inconclusive: null,
    verdict: null,
    startedAt: event.at,
    isOver: false,
    lastSeq: event.seq,
  }
}

function change(view: WatchView, event: StampedWatch): Partial<WatchView> {
  switch (event.type) {
    case 'watch.started':
    case 'health.changed':
      return {}
    case 'phase.changed':
      return { phase: event.to, ...(event.to === 'monitoring' ? { inconclusive: null } : {}) }
    case 'health.sampled':
      return { probes: view.probes.map((one) => (one.probe === event.sample.probe ? addRound(one, event) : one)) }
    case 'analysis.measured': {
      const { measurement, progress } = event
      return { analyses: { ...view.analyses, [measurement.check]: { measurement, progress } } }
    }
    case 'analysis.inconclusive':
      return { inconclusive: { check: event.check, why: event.why } }
    case 'trigger.evaluated':
      return { rules: event.rules }
    case 'trigger.fired':
      return { fired: { rule: event.rule, at: event.at }, refusal: null, proposal: null, comparisons: [] }
    case 'trigger.cleared':
      return { fired: null, refusal: null, proposal: null, countdown: null, comparisons: [] }
    case 'mode.changed':
      return { mode: event.mode, modeWhy: event.why }
    case 'target.checked':
      return { comparisons: event.comparisons }
    case 'rollback.refused':
      return { refusal: event.error, countdown: null }
    case 'rollback.proposed':
      return { proposal: { plan: event.plan, why: event.why } }
    case 'countdown.started':
      return { countdown: { plan: event.plan, ms: event.ms, endsAt: event.endsAt } }
    case 'countdown.ended':
      return { countdown: null }
    case 'rollback.approved':
      return { proposal: null, countdown: null }
    case 'watch.judged':
      return { verdict: { verdict: event.verdict, watchedMs: event.watchedMs, why: event.why } }
    case 'watch.ended':
      return { isOver: true }
  }
}

function addRound(probe: ProbeView, { sample, nextAt }: Extract<StampedWatch, { type: 'health.sampled' }>): ProbeView {
  return {
    ...probe,
    state: nextCheckState(probe.state, sample, probe),
    samples: [...probe.samples.slice(1 - KEPT_ROUNDS), sample],
    nextAt,
  }
}

export interface HealthCounts {
  readonly critical: number
  readonly failing: number
  readonly unknown: number
}

/** How the critical checks of what is live stand. Pure. */
export function countHealth({ probes }: Pick<WatchView, 'probes'>): HealthCounts {
  const counts = { critical: 0, failing: 0, unknown: 0 }
  for (const { role, severity, state } of probes) {
    if (role !== 'live' || severity !== 'critical') continue
    counts.critical += 1
    if (state.state !== 'passing') counts[state.state] += 1
  }
  return counts
}
