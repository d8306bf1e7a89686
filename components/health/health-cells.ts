import type { AnalysisCheck } from '../../src/domain/health/analysis.ts'
import { inUnit, unitText } from '../../src/health/decide/limit-value.ts'
import type { HealthSample } from '../../src/domain/health/health-sample.ts'
import { quantile } from '../../src/domain/health/quantile.ts'
import type { AnalysisView, ProbeView, WatchView } from '../../src/events/project-watch.ts'
import type { HealthRow } from '../../store/health/health-rows.ts'
import type { Column } from '../frame/columns.ts'
import { spark } from '../format/spark.ts'
import { clockTime, formatDuration } from '../../src/view/time.ts'
import { analysisBadge, probeBadge } from '../../src/view/badges.ts'
import { span, type Span } from '../primitives/line.ts'

/** What the list of checks shows of each, as far as there is room. Pure. */
export function healthColumns(width: number): readonly Column[] {
  return [
    { title: 'CHECK', width: 11, grow: 1 },
    { title: 'OF', width: 9, keep: 2 },
    { title: 'STATE', width: 9 },
    { title: 'LATENCY', width: sparkWidth(width), keep: 6 },
    { title: 'P50', width: 6, align: 'right', keep: 4 },
    { title: 'P95', width: 6, align: 'right', keep: 5 },
    { title: 'LAST', width: 8, grow: 2 },
    { title: 'SINCE', width: 9, keep: 3 },
    { title: 'NEXT', width: 9, keep: 1 },
  ]
}

/** Rounds that are drawn: many where there is room. */
function sparkWidth(width: number): number {
  return width < 95 ? 12 : Math.min(60, 12 + Math.floor((width - 95) / 2))
}

/** One cell a column. Pure. */
export function healthCells(row: HealthRow, view: WatchView, width: number): readonly Span[] {
  const cells = sparkWidth(width)
  return row.kind === 'probe' ? probeCells(row.probe, view, cells) : analysisCells(row, cells)
}

function probeCells(probe: ProbeView, view: WatchView, cells: number): readonly Span[] {
  const badge = probeBadge(probe.state.state, probe.severity)
  const { samples } = probe
  return [
    span(probe.check, 'strong'),
    span(placeOf(probe, view), 'dim'),
    span(`${badge.glyph} ${badge.word}`, badge.tone),
    span(spark(samples, cells), badge.tone),
    span(latencyText(samples, 0.5), 'dim'),
    span(latencyText(samples, 0.95), 'dim'),
    lastAnswer(samples),
    span(probe.state.since === null ? '–' : clockTime(probe.state.since), 'dim'),
    span(probe.nextAt === null ? '–' : clockTime(probe.nextAt), 'dim'),
  ]
}

/** The copy that is asked: a slot by its name, since nothing has proved what it runs; else the version asked for. Pure. */
export function placeOf(
  { role, place }: Pick<ProbeView, 'role' | 'place'>,
  { target }: Pick<WatchView, 'target'>,
): string {
  if (role === 'target') return place === 'preview' ? (target ?? place) : place
  return place === 'active' ? 'live' : place
}

/** A quantile of what the rounds that are kept took, as measured: one that failed took no longer than it took. Pure. */
export function latencyText(samples: readonly HealthSample[], share: number): string {
  const asked = samples.filter(({ verdict }) => verdict !== 'unknown')
  const ms = quantile(
    asked.map(({ latencyMs }) => latencyMs),
    share,
  )
  return ms === undefined ? '–' : formatDuration(ms)
}

function lastAnswer(samples: readonly HealthSample[]): Span {
  const last = samples.at(-1)
  if (!last) return span('not asked yet', 'dim')
  if (last.verdict === 'failing') return span(last.detail, 'bad')
  if (last.verdict === 'unknown') return span(last.detail, 'warning')
  const bad = samples.findLast(({ verdict }) => verdict === 'failing')
  return span(bad ? `${last.detail}, was ${bad.detail}` : last.detail, 'dim')
}

type AnalysisRow = Extract<HealthRow, { kind: 'analysis' }>

function analysisCells({ check, found }: AnalysisRow, cells: number): readonly Span[] {
  const badge = analysisBadge(found?.progress.status, check.isDryRun)
  return [
    span(check.name, 'strong'),
    span(check.source, 'dim'),
    span(`${badge.glyph} ${badge.word}`, badge.tone),
    span((found ? `${found.progress.failureCount} bad, max ${check.failureLimit}` : '').padStart(cells)),
    span(''),
    span(measuredText(check, found), badge.tone),
    span(found ? found.measurement.error || found.progress.why : 'not asked yet', 'dim'),
    span(found ? clockTime(found.measurement.at) : '–', 'dim'),
    span('–', 'dim'),
  ]
}

/** The value in the unit of its limit. Pure. */
export function measuredText({ max, min }: AnalysisCheck, found: AnalysisView | undefined): string {
  const value = found?.measurement.value ?? null
  const unit = (max ?? min)?.unit ?? 'number'
  return value === null ? '–' : unitText(inUnit(value, unit), unit)
}
