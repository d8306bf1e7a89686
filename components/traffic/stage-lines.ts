import type { DeployStage } from '../../src/domain/traffic/deploy-plan.ts'
import { stageName } from '../../src/view/deploy/stage-text.ts'
import { clockTime, elapsed, msUntil, timerText } from '../../src/view/time.ts'
import type { Column } from '../frame/columns.ts'
import { stageBadge } from '../../src/view/badges.ts'
import type { DeployView, StageView } from '../../src/events/deploy-view.ts'
import { lineWidth, span, type Line, type Span } from '../primitives/line.ts'

export const STAGE_COLUMNS: readonly Column[] = [
  { title: 'STAGE', width: 14 },
  { title: 'STATE', width: 11 },
  { title: 'TOOK', width: 5, align: 'right', keep: 1 },
  { title: '', width: 20, grow: 1 },
]

/** One cell a column. Pure. */
export function stageCells(view: DeployView, index: number, now: string): readonly Span[] {
  const one = view.stages[index]
  if (!one) return []
  const badge = stageBadge(one.status, index === view.position && view.question !== null)
  return [
    span(stageName(one.stage), one.status === 'pending' ? 'dim' : 'text'),
    span(`${badge.glyph} ${badge.word}`, badge.tone),
    span(elapsed(one.startedAt, one.finishedAt ?? now), 'dim'),
    span(detailOf(view, one, now), one.status === 'failed' ? 'bad' : 'dim'),
  ]
}

function detailOf(view: DeployView, one: StageView, now: string): string {
  if (one.status !== 'running') return one.detail
  const { stage, endsAt } = one
  if (view.isPaused) return 'paused: nothing further is begun'
  const measured = Object.entries(one.analyses).map(
    ([name, { failureCount, status }]) => `${name} ${status}, bad ${failureCount}`,
  )
  if (endsAt === null)
    return stage.kind === 'gate' || stage.kind === 'pause' ? 'waits for a person' : measured.join('; ')
  const left = `${timerText(msUntil(endsAt, now))} left`
  return [left, afterwards(stage), ...measured, `at ${clockTime(endsAt)}`].filter((part) => part !== '').join(', ')
}

function afterwards(stage: DeployStage): string {
  if (stage.kind === 'gate') return 'then traffic moves'
  if (stage.kind === 'watch') return 'then it is healthy'
  if (stage.kind === 'drain') return 'then its sessions are ended'
  if (stage.kind !== 'pause') return ''
  return {
    revert: 'then all traffic goes back',
    promote: 'then it goes on',
    'go-on': 'then it goes on',
    wait: 'then it waits',
  }[stage.onTimeout]
}

/** The stages as one line, the current one in brackets; what does not fit is left out around it. Pure. */
export function stageBreadcrumb({ stages, position }: DeployView, width: number): Line {
  const parts = stages.map((one, index): Line => {
    const badge = stageBadge(one.status, false)
    const name = stageName(one.stage)
    if (index === position) return [span(`[${badge.glyph} ${name}]`, 'accent')]
    return [span(one.status === 'pending' ? name : `${badge.glyph} ${name}`, one.status === 'failed' ? 'bad' : 'dim')]
  })
  let [from, to] = [Math.min(position, parts.length - 1), Math.min(position, parts.length - 1) + 1]
  for (let grew = true; grew;) {
    grew = false
    for (const [nextFrom, nextTo] of [
      [from, to + 1],
      [from - 1, to],
    ] as const) {
      if (nextFrom < 0 || nextTo > parts.length || lineWidth(joined(parts, nextFrom, nextTo)) > width) continue
      ;[from, to] = [nextFrom, nextTo]
      grew = true
    }
  }
  return joined(parts, from, to)
}

function joined(parts: readonly Line[], from: number, to: number): Line {
  const arrow = span(' ─▶ ', 'dim')
  return [
    span(' '),
    ...(from > 0 ? [span('… ', 'dim')] : []),
    ...parts.slice(from, to).flatMap((part, index) => (index === 0 ? part : [arrow, ...part])),
    ...(to < parts.length ? [span(' …', 'dim')] : []),
  ]
}

/** Everything a stage was decided from, to read. Pure. */
export function stageEvidence({ stage, status, detail, evidence, measurements }: StageView): string {
  return [
    `${stageName(stage)}: ${status}`,
    ...(detail === '' ? [] : [detail]),
    ...(evidence === null ? [] : ['', JSON.stringify(evidence, undefined, 2)]),
    ...(measurements.length === 0 ? [] : ['', 'Measured, newest last:']),
    ...measurements.map(
      ({ at, check, value, samples, why, error }) =>
        `${clockTime(at)}  ${check}  ${value ?? 'no data'}${samples === null ? '' : ` (n=${samples})`}  ${error || why}`,
    ),
  ].join('\n')
}
