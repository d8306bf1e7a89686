import { own } from '../../domain/text/own.ts'
import type { ConditionState } from '../../domain/health/trigger.ts'
import { countHealth, type ProbeView, type WatchView } from '../../events/project-watch.ts'
import { renderHeading } from '../heading.ts'
import { renderTable } from '../table.ts'
import type { Line, Span } from '../text.ts'
import { basisText } from './trigger-text.ts'
import { probeBadge } from '../badges.ts'
import { formatDuration } from '../time.ts'

/** What the checks of a release say now, with the raw evidence of what does not pass. Pure. */
export function renderHealth(view: WatchView): readonly Line[] {
  return [
    headline(view),
    ...renderProbes(view),
    ...renderAnalyses(view),
    ...renderTriggers(view),
    ...renderEvidence(view),
  ]
}

function headline(view: WatchView): Line {
  const { critical, failing, unknown } = countHealth(view)
  const name = `${view.app} ${view.version} in ${view.environment}`
  if (failing > 0) return [{ text: `${failing} of ${critical} failing`, tone: 'bad' }, `  ${name}`]
  if (unknown > 0) return [{ text: `${unknown} of ${critical} could not be checked`, tone: 'warning' }, `  ${name}`]
  return [
    {
      text: critical === 0 ? 'No critical check' : `${critical} of ${critical} passing`,
      tone: critical === 0 ? 'warning' : 'ok',
    },
    `  ${name}`,
  ]
}

const COLUMNS = [
  { title: 'CHECK', maxWidth: 40 },
  { title: 'OF' },
  { title: 'STATE' },
  { title: 'TOOK', align: 'right' },
  { title: 'TRIES', align: 'right' },
  { title: 'ANSWER', maxWidth: 50 },
] as const

function renderProbes({ probes, version, target }: WatchView): readonly Line[] {
  if (probes.length === 0) return []
  const rows = probes.map((probe): readonly Span[] => {
    const last = probe.samples.at(-1)
    const state = probe.severity === 'warning' ? `${probe.state.state} (warning)` : probe.state.state
    return [
      probe.check,
      copyOf(probe, { version, target }),
      { text: state, tone: probeBadge(probe.state.state, probe.severity).tone },
      last ? formatDuration(last.latencyMs) : '',
      last ? String(last.attempts) : '',
      last?.detail ?? 'not asked yet',
    ]
  })
  return [...renderHeading('Checks'), ...renderTable(COLUMNS, rows)]
}

/** Nothing has proved what a slot runs that has no traffic: it is named, not a version. */
function copyOf({ role, place }: ProbeView, { version, target }: Pick<WatchView, 'version' | 'target'>): string {
  if (role === 'target' && place !== 'preview') return place
  return `${role === 'live' ? version : (target ?? '')}${place === 'active' ? '' : ` (${place})`}`
}

function renderAnalyses({ analysis, analyses }: WatchView): readonly Line[] {
  if (analysis.checks.length === 0) return []
  const columns = [
    { title: 'ANALYSIS' },
    { title: 'FROM' },
    { title: 'VALUE', align: 'right' },
    { title: 'FAILED', align: 'right' },
    { title: 'STATE' },
    { title: 'WHY', maxWidth: 60 },
  ] as const
  const rows = analysis.checks.map((check): readonly Span[] => {
    const found = own(analyses, check.name)
    const { measurement, progress } = found ?? {}
    return [
      check.isDryRun ? `${check.name} (dry run)` : check.name,
      check.source,
      valueText(measurement?.value ?? null),
      `${progress?.failureCount ?? 0} (limit ${check.failureLimit})`,
      progress?.status ?? 'not asked yet',
      measurement?.error || progress?.why || measurement?.note || '',
    ]
  })
  return [...renderHeading('Analyses'), ...renderTable(columns, rows)]
}

function valueText(value: number | null): string {
  return value === null ? 'no data' : String(Number(value.toPrecision(4)))
}

function renderTriggers({ rules }: WatchView): readonly Line[] {
  if (rules.length === 0) return []
  const columns = [
    { title: '' },
    { title: 'TRIGGER' },
    { title: 'NOW', align: 'right' },
    { title: 'LIMIT' },
    { title: 'MET', align: 'right' },
    { title: 'FROM', maxWidth: 60 },
  ] as const
  const rows = rules.flatMap(({ number, conditions }) =>
    conditions.map((state, index) => triggerCells(state, index === 0 ? String(number) : 'and')),
  )
  return [
    ...renderHeading('Triggers', 'one is enough; what stands below "and" must hold as well'),
    ...renderTable(columns, rows),
  ]
}

function triggerCells(state: ConditionState, number: string): readonly Span[] {
  const { kind, value, comparison, threshold, done, needed, result } = state
  const tone = result === 'met' ? 'bad' : result === 'inconclusive' ? 'warning' : 'dim'
  return [number, kind, value, `${comparison} ${threshold}`, { text: `${done} of ${needed}`, tone }, basisText(state)]
}

function renderEvidence({ probes }: WatchView): readonly Line[] {
  const shown = probes.filter(({ state }) => state.state !== 'passing')
  return shown.flatMap((probe) => {
    const last = probe.samples.at(-1)
    if (!last || last.evidence === '') return []
    return [
      ...renderHeading(title(probe), `at ${last.at}`),
      ...last.evidence.split('\n').map((line): Line => `  ${line}`),
    ]
  })
}

function title({ probe, role }: ProbeView): string {
  return role === 'live' ? probe : `${probe}, the version to go back to`
}

/** The same as data. Additions only: scripts read it. Pure. */
export function healthReport(view: WatchView): Readonly<Record<string, unknown>> {
  const { critical, failing, unknown } = countHealth(view)
  return {
    schema: 1,
    app: view.app,
    environment: view.environment,
    version: view.version,
    target: view.target,
    phase: view.phase,
    health: failing > 0 ? 'failing' : unknown > 0 || critical === 0 ? 'unknown' : 'passing',
    critical,
    failing,
    unknown,
    checks: view.probes.map(({ probe, check, kind, role, place, severity, state, samples }) => ({
      probe,
      check,
      kind,
      role,
      place,
      severity,
      state: state.state,
      since: state.since,
      last: samples.at(-1) ?? null,
    })),
    analyses: Object.entries(view.analyses).map(([name, { measurement, progress }]) => ({
      name,
      measurement,
      progress,
    })),
    triggers: view.rules,
  }
}
