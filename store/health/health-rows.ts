import { own } from '../../src/domain/text/own.ts'
import type { AnalysisCheck } from '../../src/domain/health/analysis.ts'
import type { AnalysisView, ProbeView, WatchView } from '../../src/events/project-watch.ts'
import type { AppState } from '../state.ts'

/** One thing that is watched: a check of one copy, or an analysis. */
export type HealthRow =
  | { readonly kind: 'probe'; readonly probe: ProbeView }
  | { readonly kind: 'analysis'; readonly check: AnalysisCheck; readonly found: AnalysisView | undefined }

/** Everything that is watched, in the order of the configuration: a row stays where it is. Pure. */
export function healthRows({ health }: Pick<AppState, 'health'>): readonly HealthRow[] {
  return health?.view ? rowsOf(health.view) : []
}

function rowsOf({ probes, analysis, analyses }: WatchView): readonly HealthRow[] {
  return [
    ...probes.map((probe) => ({ kind: 'probe', probe }) as const),
    ...analysis.checks.map((check) => ({ kind: 'analysis', check, found: own(analyses, check.name) }) as const),
  ]
}

/** What is worst comes first, for where there is room for a few. Pure. */
export function worstFirst(rows: readonly HealthRow[]): readonly HealthRow[] {
  return rows.toSorted((a, b) => weightOf(a) - weightOf(b))
}

/** The weight of what is as it should be. */
export const FINE = 3

/** 0 is worst. */
export function weightOf(row: HealthRow): number {
  if (row.kind === 'analysis') return ANALYSIS[row.found?.progress.status ?? 'running']
  const { state, severity, role } = row.probe
  const isWorst = severity === 'critical' && role === 'live'
  return state.state === 'failing' && !isWorst ? 1 : PROBE[state.state]
}

const PROBE = { failing: 0, unknown: 2, passing: FINE } as const
const ANALYSIS = { failed: 0, inconclusive: 2, running: FINE, successful: FINE } as const
