import { SLOTS, type Slot } from '../../src/domain/traffic/traffic.ts'
import type { SlotReport } from '../../src/engine/deploy/deploy.ts'
import type { AppState } from '../../store/state.ts'
import { fit, widthOf } from '../format/text.ts'
import { clockTime } from '../../src/view/time.ts'
import { bar } from '../primitives/bar.ts'
import { slotBadge, type Badge } from '../../src/view/badges.ts'
import { span, type Line } from '../primitives/line.ts'
import type { TrafficState } from '../../store/traffic/traffic-state.ts'

const STATE = 11
const SHARE = 6
const RATE = 10
const LEAST_BAR = 8

/** A line a slot: what runs in it, and how much the balancer says it gets. Pure. */
export function slotLines(state: Pick<AppState, 'traffic' | 'health'>, width: number): readonly Line[] {
  const { traffic } = state
  const report = traffic?.report
  if (!traffic || !report) return []
  const rows = SLOTS.map((slot) => report.slots[slot])
  const name = Math.max(...rows.map(({ label }) => widthOf(label)))
  const version = Math.max(7, ...rows.map((row) => widthOf(versionOf(row, traffic))))
  const note = Math.max(...rows.map((row) => widthOf(noteOf(row, traffic))))
  const fixed = 3 + name + 2 + version + 2 + SHARE + 2 + STATE + 2 + RATE + 2 + note + 1
  const barWidth = Math.max(LEAST_BAR, Math.min(60, width - fixed))
  return rows.map((row): Line => {
    const badge = badgeOf(row, state)
    return [
      span('   '),
      span(fit(row.label, name), 'strong'),
      span('  '),
      span(fit(versionOf(row, traffic), version)),
      span('  '),
      ...bar(row.percent, 100, barWidth, row.percent > 0 ? 'ok' : 'dim'),
      span(fit(`${row.percent} %`, SHARE, 'right')),
      span('  '),
      span(fit(`${badge.glyph} ${badge.word}`, STATE), badge.tone),
      span('  '),
      span(fit(rateText(row, traffic), RATE, 'right'), 'dim'),
      span('  '),
      span(noteOf(row, traffic), 'dim'),
    ]
  })
}

/** What our own checks of the slot say, where there are any, else what the balancer says. */
function badgeOf({ slot, state }: SlotReport, { health }: Pick<AppState, 'health'>): Badge {
  const probes = (health?.view?.probes ?? []).filter(
    ({ place, severity, samples }) => place === slot && severity === 'critical' && samples.length > 0,
  )
  if (probes.length === 0 || (state !== 'up' && state !== 'unknown')) return slotBadge(state)
  const failing = probes.filter((probe) => probe.state.state === 'failing').length
  if (failing > 0) return { glyph: '✗', word: `${failing} of ${probes.length}`, tone: 'bad' }
  const passing = probes.filter((probe) => probe.state.state === 'passing').length
  return { glyph: passing === probes.length ? '✓' : '○', word: `${passing} of ${probes.length}`, tone: 'ok' }
}

function rateText({ slot, requests }: SlotReport, { rates }: TrafficState): string {
  if (requests === null) return ''
  if (rates === null) return `${requests} req`
  const rate = rates[slot]
  return `${rate > 0 && rate < 10 ? rate.toFixed(1) : Math.round(rate)} req/s`
}

function noteOf({ slot, keptUntil }: SlotReport, { deploy }: TrafficState): string {
  if (keptUntil !== null) return `warm to ${clockTime(keptUntil)}`
  return deploy && deploy.result === null && isNew(slot, deploy) ? 'the new one' : ''
}

/** By the history, until a deploy has brought another one there. */
function versionOf({ slot, version }: SlotReport, { deploy }: TrafficState): string {
  const isThere = deploy?.result === null && isNew(slot, deploy) && deploy.position > 0
  return (isThere ? deploy.plan.version : version) ?? '–'
}

function isNew(slot: Slot, { plan }: NonNullable<TrafficState['deploy']>): boolean {
  return plan.kind === 'deploy' && plan.slot === slot
}
