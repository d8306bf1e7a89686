import type { DeployStage } from '../../domain/traffic/deploy-plan.ts'
import { stageText } from './stage-text.ts'
import { SLOTS, splitText } from '../../domain/traffic/traffic.ts'
import type { StampedDeploy } from '../../events/deploy-events.ts'
import { commandLine } from './deploy-lines.ts'
import { probeBadge, stageBadge } from '../badges.ts'
import { progressLine, type EventText } from '../event-text.ts'
import { takeoverText } from '../actor-text.ts'
import type { Line } from '../text.ts'
import type { DeployView } from '../../events/deploy-view.ts'
import { formatDuration } from '../time.ts'

/** One line of a deploy as it goes on, or `undefined` for what a log need not say. `view` already holds the event. Pure. */
export function renderDeployEvent(event: StampedDeploy, view: DeployView): Line | undefined {
  return progressLine(deployEventText(event, view), { at: event.at, startedAt: view.startedAt })
}

type StageEvent = Extract<StampedDeploy, { stage: number }>
type TrafficEvent = Extract<StampedDeploy, { type: `traffic.${string}` }>

/** How an event of a deploy reads, or `undefined` for what no log says. `view` already holds the event. Pure. */
export function deployEventText(event: StampedDeploy, view: DeployView): EventText | undefined {
  if ('stage' in event) return stageEventText(event, view)
  if (isTraffic(event)) return trafficText(event)
  switch (event.type) {
    case 'deploy.started':
      return ['started', 'strong', `${event.plan.kind} ${event.run}`]
    case 'deploy.adopted':
      return ['taken over', 'warning', takeoverText(event)]
    case 'deploy.commanded': {
      const what = event.reason === '' ? event.command : `${event.command}: ${event.reason}`
      return event.refusal === ''
        ? ['command', 'strong', `${event.by}  ${what}`]
        : ['refused', 'warning', `${what}: ${event.refusal}`]
    }
    case 'deploy.decided':
      return ['going back', 'bad', event.reason]
    case 'deploy.asked': {
      const { detail, choices } = event.question
      return ['waiting', 'warning', detail, { cli: `. ${choices.map(commandLine).join(' | ')}` }]
    }
    case 'health.changed':
      return [event.to, probeBadge(event.to).tone, `${event.probe}  ${event.detail}`]
    case 'hold.placed':
      return ['held', 'strong', `${event.version}: ${event.reason}`]
    case 'history.committed':
      return ['history', 'strong', `entry @${event.deploymentId} written`]
    case 'slot.kept':
      return ['kept', 'strong', `${event.slot} with ${event.version} until ${event.until}`]
    case 'deploy.finished':
      return [event.result, event.exitCode === 0 ? 'ok' : 'bad', event.summary]
  }
}

function isTraffic(event: StampedDeploy): event is TrafficEvent {
  return event.type.startsWith('traffic.')
}

/** The app lists the stages with their measurements beside the log: only what ended with something to say stands in both. */
function stageEventText(event: StageEvent, { stages }: DeployView): EventText | undefined {
  const stage = stages[event.stage]?.stage
  const what = stage ? stageText(stage) : ''
  switch (event.type) {
    case 'stage.started':
      return startText(event, stage?.kind, what)
    case 'stage.expired':
      return ['time over', 'warning', what]
    case 'stage.finished': {
      const { result, detail } = event
      const { tone } = stageBadge(result)
      return detail === '' ? [result, tone, what, { only: 'cli' }] : [result, tone, `${what}: ${detail}`]
    }
    case 'health.sampled': {
      const { verdict, probe, detail } = event.sample
      const text = `${event.slot}  ${probe}  ${detail}`
      return verdict === 'passing' ? undefined : [verdict, probeBadge(verdict).tone, text, { only: 'cli' }]
    }
    case 'analysis.measured':
      return measuredText(event)
  }
}

function startText(
  { endsAt }: Extract<StageEvent, { type: 'stage.started' }>,
  kind: DeployStage['kind'] | undefined,
  what: string,
): EventText {
  const until = endsAt === null ? '' : ` until ${endsAt}`
  const waitsForPerson = kind === 'gate' || (kind === 'pause' && endsAt === null)
  return waitsForPerson
    ? ['waiting', 'warning', `${what}${until}${HOW_TO_GO_ON}`, { only: 'cli' }]
    : ['doing', 'dim', `${what}${until}`, { only: 'cli' }]
}

function measuredText({
  measurement: { check, error },
  progress: { failureCount },
}: Extract<StageEvent, { type: 'analysis.measured' }>): EventText | undefined {
  if (error !== '') return ['no answer', 'warning', `${check}  ${error}`, { only: 'cli' }]
  if (failureCount === 0) return undefined
  return ['measured', 'warning', `${check}  ${failureCount} bad`, { only: 'cli' }]
}

/** Sessions that are still open where nothing new goes. */
function leftText({ split, sessions }: Extract<TrafficEvent, { type: 'traffic.moved' }>): string {
  const left = SLOTS.filter((slot) => split[slot] === 0 && (sessions?.[slot] ?? 0) > 0)
  return left.map((slot) => `; still open on ${slot}: ${sessions?.[slot] ?? 0}`).join('')
}

const HOW_TO_GO_ON = '. Go on: bagboy-tui traffic promote; or back: bagboy-tui traffic abort'

function trafficText(event: TrafficEvent): EventText | undefined {
  switch (event.type) {
    case 'traffic.observed': {
      const text = event.warnings.join('; ')
      return text === '' ? undefined : ['balancer', 'warning', text, { only: 'cli' }]
    }
    case 'traffic.intended': {
      const text = `${splitText(event.from)} → ${splitText(event.to)}`
      return ['writing', 'dim', text, { app: ', recorded in the journal' }]
    }
    case 'traffic.moved': {
      const counted = event.requests ? `; requests: blue ${event.requests.blue}, green ${event.requests.green}` : ''
      return ['read back', 'ok', `${splitText(event.split)}${counted}${leftText(event)}`]
    }
    case 'traffic.drained':
      return ['sessions', 'dim', event.detail]
    case 'traffic.refused':
      return ['not done', 'bad', event.error.message]
    case 'traffic.retrying':
      return ['retrying', 'warning', `in ${formatDuration(event.delayMs)}: ${event.error.message}`]
    case 'traffic.changed': {
      const text = `expected ${splitText(event.expected)}, found ${splitText(event.found)}`
      return ['changed', 'bad', text]
    }
  }
}
