import { splitText } from '../../src/domain/traffic/traffic.ts'
import type { StampedDeploy } from '../../src/events/deploy-events.ts'
import type { LogLine } from '../state.ts'

/** What every line of a deploy's log is about. */
export const DEPLOY_LOG = 'deploy'

/** The line an event of a deploy leaves in the log, or `undefined` for what the rest of the screen shows. Pure. */
export function deployLogLine(event: StampedDeploy): LogLine | undefined {
  const line = (text: string, tone: LogLine['tone'] = 'dim'): LogLine => ({
    at: event.at,
    step: DEPLOY_LOG,
    text,
    tone,
  })
  switch (event.type) {
    case 'deploy.started': {
      const { kind, version, slot } = event.plan
      return line(kind === 'deploy' ? `${version} goes to ${slot}` : `traffic of ${slot} is moved by hand`, 'info')
    }
    case 'deploy.adopted':
      return line(`taken up, epoch ${event.epoch}${event.why === '' ? '' : `: ${event.why}`}`, 'warning')
    case 'deploy.commanded': {
      const { command, by, reason, refusal } = event
      const why = reason === '' ? '' : `: ${reason}`
      return refusal === ''
        ? line(`${by}: ${command}${why}`, 'info')
        : line(`${command} refused: ${refusal}`, 'warning')
    }
    case 'deploy.decided':
      return line(`goes back: ${event.reason}`, 'bad')
    case 'deploy.asked':
      return line(`waits for a person: ${event.question.detail}`, 'warning')
    case 'stage.expired':
      // What follows says it itself.
      if (event.next === 'go-on') return undefined
      return line(`the time is over: ${event.next === 'back' ? 'goes back' : 'waits'}`)
    case 'stage.finished':
      return event.detail === '' ? undefined : line(event.detail, TONES[event.result])
    case 'health.changed':
      return line(`${event.probe}: ${event.from} → ${event.to}, ${event.detail}`, event.to === 'passing' ? 'ok' : 'bad')
    case 'traffic.intended':
      return line(`${splitText(event.from)} → ${splitText(event.to)}, recorded in the journal`)
    case 'traffic.moved':
      return line(`read back: ${splitText(event.split)}`, 'ok')
    case 'traffic.drained':
      return line(event.detail, 'dim')
    case 'traffic.refused':
      return line(event.error.message, 'bad')
    case 'traffic.retrying':
      return line(`again in ${(event.delayMs / 1000).toFixed(1)} s: ${event.error.message}`, 'warning')
    case 'traffic.changed':
      return line(`somebody changed it: ${splitText(event.found)}, not ${splitText(event.expected)}`, 'warning')
    case 'hold.placed':
      return line(`hold placed on ${event.version}`, 'info')
    case 'history.committed':
      return line(`history entry ${event.deploymentId} written`, 'ok')
    case 'slot.kept':
      return line(`${event.slot} stays warm with ${event.version} until ${event.until}`, 'info')
    case 'deploy.finished':
      return line(`finished: ${event.result}`, event.exitCode === 0 ? 'ok' : 'bad')
    case 'stage.started':
    case 'health.sampled':
    case 'analysis.measured':
    case 'traffic.observed':
      return undefined
  }
}

const TONES = { passed: 'dim', failed: 'bad', inconclusive: 'warning', skipped: 'dim' } as const
