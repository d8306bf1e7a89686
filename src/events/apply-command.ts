import type { DeployCommand } from '../domain/traffic/deploy-plan.ts'
import type { TrafficSplit } from '../domain/traffic/traffic.ts'
import type { DeployQuestion, StampedDeploy } from './deploy-events.ts'
import type { DeployPosition, DeployView, StageView } from './deploy-view.ts'

/** Why a command makes no sense as the deploy stands; empty when it does. Pure. */
export function refuseCommand(view: DeployView, command: DeployCommand): string {
  if (view.result !== null) return 'it is over'
  if (view.question) return refuseAnswer(view, view.question, command)
  // A balancer that is gone for good must not keep a deploy open for ever.
  if (view.direction === 'back') return command === 'take-theirs' && !view.isBack ? '' : 'it is going back already'
  if (command === 'take-theirs' || command === 'put-ours-back') return 'the traffic was not changed from outside'
  if (view.abortReason !== null) return 'it is being ended already'
  switch (command) {
    case 'abort':
      return ''
    case 'pause':
      return view.isPaused ? 'it is paused already' : ''
    case 'resume':
      return view.isPaused ? '' : 'it is not paused'
    case 'promote':
      return isWaiting(view) ? '' : 'nothing waits for a person now'
  }
}

function refuseAnswer(view: DeployView, { choices }: DeployQuestion, command: DeployCommand): string {
  if (!choices.includes(command)) return `it waits for one of: ${choices.join(', ')}`
  return command === 'promote' && isAtWeight(view) ? 'the balancer refused this share' : ''
}

/** Why a command was meant for something that is over; empty when it was not. To pause and to end is always meant. Pure. */
export function refuseElsewhere(view: DeployPosition, command: DeployCommand, seen: DeployPosition): string {
  if (command === 'pause' || command === 'abort') return ''
  const isMoved = command === 'promote' && view.position !== seen.position
  return isMoved || view.askedSeq !== seen.askedSeq ? 'it stands elsewhere now' : ''
}

function isAtWeight({ stages, position }: DeployView): boolean {
  return stages[position]?.stage.kind === 'weight'
}

/** Whether a gate or a pause is what it stands at. Pure. */
export function isWaiting({ stages, position }: Pick<DeployView, 'stages' | 'position'>): boolean {
  const current = stages[position]
  return current?.status === 'running' && (current.stage.kind === 'gate' || current.stage.kind === 'pause')
}

type Commanded = Extract<StampedDeploy, { type: 'deploy.commanded' }>

/** What a command that was obeyed changes. Pure. */
export function applyCommand(view: DeployView, { command, by, reason, at }: Commanded): Partial<DeployView> {
  const { question } = view
  switch (command) {
    case 'promote':
      return {
        question: null,
        isPaused: false,
        stages: changeCurrent(view, { status: 'passed', detail: `let through by ${by}`, finishedAt: at }),
        position: view.position + 1,
      }
    case 'pause':
      return { isPaused: true }
    case 'resume':
      // What failed is done again, from its beginning.
      return question ? { question: null, stages: again(view) } : { isPaused: false }
    case 'take-theirs': {
      if (view.direction === 'back') return { question: null, isLeft: true }
      const found = view.foreign ?? view.expected
      return { question: null, foreign: null, expected: found, ...gained(view, found), isLeft: staysBelow(view, found) }
    }
    case 'put-ours-back':
      return { question: null, mustRestore: true }
    case 'abort':
      return { question: null, isPaused: false, abortReason: reason === '' ? `ended by ${by}` : reason }
  }
}

function gained({ plan, hasMoved }: DeployView, found: TrafficSplit): Pick<DeployView, 'floorPercent' | 'hasMoved'> {
  const percent = found[plan.slot]
  return { floorPercent: percent, hasMoved: hasMoved || percent > plan.before[plan.slot] }
}

/** Nothing that is still to come would give the slot the rest. */
function staysBelow({ plan, stages, position }: DeployView, found: TrafficSplit): boolean {
  return found[plan.slot] < 100 && !stages.slice(position).some(({ stage }) => stage.kind === 'weight')
}

function again(view: DeployView): readonly StageView[] {
  const { question, direction } = view
  const isJudged = question?.kind === 'failed' || question?.kind === 'inconclusive'
  return isJudged && direction === 'forward' ? changeCurrent(view, { status: 'pending' }) : view.stages
}

function changeCurrent({ stages, position }: DeployView, parts: Partial<StageView>): readonly StageView[] {
  return stages.map((one, index) => (index === position ? { ...one, ...parts } : one))
}
