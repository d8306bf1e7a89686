import type { Stamped } from '../../src/events/events.ts'
import { NARROWED_TEXT } from '../../src/events/narrowed-text.ts'
import type { LogLine } from '../state.ts'

/** The line an event leaves in the log, or `undefined` for what only moves a bar. Pure. */
export function logLine(event: Stamped): LogLine | undefined {
  const line = (text: string, tone: LogLine['tone'] = 'dim', step = ''): LogLine => ({ at: event.at, step, text, tone })
  switch (event.type) {
    case 'run.started':
      return line(
        `run ${event.run.slice(-6)} started, ${event.plan.steps.length} ${event.plan.steps.length === 1 ? 'step' : 'steps'}`,
        'info',
      )
    case 'run.adopted':
      return line(`run taken over, epoch ${event.epoch}${event.why ? `: ${event.why}` : ''}`, 'warning')
    case 'phase.changed':
      return line(`now: ${event.to.replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`)}`)
    case 'finding.reported':
      return line(`${event.finding.code} ${event.finding.title}`, event.finding.severity === 'ok' ? 'dim' : 'warning')
    case 'run.decided':
      return line(event.direction === 'do' ? 'decided: go on' : `decided: go back, ${event.reason}`, 'info')
    case 'step.started':
      return line(`started${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`, 'dim', event.step)
    case 'step.intent':
      return line('recorded in the journal, with its undo', 'dim', event.step)
    case 'step.progress':
      return event.label === '' ? undefined : line(event.label, 'dim', event.step)
    case 'step.answered':
      return event.error
        ? line(`${event.error.message} (${event.action})`, 'bad', event.step)
        : line(`request accepted: ${event.action}`, 'dim', event.step)
    case 'step.waiting':
      return line(`manual: ${event.byHand.join('; ')}`, 'warning', event.step)
    case 'step.narrowed':
      return line(NARROWED_TEXT, 'warning', event.step)
    case 'step.retrying':
      return line(`again in ${(event.delayMs / 1000).toFixed(1)} s: ${event.error.message}`, 'warning', event.step)
    case 'step.verified':
      return line(
        `read back, ${event.readCount} ${event.readCount === 1 ? 'read agrees' : 'reads agree'}`,
        'ok',
        event.step,
      )
    case 'step.finished':
      return line(
        [event.status, event.error?.message ?? event.detail].filter((part) => part !== '').join(': '),
        event.error ? 'bad' : 'ok',
        event.step,
      )
    case 'operator.decided':
      return line(`${event.decision}: ${event.reason}`, 'info', event.step)
    case 'exclusion.verified':
      return line(`already there, ${event.readCount} reads agree`, 'ok', event.step)
    case 'step.added':
      return line(event.reason, 'warning', event.step)
    case 'sweep.finished':
      return line(
        `all registries read again: ${event.observations.filter(({ agrees }) => agrees).length} of ${event.observations.length} agree`,
        'info',
      )
    case 'run.settling':
      return line(`waiting ${(event.waitMs / 1000).toFixed(1)} s: an unanswered write may still arrive`, 'warning')
    case 'hold.placed':
      return line(`hold placed on ${event.version}`, 'info')
    case 'hold.lifted':
      return line(`hold on ${event.version} lifted`, 'info')
    case 'history.committed':
      return line(`history entry ${event.deploymentId} written`, 'ok')
    case 'run.finished':
      return line(`finished: ${event.result}`, event.exitCode === 0 ? 'ok' : 'bad')
  }
}
