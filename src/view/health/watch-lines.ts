import type { RuleState } from '../../domain/health/trigger.ts'
import { countHealth, type WatchView } from '../../events/project-watch.ts'
import type { StampedWatch } from '../../events/watch-events.ts'
import { probeBadge, releaseBadge } from '../badges.ts'
import { plural } from '../plural.ts'
import { sourcedConditionText } from './trigger-text.ts'
import { progressLine, type EventText } from '../event-text.ts'
import type { Line } from '../text.ts'
import { formatDuration } from '../time.ts'

/** One line of a watch as it goes on, or `undefined` for what a log need not say. `view` already holds the event. Pure. */
export function renderWatchEvent(event: StampedWatch, view: WatchView): Line | undefined {
  return progressLine(words(event, view), { at: event.at, startedAt: view.startedAt })
}

function words(event: StampedWatch, view: WatchView): EventText | undefined {
  switch (event.type) {
    case 'watch.started':
      return ['watching', 'strong', startText(view)]
    case 'phase.changed':
      return ['phase', 'dim', `${event.from} → ${event.to}`]
    case 'health.sampled': {
      const { probe, verdict, detail, attempts } = event.sample
      const tries = attempts > 1 ? `, ${attempts} tries` : ''
      return verdict === 'passing' ? undefined : [verdict, probeBadge(verdict).tone, `${probe}  ${detail}${tries}`]
    }
    case 'health.changed':
      return event.to === 'passing' ? ['passing', 'ok', `${event.probe}  ${event.detail}`] : undefined
    case 'analysis.measured': {
      const { check, error } = event.measurement
      return error === '' ? undefined : ['no answer', 'warning', `${check}  ${error}`]
    }
    case 'analysis.inconclusive':
      return ['paused', 'warning', `${event.check} is inconclusive: ${event.why}. It causes no rollback.`]
    case 'trigger.evaluated':
      return progressText(event.rules)
    case 'trigger.fired':
    case 'trigger.cleared':
    case 'mode.changed':
    case 'target.checked':
    case 'rollback.refused':
    case 'rollback.proposed':
    case 'rollback.approved':
    case 'countdown.started':
    case 'countdown.ended':
    case 'watch.judged':
    case 'watch.ended':
      return decisionText(event)
  }
}

type Decision = Exclude<
  StampedWatch,
  { type: 'watch.started' | 'phase.changed' | `health.${string}` | `analysis.${string}` | 'trigger.evaluated' }
>

function decisionText(event: Decision): EventText {
  switch (event.type) {
    case 'trigger.fired':
      return ['triggered', 'bad', event.rule.conditions.map(sourcedConditionText).join(' and ')]
    case 'trigger.cleared':
      return ['recovered', 'ok', 'the trigger is no longer met']
    case 'mode.changed':
      return ['mode', 'strong', event.why === '' ? event.mode : `${event.mode}: ${event.why}`]
    case 'target.checked':
      return targetText(event)
    case 'rollback.refused':
      return ['refused', 'bad', event.error.message]
    case 'rollback.proposed':
      return ['proposed', 'warning', `${event.plan.from} → ${event.plan.to}${event.why === '' ? '' : `: ${event.why}`}`]
    case 'countdown.started':
      return ['countdown', 'warning', `${event.plan.from} → ${event.plan.to} in ${formatDuration(event.ms)}`]
    case 'countdown.ended':
      return ['countdown', event.by === 'time' ? 'strong' : 'warning', COUNTDOWN_ENDS[event.by]]
    case 'rollback.approved':
      return ['going', 'strong', `${event.plan.from} → ${event.plan.to}`]
    case 'watch.judged': {
      const why = event.why === '' ? '' : `: ${event.why}`
      return [event.verdict, releaseBadge(event.verdict).tone, `watched ${formatDuration(event.watchedMs)}${why}`]
    }
    case 'watch.ended':
      return ['watched', 'dim', `ended: ${event.why}`]
  }
}

const COUNTDOWN_ENDS = {
  time: 'is over',
  veto: 'stopped: nothing is rolled back',
  recovery: 'ended: the release recovered',
} as const

function startText(view: WatchView): string {
  const { critical } = countHealth(view)
  const counts: readonly (readonly [number, string, string?])[] = [
    [critical, 'critical check'],
    [view.probes.length - critical, 'other'],
    [view.analysis.checks.length, 'analysis', 'analyses'],
    [view.rules.length, 'trigger'],
  ]
  const parts = [
    `${view.app} ${view.version} in ${view.environment}`,
    ...counts.filter(([count]) => count > 0).map((one) => plural(...one)),
    view.endsAt === null ? '' : `until ${view.endsAt}`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** How far the rules are; no line while no condition counts. */
function progressText(rules: readonly RuleState[]): EventText | undefined {
  const building = rules
    .flatMap(({ conditions }) => conditions)
    .filter(({ done, result }) => done > 0 && result !== 'met')
  return building.length === 0 ? undefined : ['trigger', 'warning', building.map(sourcedConditionText).join(', ')]
}

function targetText({ version, samples, comparisons }: Extract<StampedWatch, { type: 'target.checked' }>): EventText {
  const figures = comparisons.map(({ what, live, other }) => `${what}: ${live} now, ${other} there`)
  const failing = samples
    .filter(({ verdict }) => verdict === 'failing')
    .map(({ probe, detail }) => `${probe}: ${detail}`)
  const said = [...figures, ...(comparisons.length > 0 ? [] : failing)]
  const isBad = failing.length > 0 || comparisons.some(({ isOtherBad }) => isOtherBad)
  const asked = samples.length === 0 ? 'no check reads it' : `${plural(samples.length, 'check')} asked`
  return ['target', isBad ? 'bad' : 'ok', [`${version}, ${asked}`, ...said].join('; ')]
}
