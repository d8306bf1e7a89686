import { stepEnds } from '../../../domain/step-ends.ts'
import type { Version } from '../../../domain/version.ts'
import type { Direction } from '../../../events/events.ts'
import type { RunView, StepView } from '../../../events/project-run.ts'
import type { StepDecision } from './decide-next.ts'
import type { RecoveryStep } from '../../engine.ts'

export interface ExplainedCase {
  readonly view: RunView
  readonly step: StepView
  readonly direction: Direction
  readonly found: RecoveryStep['found']
}

/** A decision in one word and in one sentence, for the direction it was taken for. Pure. */
export function explainDecision(
  decision: StepDecision,
  given: ExplainedCase,
): Pick<RecoveryStep, 'next' | 'explanation'> {
  const { view, step, direction } = given
  const ends = stepEnds(step.plan, view.plan)
  const [left, reached] =
    direction === 'undo' ? [ends.to.version, ends.from.version] : [ends.from.version, ends.to.version]
  switch (decision.kind) {
    case 'over':
      return { next: 'nothing', explanation: explainOver(step, reached) }
    case 'nothing':
    case 'confirm':
      return { next: 'nothing', explanation: decision.detail }
    case 'read':
      return { next: 'read', explanation: 'cannot be read now; it is read again first' }
    case 'refuse':
      return { next: 'stop', explanation: `${decision.detail}; nothing is written` }
    case 'conflict':
      return { next: 'stop', explanation: 'it was moved from outside; nothing is overwritten' }
    case 'wait': {
      const [first = step.plan.title] = decision.byHand
      return { next: 'wait', explanation: `a person does it: ${first}; it still serves ${left}` }
    }
    case 'verify': {
      const what = step.plan.isManual ? `done by hand (${reached})` : `the write was cut off but is there (${reached})`
      return { next: 'verify', explanation: `${what}; resume proves it by reading back` }
    }
    case 'write':
      return { next: 'run', explanation: explainWrite(given, left, reached) }
  }
}

function explainOver({ status, detail }: StepView, reached: Version): string {
  return status === 'skipped' ? `skipped: ${detail}` : `serves ${reached}; nothing is left to do`
}

function explainWrite({ step, direction, found }: ExplainedCase, left: Version, reached: Version): string {
  const verb = direction === 'undo' ? 'undo' : 'resume'
  if (found === 'other') return `it was moved from outside; ${verb} overwrites that with ${reached}`
  if (found === 'between') return `moved in part; ${verb} writes the rest of ${reached}`
  if (direction === 'undo' && found === 'before') {
    return `serves ${reached}, but a write was sent and may still show; undo writes ${reached} again`
  }
  if (direction === 'undo') return `serves ${left}; undo writes ${reached} again`
  if (found === 'want') return `written down and not in effect yet; resume writes ${reached} again`
  if (step.isOwed) return `the write was cut off; it still serves ${left}, resume writes again`
  if (found === 'unplanned') return `not started, could not be read when planned; resume moves it to ${reached}`
  return `not started; serves ${left}, resume moves it to ${reached}`
}
