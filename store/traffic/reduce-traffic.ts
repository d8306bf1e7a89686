import type { AppState } from '../state.ts'
import { perSlot, type PerSlot } from '../../src/domain/traffic/traffic.ts'
import { projectDeploy } from '../../src/events/project-deploy.ts'
import { deployEventText } from '../../src/view/deploy/deploy-event-line.ts'
import { logLines } from '../run/log-line.ts'
import type { DeployView } from '../../src/events/deploy-view.ts'
import type { TrafficEvent, TrafficState } from './traffic-state.ts'

const MOST_LINES = 200

const NOTHING: TrafficState = {
  report: null,
  rates: null,
  readAt: '',
  error: null,
  deploy: null,
  isFollowed: false,
  log: [],
}

export function reduceTraffic(traffic: TrafficState | null, event: TrafficEvent): TrafficState | null {
  const state = traffic ?? NOTHING
  switch (event.type) {
    case 'traffic.none':
      return null
    case 'traffic.failed':
      return { ...state, error: event.error, rates: null }
    case 'traffic.read':
      return { ...state, ...read(state, event) }
    case 'deploy.opened':
      return { ...state, deploy: null, log: [], isFollowed: true }
    case 'deploy.closed':
      return { ...state, isFollowed: false }
    case 'deploy.events': {
      const deploy = event.events.reduce((view, one) => projectDeploy(view, one), state.deploy ?? undefined)
      if (!deploy) return state
      const lines = event.events.flatMap((one) => logLines(one, deployEventText(one, deploy)))
      return {
        ...state,
        report: withSplit(state.report, deploy),
        deploy,
        log: [...state.log, ...lines].slice(-MOST_LINES),
      }
    }
  }
}

/** What a deploy has read since counts before what the app read itself. */
function withSplit(report: TrafficState['report'], deploy: DeployView | null): TrafficState['report'] {
  const split = deploy?.traffic?.split
  if (!report || !split) return report
  return { ...report, split, slots: perSlot((slot) => ({ ...report.slots[slot], percent: split[slot] })) }
}

function read(state: TrafficState, { report, now }: Extract<TrafficEvent, { type: 'traffic.read' }>) {
  return {
    report,
    rates: ratesBetween(state, report.slots, now),
    readAt: now,
    error: null,
    deploy: state.isFollowed ? state.deploy : deployOf(state.deploy, report.open),
  }
}

/** An open deploy without a process is known from reading alone; an ended one stays on the screen. */
function deployOf(before: DeployView | null, open: DeployView | null): DeployView | null {
  if (open) return open
  return before?.result == null ? null : before
}

/** What the balancer counted since it was read last. One that began to count again says nothing. */
function ratesBetween(
  { report, readAt }: TrafficState,
  slots: NonNullable<TrafficState['report']>['slots'],
  now: string,
): PerSlot<number> | null {
  const seconds = (Date.parse(now) - Date.parse(readAt)) / 1000
  if (!report || !(seconds > 0)) return null
  const counted = perSlot((slot) => {
    const [from, to] = [report.slots[slot].requests, slots[slot].requests]
    return from === null || to === null || to < from ? null : (to - from) / seconds
  })
  const { blue, green } = counted
  return blue === null || green === null ? null : { blue, green }
}

/** The cursor of the traffic screen follows the deploy, unless the operator has moved it. */
export function withTraffic(state: AppState, traffic: AppState['traffic'], event: TrafficEvent): AppState {
  const [from, to] = [state.traffic?.deploy?.position ?? 0, traffic?.deploy?.position ?? 0]
  const isThere = (state.cursors.traffic ?? 0) === from
  const last = Math.max(0, (traffic?.deploy?.stages.length ?? 0) - 1)
  const cursors = isThere && from !== to ? { ...state.cursors, traffic: Math.min(to, last) } : state.cursors
  return { ...state, traffic, now: 'now' in event ? event.now : state.now, cursors }
}
