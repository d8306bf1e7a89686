import { stepEnds } from '../../domain/step-ends.ts'
import type { Direction, Stamped } from '../../events/events.ts'
import { NARROWED_TEXT } from '../../events/narrowed-text.ts'
import type { RunView, StepView } from '../../events/project-run.ts'
import { isTerminal, needsAttention } from '../../machine/step-status.ts'
import { formatDuration } from '../duration.ts'
import { packageText } from '../history/package-text.ts'
import { progressLine, type Words } from './progress-line.ts'
import type { Line, Tone } from '../text.ts'

/** One line of headless progress, or `undefined` for what a log need not say. `view` already holds the event. Pure. */
export function renderEvent(event: Stamped, view: RunView): Line | undefined {
  return progressLine('step' in event ? stepWords(event, view) : runWords(event, view), event.at, view.startedAt)
}

function runWords(event: Exclude<Stamped, { step: string }>, view: RunView): Words | undefined {
  switch (event.type) {
    case 'run.started':
      return ['started', 'bold', `run ${event.run}`]
    case 'run.adopted':
      return ['taken over', 'warning', adoptionText(event)]
    case 'phase.changed':
      return ['phase', 'dim', `${event.from} → ${event.to}`]
    case 'finding.reported': {
      const { code, severity, title } = event.finding
      return severity === 'ok' ? undefined : ['finding', severity === 'warn' ? 'warning' : 'bad', `${code} ${title}`]
    }
    case 'run.decided':
      return ['decided', 'bold', `${wayOf(event.direction, view)}${event.reason === '' ? '' : `: ${event.reason}`}`]
    case 'sweep.finished': {
      const wrong = event.observations.filter(({ agrees }) => !agrees).map(({ step }) => step)
      const agreed = `all ${event.observations.length} registries read as they should`
      return wrong.length === 0 ? ['read back', 'ok', agreed] : ['read back', 'bad', `disagrees: ${wrong.join(', ')}`]
    }
    case 'run.settling':
      return ['waiting', 'warning', `${formatDuration(event.waitMs)}: a write was not answered and may still arrive`]
    case 'hold.placed':
      return ['held', 'bold', `${event.version}: ${event.reason}`]
    case 'hold.lifted':
      return ['unheld', 'bold', `${event.version}: ${event.reason}`]
    case 'history.committed':
      return ['history', 'bold', `entry @${event.deploymentId} written`]
    case 'run.finished':
      return [event.result, event.exitCode === 0 ? 'ok' : 'bad', event.summary]
  }
}

/** A run of kind undo goes forward through its own steps, and back for everybody who reads it. */
function wayOf(direction: Direction, { plan }: RunView): string {
  if (direction === 'undo') return `going back to ${plan.from}`
  return plan.kind === 'undo' ? `going back to ${plan.to}` : `going to ${plan.to}`
}

/** Who goes on with a run, what for, and from whom. Pure. */
export function adoptionText({
  epoch,
  actor,
  purpose,
  from,
  why,
  notes = [],
}: Extract<Stamped, { type: 'run.adopted' }>): string {
  const name = (field: string) => (typeof actor[field] === 'string' ? actor[field] : 'somebody')
  const who = `${name('user')} on ${name('host')} goes on with it${purpose === undefined ? '' : `: ${purpose}`}, epoch ${epoch}`
  const whose = from ? `; epoch ${from.epoch} was that of ${from.who} on ${from.host}: ${why ?? ''}` : ''
  return [`${who}${whose}`, ...notes].join('. ')
}

function stepWords(event: Extract<Stamped, { step: string }>, view: RunView): Words | undefined {
  const step = view.steps.find(({ id }) => id === event.step)
  const where = step ? packageText(step.plan.package) : event.step
  switch (event.type) {
    case 'step.started':
      return ['checking', 'dim', where]
    case 'step.intent':
      return event.direction === 'do'
        ? ['writing', 'dim', `${where}  ${step?.plan.title ?? ''}`]
        : ['undoing', 'dim', `${where}  back to ${step ? stepEnds(step.plan, view.plan).from.version : view.plan.from}`]
    case 'step.answered':
      return event.error ? ['answer', 'warning', `${where}  ${event.error.message}`] : undefined
    case 'step.waiting':
      return ['by hand', 'warning', `${where}  ${event.byHand.join('; ')}`]
    case 'step.narrowed':
      return ['narrowed', 'warning', `${where}  ${NARROWED_TEXT}`]
    case 'step.retrying':
      return ['retrying', 'warning', `${where}  in ${formatDuration(event.delayMs)}: ${event.error.message}`]
    case 'step.finished':
      return [event.status, stepTone(event.status), `${where}  ${event.error?.message ?? event.detail}`]
    case 'operator.decided':
      return ['operator', 'bold', `${where}  ${event.decision}: ${event.reason}`]
    case 'exclusion.verified':
      return ['already', 'ok', `${excludedText(event.step, view)}  read ${event.readCount} times`]
    case 'step.added':
      return ['added', 'warning', `${where}  ${event.reason}`]
    case 'step.progress':
    case 'step.verified':
      return undefined
  }
}

function excludedText(id: string, { excluded }: RunView): string {
  const found = excluded.find((one) => one.id === id)
  return found ? packageText(found.package) : id
}

/** Never green for what was not proved. */
export function stepTone(status: StepView['status']): Tone {
  if (needsAttention(status)) return 'bad'
  if (status === 'manual' || status === 'skipped') return 'warning'
  return isTerminal(status) || status === 'undone' ? 'ok' : 'dim'
}
