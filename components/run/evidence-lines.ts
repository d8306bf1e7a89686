import type { HealthSample } from '../../src/domain/health/health-sample.ts'
import type { Limit } from '../../src/domain/health/analysis.ts'
import { inUnit, unitText } from '../../src/health/decide/limit-value.ts'
import type { Comparison } from '../../src/events/watch-events.ts'
import type { ProbeView } from '../../src/events/project-watch.ts'
import { healthRows, type HealthRow } from '../../store/health/health-rows.ts'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import { fit, wrap } from '../format/text.ts'
import { plural } from '../../src/view/plural.ts'
import { clockTime, formatDuration } from '../../src/view/time.ts'
import { probeBadge } from '../../src/view/badges.ts'
import { labelled } from '../primitives/columns-line.ts'
import { measuredText } from '../health/health-cells.ts'
import { plain, span, type Line } from '../primitives/line.ts'

const LABEL = 13

/** What the verdict about one row was made of: what was asked, and what came back, as it came. Pure. */
export function evidenceLines(row: HealthRow, comparisons: readonly Comparison[], width: number): readonly Line[] {
  const own = row.kind === 'probe' ? probeLines(row.probe, width) : analysisLines(row, width)
  const name = row.kind === 'probe' ? row.probe.check : row.check.name
  return [...own, ...comparisons.filter(({ what }) => what === name).flatMap((one) => comparisonLines(one, width))]
}

/** The same as text, of the row under the cursor: for the clipboard and the dialog that shows all of it. Pure. */
export function evidenceText(state: AppState): string {
  const row = healthRows(state)[cursorOf(state, 'health')]
  if (!row) return ''
  const lines = evidenceLines(row, state.health?.view?.comparisons ?? [], 2000)
  return lines
    .map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trim(),
    )
    .join('\n')
}

function probeLines({ samples, state }: ProbeView, width: number): readonly Line[] {
  const last = samples.at(-1)
  if (!last) return [plain(' Not asked yet.', 'dim')]
  const bad = samples.findLast(({ verdict }) => verdict === 'failing')
  const passed = samples.filter(({ verdict }) => verdict === 'passing').length
  const asked = samples.filter(({ verdict }) => verdict !== 'unknown').length
  const share = asked === 0 ? '–' : `${((passed / asked) * 100).toFixed(1)} %`
  return [
    [span(` ${clockTime(last.at)}`, 'strong'), span(`  ${roundText(last)}`, 'dim')],
    ...evidence(last, width),
    ...labelled('Rounds', [`${share} of the last ${asked} passed, ${state.run} ${state.last ?? ''} in a row`], LABEL),
    ...(bad && bad !== last ? labelled('Last error', [`${clockTime(bad.at)}  ${bad.detail}`], LABEL) : []),
    [],
    ...samples.toReversed().map(roundLine),
  ]
}

function roundLine({ at, verdict, detail, latencyMs }: HealthSample): Line {
  const { glyph, tone } = probeBadge(verdict, 'critical')
  return [
    span(` ${clockTime(at)} `, 'dim'),
    span(` ${glyph}`, tone),
    span(` ${fit(formatDuration(latencyMs), 6, 'right')}`),
    span(`  ${detail}`, verdict === 'passing' ? 'dim' : tone),
  ]
}

function roundText({ latencyMs, attempts, lateMs }: HealthSample): string {
  // Less than that is what every timer is late.
  const late = lateMs < 100 ? '' : `, began ${formatDuration(lateMs)} late`
  return `took ${formatDuration(latencyMs)}, ${plural(attempts, 'try', 'tries')}${late}`
}

function evidence({ evidence: text, verdict }: HealthSample, width: number): readonly Line[] {
  const tone = verdict === 'passing' ? 'text' : verdict === 'failing' ? 'bad' : 'warning'
  return text
    .split('\n')
    .flatMap((part, index) => wrap(part, width - 2).map((line): Line => plain(` ${line}`, index === 0 ? 'text' : tone)))
}

function analysisLines({ check, found }: Extract<HealthRow, { kind: 'analysis' }>, width: number): readonly Line[] {
  const texts = (text: string): readonly string[] => wrap(text, width - LABEL - 1)
  const asked = check.query === '' ? [] : labelled('Query', texts(check.query), LABEL)
  if (!found) return [plain(' Not measured yet.', 'dim'), ...asked]
  const { measurement, progress } = found
  const { baseline, samples, error, why, at } = measurement
  const unit = (check.max ?? check.min)?.unit ?? 'number'
  const counts = [
    `failures ${progress.failureCount} (limit ${check.failureLimit})`,
    `inconclusive ${progress.inconclusiveCount} (limit ${check.inconclusiveLimit})`,
    `errors in a row ${progress.errorCount} (limit ${check.consecutiveErrorLimit})`,
  ]
  return [
    [span(` ${clockTime(at)}`, 'strong'), span(`  from ${check.source}`, 'dim')],
    ...labelled(
      'Value',
      [`${measuredText(check, found)}${limitText(check.max, '>')}${limitText(check.min, '<')}`],
      LABEL,
    ),
    ...labelled('Samples', [samples === null ? 'not known' : String(samples)], LABEL),
    ...(baseline === null ? [] : labelled('Baseline', [unitText(inUnit(baseline, unit), unit)], LABEL)),
    ...(error === '' && why === '' ? [] : labelled('No value', texts(error || why), LABEL, 'warning')),
    ...labelled('Counted', texts(counts.join(', ')), LABEL),
    ...(progress.why === '' ? [] : labelled('So far', texts(progress.why), LABEL)),
    ...asked,
  ]
}

function limitText(limit: Limit | null, comparison: string): string {
  if (limit === null) return ''
  return `   bad when ${comparison} ${unitText(limit.value, limit.unit)}`
}

function comparisonLines({ live, other, isOtherBad }: Comparison, width: number): readonly Line[] {
  const text = `${live} here, ${other} on the version to go back to${isOtherBad ? ': as bad' : ''}`
  return labelled('Compared', wrap(text, width - LABEL - 1), LABEL, isOtherBad ? 'bad' : 'text')
}
