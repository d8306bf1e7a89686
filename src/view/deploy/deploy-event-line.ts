import type { DeployStage } from '../../domain/traffic/deploy-plan.ts'
import { stageText } from '../../domain/traffic/stage-text.ts'
import { SLOTS, splitText } from '../../domain/traffic/traffic.ts'
import type { StampedDeploy } from '../../events/deploy-events.ts'
import { commandLine } from './deploy-lines.ts'
import { formatDuration } from '../duration.ts'
import { verdictTone } from '../health/watch-lines.ts'
import { progressLine, type Words } from '../run/progress-line.ts'
import type { Line } from '../text.ts'
import type { DeployView } from '../../events/deploy-view.ts'

/** One line of a deploy as it goes on, or `undefined` for what a log need not say. `view` already holds the event. Pure. */
export function renderDeployEvent(event: StampedDeploy, view: DeployView): Line | undefined {
  return progressLine(words(event, view), event.at, view.startedAt)
}

type StageEvent = Extract<StampedDeploy, { stage: number }>
type TrafficEvent = Extract<StampedDeploy, { type: `traffic.${string}` }>

function words(event: StampedDeploy, view: DeployView): Words | undefined {
  if ('stage' in event) return stageWords(event, view)
  if (isTraffic(event)) return trafficWords(event)
  switch (event.type) {
    case 'deploy.started':
      return ['started', 'bold', `${event.plan.kind} ${event.run}`]
    case 'deploy.adopted':
      return ['taken over', 'warning', adoptionText(event)]
    case 'deploy.commanded': {
      const what = event.reason === '' ? event.command : `${event.command}: ${event.reason}`
      return event.refusal === ''
        ? ['told', 'bold', `${event.by}  ${what}`]
        : ['refused', 'warning', `${what}: ${event.refusal}`]
    }
    case 'deploy.decided':
      return ['going back', 'bad', event.reason]
    case 'deploy.asked':
      return ['waiting', 'warning', `${event.question.detail}. ${event.question.choices.map(commandLine).join(' | ')}`]
    case 'health.changed':
      return [event.to, verdictTone(event.to), `${event.probe}  ${event.detail}`]
    case 'hold.placed':
      return ['held', 'bold', `${event.version}: ${event.reason}`]
    case 'history.committed':
      return ['history', 'bold', `entry @${event.deploymentId} written`]
    case 'slot.kept':
      return ['kept', 'bold', `${event.slot} with ${event.version} until ${event.until}`]
    case 'deploy.finished':
      return [event.result, event.exitCode === 0 ? 'ok' : 'bad', event.summary]
  }
}

function isTraffic(event: StampedDeploy): event is TrafficEvent {
  return event.type.startsWith('traffic.')
}

function adoptionText({
  actor,
  epoch,
  purpose,
  from,
  why,
}: Extract<StampedDeploy, { type: 'deploy.adopted' }>): string {
  const name = (field: string): string => (typeof actor[field] === 'string' ? actor[field] : 'somebody')
  const who = `${name('user')} on ${name('host')} goes on with it: ${purpose}, epoch ${epoch}`
  return from ? `${who}; epoch ${from.epoch} was that of ${from.who} on ${from.host}: ${why}` : who
}

const STAGE_TONES = { passed: 'ok', failed: 'bad', inconclusive: 'warning', skipped: 'warning' } as const

function stageWords(event: StageEvent, { stages }: DeployView): Words | undefined {
  const stage = stages[event.stage]?.stage
  const what = stage ? stageText(stage) : ''
  switch (event.type) {
    case 'stage.started':
      return startWords(event, stage?.kind, what)
    case 'stage.expired':
      return ['time over', 'warning', what]
    case 'stage.finished':
      return [event.result, STAGE_TONES[event.result], event.detail === '' ? what : `${what}: ${event.detail}`]
    case 'health.sampled': {
      const { verdict, probe, detail } = event.sample
      return verdict === 'passing' ? undefined : [verdict, verdictTone(verdict), `${event.slot}  ${probe}  ${detail}`]
    }
    case 'analysis.measured':
      return measuredWords(event)
  }
}

function startWords(
  { endsAt }: Extract<StageEvent, { type: 'stage.started' }>,
  kind: DeployStage['kind'] | undefined,
  what: string,
): Words {
  const until = endsAt === null ? '' : ` until ${endsAt}`
  const waitsForPerson = kind === 'gate' || (kind === 'pause' && endsAt === null)
  return waitsForPerson ? ['waiting', 'warning', `${what}${until}${HOW_TO_GO_ON}`] : ['doing', 'dim', `${what}${until}`]
}

function measuredWords({
  measurement,
  progress,
}: Extract<StageEvent, { type: 'analysis.measured' }>): Words | undefined {
  const { check, error } = measurement
  if (error !== '') return ['no answer', 'warning', `${check}  ${error}`]
  return progress.failureCount > 0 ? ['measured', 'warning', `${check}  ${progress.failureCount} bad`] : undefined
}

/** Sessions that are still open where nothing new goes. */
function leftText({ split, sessions }: Extract<TrafficEvent, { type: 'traffic.moved' }>): string {
  const left = SLOTS.filter((slot) => split[slot] === 0 && (sessions?.[slot] ?? 0) > 0)
  return left.map((slot) => `; still open on ${slot}: ${sessions?.[slot] ?? 0}`).join('')
}

const HOW_TO_GO_ON = '. Go on: bagboy-tui traffic promote; or back: bagboy-tui traffic abort'

function trafficWords(event: TrafficEvent): Words | undefined {
  switch (event.type) {
    case 'traffic.observed':
      return event.warnings.length === 0 ? undefined : ['balancer', 'warning', event.warnings.join('; ')]
    case 'traffic.intended':
      return ['writing', 'dim', `${splitText(event.from)} → ${splitText(event.to)}`]
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
    case 'traffic.changed':
      return ['changed', 'bad', `expected ${splitText(event.expected)}, found ${splitText(event.found)}`]
  }
}
