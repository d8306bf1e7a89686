import { stepEnds } from '../../domain/step-ends.ts'
import type { Direction, Stamped } from '../../events/events.ts'
import type { RunView } from '../../events/project-run.ts'
import type { Phase } from '../../machine/transitions.ts'
import { findingBadge, stepBadge } from '../badges.ts'
import { takeoverText } from '../actor-text.ts'
import { plural } from '../plural.ts'
import { progressLine, type EventText } from '../event-text.ts'
import { packageText } from '../history/package-text.ts'
import type { Line } from '../text.ts'
import { formatDuration } from '../time.ts'

/** One line of headless progress, or `undefined` for what a log need not say. `view` already holds the event. Pure. */
export function renderEvent(event: Stamped, view: RunView): Line | undefined {
  const about = 'step' in event ? aboutStep(event.step, view) : ''
  return progressLine(runEventText(event, view), { at: event.at, startedAt: view.startedAt, about })
}

/** How an event of a run reads, without the registry it is about. `view` already holds the event. Pure. */
export function runEventText(event: Stamped, view: RunView): EventText {
  return 'step' in event ? stepText(event, view) : wholeText(event, view)
}

function wholeText(event: Exclude<Stamped, { step: string }>, view: RunView): EventText {
  switch (event.type) {
    case 'run.started':
      return ['started', 'strong', `run ${event.run}`]
    case 'run.adopted':
      return ['taken over', 'warning', takeoverText(event)]
    case 'phase.changed':
      return ['phase', 'dim', `${phaseText(event.from)} → ${phaseText(event.to)}`]
    case 'finding.reported': {
      const { code, severity, title } = event.finding
      const text = `${code} ${title}`
      return ['finding', findingBadge(severity).tone, text, severity === 'ok' ? { only: 'app' } : {}]
    }
    case 'run.decided':
      return ['decided', 'strong', withReason(wayOf(event.direction, view), event.reason)]
    case 'sweep.finished': {
      const wrong = event.observations.filter(({ agrees }) => !agrees).map(({ step }) => step)
      return wrong.length === 0
        ? ['read back', 'ok', `all ${event.observations.length} registries read as they should`]
        : ['read back', 'bad', `disagrees: ${wrong.join(', ')}`]
    }
    case 'run.settling': {
      const text = `${formatDuration(event.waitMs)}: a write was not answered and may still arrive`
      return ['waiting', 'warning', text]
    }
    case 'hold.placed':
      return ['held', 'strong', `${event.version}: ${event.reason}`]
    case 'hold.lifted':
      return ['unheld', 'strong', `${event.version}: ${event.reason}`]
    case 'history.committed':
      return ['history', 'strong', `entry @${event.deploymentId} written`]
    case 'run.finished':
      return [event.result, event.exitCode === 0 ? 'ok' : 'bad', event.summary]
  }
}

/** `rollbackInProgress` as `rollback in progress`. */
function phaseText(phase: Phase): string {
  return phase.replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`)
}

function withReason(text: string, reason: string): string {
  return reason === '' ? text : `${text}: ${reason}`
}

/** A run of kind undo goes forward through its own steps, and back for all who read it. */
function wayOf(direction: Direction, { plan }: RunView): string {
  if (direction === 'undo') return `going back to ${plan.from}`
  return plan.kind === 'undo' ? `going back to ${plan.to}` : `going to ${plan.to}`
}

function stepText(event: Extract<Stamped, { step: string }>, view: RunView): EventText {
  switch (event.type) {
    case 'step.started':
      return ['checking', 'dim', event.attempt > 1 ? `attempt ${event.attempt}` : '']
    case 'step.intent':
      return intentText(event, view)
    case 'step.progress':
      return [event.label, 'dim', '', { only: 'app' }]
    case 'step.answered':
      return event.error
        ? ['answer', 'warning', event.error.message, { app: ` (${event.action})` }]
        : ['request accepted', 'dim', event.action, { only: 'app' }]
    case 'step.waiting':
      return ['manual', 'warning', event.byHand.join('; ')]
    case 'step.narrowed':
      return ['narrowed', 'warning', NARROWED]
    case 'step.retrying':
      return ['retrying', 'warning', `in ${formatDuration(event.delayMs)}: ${event.error.message}`]
    case 'step.verified':
      return ['read back', 'ok', `${plural(event.readCount, 'read')} in agreement`, { only: 'app' }]
    case 'step.finished':
      return [event.status, stepBadge(event.status).tone, event.error?.message ?? event.detail]
    case 'operator.decided':
      return ['operator', 'strong', `${event.decision}: ${event.reason}`]
    case 'exclusion.verified':
      return ['already', 'ok', `read ${event.readCount} times`]
    case 'step.added':
      return ['added', 'warning', event.reason]
  }
}

const NARROWED =
  'its entry in bagboy.yaml now moves less than was planned; what is skipped stays as it is in the registry'

function intentText({ step: id, direction }: Extract<Stamped, { type: 'step.intent' }>, view: RunView): EventText {
  const step = view.steps.find((one) => one.id === id)
  const app = ', recorded in the journal'
  if (direction === 'do') return ['writing', 'dim', step?.plan.title ?? '', { app }]
  const version = step ? stepEnds(step.plan, view.plan).from.version : view.plan.from
  return ['undoing', 'dim', `back to ${version}`, { app }]
}

/** The package of a step, or of a registry that the plan leaves as it is. */
function aboutStep(id: string, { steps, excluded }: RunView): string {
  const ref = steps.find((one) => one.id === id)?.plan.package ?? excluded.find((one) => one.id === id)?.package
  return ref ? packageText(ref) : id
}
