import type { RunView } from '../../events/project-run.ts'
import { countSteps } from '../../events/project-run.ts'
import { needsAttention } from '../../machine/step-status.ts'
import type { SettledHealth } from '../settle-health.ts'
import { formatDuration } from './duration.ts'
import { stepTone } from './event-line.ts'
import { renderHeading } from './heading.ts'
import { PACKAGE_COLUMNS, packageCells } from './package-text.ts'
import { planTitle } from './plan-lines.ts'
import { renderTable } from './table.ts'
import type { Line, Span, Tone } from './text.ts'

/** What a run did and what is left, for people. Green only when every registry was proved. Pure. */
export function renderRun(view: RunView, health: SettledHealth | null = null): readonly Line[] {
  return [headline(view), ...renderHealthEnding(view, health), ...renderSteps(view), ...renderFollowUp(view)]
}

/** Complete and healthy, and complete and unhealthy, are different endings. */
function renderHealthEnding({ plan }: RunView, health: SettledHealth | null): readonly Line[] {
  if (!health) return []
  const { verdict, why } = health
  const tone = verdict === 'healthy' ? 'ok' : verdict === 'unhealthy' ? 'bad' : 'careful'
  const word = verdict === 'unknown' ? 'Health not known' : `Complete, ${verdict}`
  return [[{ text: word, tone }, `: ${plan.to}${why === '' ? '' : `, ${why}`}.`]]
}

const HEADLINES = {
  complete: ['Done', 'ok'],
  undone: ['Undone', 'ok'],
  partial: ['Partial', 'bad'],
  failed: ['Failed', 'bad'],
  aborted: ['Aborted', 'careful'],
  manual: ['Manual steps are left', 'careful'],
  open: ['Open', 'careful'],
} as const satisfies Record<string, readonly [string, Tone]>

function headline({ plan, result, steps, summary }: RunView): Line {
  const [word, tone] = HEADLINES[result ?? 'open']
  const { done } = countSteps(steps)
  const proved = `${done} of ${steps.length} registries proved by read-back`
  return [{ text: word, tone }, `: ${planTitle(plan)}. ${(summary === '' ? proved : summary).replace(/\.$/u, '')}.`]
}

const STEP_COLUMNS = [
  ...PACKAGE_COLUMNS,
  { title: 'STATUS' },
  { title: 'TIME', align: 'right' },
  { title: 'DETAIL', maxWidth: 60 },
] as const

function renderSteps({ steps, plan }: RunView): readonly Line[] {
  const moved = steps.map(({ plan: step, status, durationMs, detail, error }): readonly Span[] => [
    ...packageCells(step.package),
    { text: status, tone: stepTone(status) },
    durationMs === 0 ? '' : formatDuration(durationMs),
    error ? `${error.code}: ${error.message}` : detail,
  ])
  const left = plan.excluded.map(({ package: ref, status, reason }) => [...packageCells(ref), status, '', reason])
  return [...renderHeading('Registries'), ...renderTable(STEP_COLUMNS, [...moved, ...left])]
}

function renderFollowUp(view: RunView): readonly Line[] {
  const left = view.steps.filter(({ status }) => needsAttention(status) || status === 'manual')
  const byHand = left.flatMap(({ plan }) => plan.manual)
  return [
    ...(byHand.length === 0 ? [] : renderHeading('By hand', 'for what this run did not do')),
    ...byHand.map((command): Line => `  ${command}`),
    ...renderUsers(view),
    '',
    nextCommand(view),
  ]
}

/** What moving a pointer does not do: said after every run that moved one. */
function renderUsers({ steps, direction, plan: { kind } }: RunView): readonly Line[] {
  const moved = direction === 'undo' || kind === 'undo' ? [] : steps.filter(({ status }) => status === 'done')
  if (moved.length === 0) return []
  const columns = [
    { title: 'REGISTRY', maxWidth: 40 },
    { title: 'WHO HAS IT ALREADY', maxWidth: 60 },
  ] as const
  const rows = moved.map(({ plan }) => [`${plan.package.format} ${plan.package.registry}`, plan.effect.existingUsers])
  return [
    ...renderHeading('Users', 'what a moved pointer means for those who have the bad version'),
    ...renderTable(columns, rows),
  ]
}

function nextCommand({ id, result }: RunView): Line {
  const command = (label: string, verb: string): Line => [{ text: label, tone: 'dim' }, `bagboy-tui runs ${verb} ${id}`]
  if (result === 'complete') return command('Take it back: ', 'undo')
  if (result === 'undone') return command('Look at it: ', 'show')
  return command('Go on with what is left: ', 'resume')
}
