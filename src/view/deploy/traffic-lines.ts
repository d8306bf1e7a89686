import { stageText } from './stage-text.ts'
import { SLOTS } from '../../domain/traffic/traffic.ts'
import type { SlotReport, TrafficReport } from '../../engine/deploy/deploy.ts'
import { isWaiting } from '../../events/apply-command.ts'
import { slotBadge } from '../badges.ts'
import { howToGoOn } from './deploy-lines.ts'
import { renderTable } from '../table.ts'
import type { Line, Span } from '../text.ts'
import type { DeployView } from '../../events/deploy-view.ts'
import { formatDuration, msUntil } from '../time.ts'

const COLUMNS = [
  { title: 'SLOT' },
  { title: 'VERSION' },
  { title: 'SHARE', align: 'right' },
  { title: 'STATE' },
  { title: 'REQUESTS', align: 'right' },
  { title: 'OPEN', align: 'right' },
  { title: 'KEPT' },
] as const

/** Both slots and what is open. Pure. */
export function renderTraffic(report: TrafficReport, now: string): readonly Line[] {
  const { title, isSettled, access, warnings, open } = report
  return [
    { text: title, tone: 'strong' },
    ...renderTable(
      COLUMNS,
      SLOTS.map((slot) => cells(report.slots[slot], now)),
    ),
    ...(isSettled
      ? []
      : [{ text: 'The balancer does not yet serve the split that is configured.', tone: 'warning' } as const]),
    ...(access === 'denied' ? [{ text: 'It can be read but not changed from here.', tone: 'warning' } as const] : []),
    ...warnings.map((text): Line => ({ text: `! ${text}`, tone: 'warning' })),
    ...(open ? openLines(open, report.isWorkedOn, now) : []),
  ]
}

function cells(
  { slot, label, version, percent, state, requests, sessions, keptUntil }: SlotReport,
  now: string,
): readonly Span[] {
  return [
    label === slot ? slot : `${slot} (${label})`,
    { text: version ?? 'not known', tone: 'strong' },
    `${percent} %`,
    { text: state, tone: slotBadge(state).tone },
    requests === null ? '-' : String(requests),
    sessions === null ? '-' : String(sessions),
    keptUntil === null ? '' : `to go back to, for ${formatDuration(msUntil(keptUntil, now))}`,
  ]
}

function openLines(view: DeployView, isWorkedOn: boolean, now: string): readonly Line[] {
  const { plan, question, stages, position, isPaused, direction } = view
  const current = stages[position]
  const name = plan.kind === 'deploy' ? `Deploy of ${plan.version} to ${plan.slot}` : `Shift of traffic to ${plan.slot}`
  const left = current?.endsAt ? `, ${formatDuration(msUntil(current.endsAt, now))} left` : ''
  const place = current ? `${position + 1} of ${stages.length}: ${stageText(current.stage)}${left}` : 'at its end'
  const state = direction === 'back' ? 'going back' : isPaused ? `paused at ${place}` : place
  return [
    '',
    [{ text: `${name}  `, tone: 'strong' }, state],
    ...(question ? [`It waits for you: ${question.detail}.`] : []),
    ...(isWorkedOn ? [] : [{ text: 'No process works on it.', tone: 'warning' } as const]),
    ...howToGoOn(choicesNow(view, isWorkedOn)),
  ]
}

function choicesNow(view: DeployView, isWorkedOn: boolean): Parameters<typeof howToGoOn>[0] {
  if (view.question) return view.question.choices
  if (view.direction === 'back') return isWorkedOn ? ['take-theirs'] : ['resume', 'take-theirs']
  if (!isWorkedOn || view.isPaused) return ['resume', 'abort']
  return isWaiting(view) ? ['promote', 'pause', 'abort'] : ['pause', 'abort']
}
