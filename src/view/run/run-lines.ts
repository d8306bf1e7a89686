import { sanitizeLines } from '../../domain/text/sanitize.ts'
import type { RunView, StepView } from '../../events/project-run.ts'
import { manualCommands } from '../../events/step-ending.ts'
import { countSteps } from '../../events/count-steps.ts'
import { hasMoved, isUnfinished } from '../../events/run-ending.ts'
import { releaseBadge, stepBadge } from '../badges.ts'
import { renderHeading } from '../heading.ts'
import { PACKAGE_COLUMNS, packageCells, packageText } from '../history/package-text.ts'
import { leftSteps, stepsWithUsers } from './left-steps.ts'
import { planTitle } from './plan-lines.ts'
import { runEnding } from './run-ending-text.ts'
import { renderTable } from '../table.ts'
import type { Line, Span } from '../text.ts'
import type { RestoredHealth } from './restored-health.ts'
import { formatDuration } from '../time.ts'

/** What a run did and what is left, for people. Green only when every registry was proved. Pure. */
export function renderRun(view: RunView, health: RestoredHealth | null = null): readonly Line[] {
  return [headline(view), ...renderHealthEnding(view, health), ...renderSteps(view), ...renderFollowUp(view)]
}

/** Complete and healthy, and complete and unhealthy, are different endings. */
function renderHealthEnding({ plan }: RunView, health: RestoredHealth | null): readonly Line[] {
  if (!health) return []
  const { verdict, why } = health
  const { tone } = releaseBadge(verdict)
  const word = verdict === 'unknown' ? 'Health not known' : `Complete, ${verdict}`
  return [[{ text: word, tone }, `: ${plan.to}${why === '' ? '' : `, ${why}`}.`]]
}

function headline(view: RunView): Line {
  const { plan, steps, summary } = view
  const { word, tone } = runEnding(view)
  const { done } = countSteps(view)
  const proved = `${done} of ${steps.length} registries proved by read-back`
  return [{ text: word, tone }, `: ${planTitle(plan)}. ${(summary === '' ? proved : summary).replace(/\.$/u, '')}.`]
}

const STEP_COLUMNS = [
  ...PACKAGE_COLUMNS,
  { title: 'STATUS' },
  { title: 'TIME', align: 'right' },
  { title: 'DETAIL', maxWidth: 60 },
] as const

function renderSteps({ steps, excluded }: RunView): readonly Line[] {
  const moved = steps.map(({ plan: step, status, durationMs, detail, error }): readonly Span[] => [
    ...packageCells(step.package),
    { text: status, tone: stepBadge(status).tone },
    durationMs === 0 ? '' : formatDuration(durationMs),
    error ? `${error.code}: ${error.message}` : detail,
  ])
  const left = excluded.map(({ package: ref, status, reason }) => [...packageCells(ref), status, '', reason])
  return [...renderHeading('Registries'), ...renderTable(STEP_COLUMNS, [...moved, ...left])]
}

function renderFollowUp(view: RunView): readonly Line[] {
  const left = leftSteps(view)
  const manual = left.flatMap((step) => manualCommands(step, view.direction))
  return [
    ...renderRemedies(left),
    ...(manual.length === 0 ? [] : renderHeading('Manual steps', manualNote(view))),
    ...manual.map((command): Line => `  ${command}`),
    ...renderUsers(view),
    '',
    nextCommand(view),
  ]
}

/** What helps where a step failed, each remedy once. */
function renderRemedies(left: readonly StepView[]): readonly Line[] {
  const byHint = Map.groupBy(left, ({ error }) => error?.hint ?? '')
  byHint.delete('')
  const lines = [...byHint].flatMap(([hint, steps]): readonly Line[] => [
    `  ${steps.map(({ plan }) => packageText(plan.package)).join(', ')}`,
    ...sanitizeLines(hint).map((line, at): Line => `${at === 0 ? '  → ' : '    '}${line}`),
  ])
  return lines.length === 0 ? [] : [...renderHeading('What helps'), ...lines]
}

function manualNote({ direction, plan }: RunView): string {
  return direction === 'undo' ? `to go back to ${plan.from} where this run did not` : 'for what this run did not do'
}

/** What a moved pointer means for users who have the bad version; printed after every run that moved one. */
function renderUsers(view: RunView): readonly Line[] {
  const moved = stepsWithUsers(view)
  if (moved.length === 0) return []
  const columns = [
    { title: 'REGISTRY', maxWidth: 40 },
    { title: 'WHO HAS IT ALREADY', maxWidth: 60 },
  ] as const
  const rows = moved.map(({ plan }) => [`${plan.package.format} ${plan.package.registry}`, plan.effect.existingUsers])
  return [
    ...renderHeading('User impact', 'what a moved pointer means for those who have the bad version'),
    ...renderTable(columns, rows),
  ]
}

function nextCommand(view: RunView): Line {
  const { id, result } = view
  const command = (label: string, verb: string): Line => [{ text: label, tone: 'dim' }, `bagboy-tui runs ${verb} ${id}`]
  if (result === null || isUnfinished(view, result)) return command('Resume it: ', 'resume')
  // A closed run of which something still stands can be taken back, also where it skipped a registry.
  const isStanding = result !== 'undone' && hasMoved(view)
  return isStanding ? command('Take it back: ', 'undo') : command('Show it: ', 'show')
}
