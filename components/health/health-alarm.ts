import { countHealth, type WatchView } from '../../src/events/project-watch.ts'
import { conditionText } from '../../src/view/health/trigger-text.ts'
import type { AppState } from '../../store/state.ts'
import { clip } from '../format/text.ts'
import { msUntil, timerText } from '../../src/view/time.ts'
import type { Tone } from '../theme/theme.ts'
import { lineWidth, span, type Line } from '../primitives/line.ts'

/** A rollback that is about to happen, on whatever screen: the seconds that are left and the key that stops it. Pure. */
export function countdownLine({ health, now, dialog, help }: AppState): Line | undefined {
  const countdown = health?.view?.countdown
  if (!countdown) return undefined
  const left = timerText(msUntil(countdown.endsAt, now))
  const isTaken = dialog !== null || help !== null
  return [
    span(` ▲ Auto rollback to ${countdown.plan.to} in ${left}`, 'bad'),
    ...(isTaken ? [span('   '), span('esc', 'accent'), span(' and')] : [span('  ')]),
    span(' A', 'accent'),
    span(' holds it'),
    ...(isTaken ? [] : [span('  '), span('v', 'accent'), span(' reviews it')]),
  ]
}

/** The one line that says what is wrong with the health of what is live, and the one key that helps. Pure. */
export function healthAlarm(state: AppState, width: number): Line | undefined {
  const view = state.health?.view
  if (!view || state.health?.error) return undefined
  const [tone, text, key, remedyText] = wrong(view) ?? []
  if (tone === undefined || text === undefined) return undefined
  const shownKey = state.screen === 'health' && key === '2' ? undefined : key
  const remedy: Line = shownKey === undefined ? [] : [span('  '), span(shownKey, 'accent'), span(` ${remedyText}`)]
  const glyph = tone === 'bad' ? '✗' : '▲'
  return [span(` ${glyph} `, tone), span(clip(text, width - lineWidth(remedy) - 4), tone), ...remedy]
}

type Wrong = readonly [tone: Tone, text: string, key: string, remedy: string]

function wrong(view: WatchView): Wrong | undefined {
  const { failing, critical } = countHealth(view)
  const evidence = view.fired ? view.fired.rule.conditions.map(conditionText).join(' and ') : ''
  if (view.fired && view.refusal) return ['bad', `${view.refusal.message} (${evidence})`, '2', 'shows it']
  if (view.fired && view.proposal) {
    const why = view.proposal.why === '' ? '' : `, ${view.proposal.why}`
    return ['bad', `${evidence}${why}`, 'v', `reviews the rollback to ${view.proposal.plan.to}`]
  }
  if (view.fired) return ['bad', evidence, '2', 'shows it']
  if (view.inconclusive) {
    const { check, why } = view.inconclusive
    return ['warning', `${check} is inconclusive: ${why}`, '2', 'shows it']
  }
  if (failing === 0) return undefined
  const bad = view.probes.find(
    ({ role, severity, state }) => role === 'live' && severity === 'critical' && state.state === 'failing',
  )
  const what = bad ? `${bad.check}: ${bad.samples.at(-1)?.detail ?? ''}` : ''
  return ['bad', `${failing} of ${critical} failing. ${what}${nearest(view)}`, '2', 'shows it']
}

/** How near the nearest trigger is. */
function nearest({ rules }: WatchView): string {
  const [first] = rules
    .flatMap(({ conditions }) => conditions)
    .filter(({ result, done }) => result !== 'inconclusive' && done > 0)
    .toSorted((a, b) => b.done / b.needed - a.done / a.needed)
  return first ? `, ${first.done} of ${first.needed}` : ''
}
