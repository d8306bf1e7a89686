import PQueue from 'p-queue'
import type { Direction } from '../events/events.ts'
import type { StepView } from '../events/project-run.ts'
import { isSettled, needsAttention } from '../machine/step-status.ts'
import type { RunContext } from './run-context.ts'
import { runStep } from './run-step.ts'

/** How the groups ended: all through, stopped by the operator, or undo chosen after a failure. */
export type GroupsEnding = 'finished' | 'stopped' | 'undo'

/** Forward: group after group, the steps of one in parallel. After a failure the configured policy decides what follows. */
export async function runGroups(context: RunContext): Promise<GroupsEnding> {
  const open = context.recorder.view.steps.filter(({ status }) => !isSettled(status))
  const groups = [...new Set(open.map(({ plan }) => plan.group))].sort((a, b) => a - b)
  for (const [index, group] of groups.entries()) {
    const steps = open.filter(({ plan }) => plan.group === group)
    await runGroup(context, steps, 'do')
    // Whoever asks to stop when everything is in flight gets all of it: there is nothing left to stop.
    const isThrough = context.recorder.view.steps.every(({ status }) => isSettled(status))
    if (context.control.isAborted && !isThrough) return 'stopped'
    const isLast = index === groups.length - 1
    const answer = await decideAfterGroup(context, isLast)
    if (answer === 'undo') return 'undo'
    if (answer === 'stop') return 'finished'
  }
  return 'finished'
}

/** Back: the compensations of everything that was ever intended, last group first. */
export async function undoGroups(context: RunContext): Promise<void> {
  const isOver = ({ status, direction }: StepView) =>
    status === 'undone' || (status === 'skipped' && direction === 'undo')
  const owed = context.recorder.view.steps.filter((step) => !isOver(step))
  const groups = [...new Set(owed.map(({ plan }) => plan.group))].sort((a, b) => b - a)
  for (const group of groups) {
    const steps = owed.filter(({ plan }) => plan.group === group)
    await runGroup(context, steps, 'undo')
  }
}

async function runGroup(context: RunContext, steps: readonly StepView[], direction: Direction): Promise<void> {
  const [scouts, rest] = direction === 'do' ? chooseScout(context, steps) : [[], steps]
  await runParallel(context, scouts, direction)
  await runParallel(context, rest, direction)
}

/**
 * Where a registry cannot be asked whether our token may write, one step goes ahead of the others of its format: a
 * refused token then shows before half the pointers have moved.
 */
function chooseScout(
  { preflight }: RunContext,
  steps: readonly StepView[],
): readonly [readonly StepView[], readonly StepView[]] {
  const isUnsure = ({ id }: StepView) => preflight.get(id)?.snapshot?.access === 'unknown'
  const scouts = steps.filter(
    (step, index) =>
      isUnsure(step) &&
      steps.findIndex((other) => isUnsure(other) && other.plan.package.format === step.plan.package.format) === index &&
      steps.filter((other) => isUnsure(other) && other.plan.package.format === step.plan.package.format).length > 1,
  )
  return [scouts, steps.filter((step) => !scouts.includes(step))]
}

async function runParallel(context: RunContext, steps: readonly StepView[], direction: Direction): Promise<void> {
  const { control, recorder } = context
  const queue = new PQueue({ concurrency: recorder.view.plan.parallelism })
  // Steps that find the run paused wait for the same end of the pause.
  let pause: Promise<void> | undefined
  const holdWhilePaused = async () => {
    while (control.isPaused) await (pause ??= holdPaused(context).finally(() => (pause = undefined)))
  }
  const results = await Promise.allSettled(
    steps.map((step) =>
      queue.add(async () => {
        await holdWhilePaused()
        if (control.isAborted && direction === 'do') return
        await runStep(context, step.id, direction)
      }),
    ),
  )
  const broken = results.find(({ status }) => status === 'rejected')
  if (broken?.status === 'rejected') throw broken.reason
}

async function holdPaused({ control, recorder }: RunContext): Promise<void> {
  if (recorder.view.phase === 'rollbackInProgress') await recorder.send('run.paused')
  await control.ready()
  if (recorder.view.phase === 'paused' && !control.isAborted) await recorder.send('run.continued')
}

async function decideAfterGroup(context: RunContext, isLast: boolean): Promise<'continue' | 'undo' | 'stop'> {
  const { recorder, approver } = context
  const failed = recorder.view.steps.filter(({ status }) => needsAttention(status))
  if (failed.length === 0) return 'continue'
  const policy = recorder.view.plan.onPartialFailure
  if (policy !== 'pause') return policy
  if (isLast) return 'stop'
  const isRefused = failed.some(
    ({ error }) => error?.code === 'REGISTRY_UNAUTHORIZED' || error?.code === 'REGISTRY_FORBIDDEN',
  )
  const answer = await approver.ask(
    {
      id: 'after-partial-failure',
      failed: failed.map(({ id }) => id),
      options: ['continue', 'undo', 'stop'],
      default: isRefused ? 'stop' : 'continue',
    },
    AbortSignal.any([]),
  )
  await recorder.emit({
    type: 'operator.decided',
    step: failed[0]?.id ?? '',
    decision: answer,
    reason: `after the failure of ${failed.map(({ id }) => id).join(', ')}`,
  })
  return answer === 'continue' || answer === 'undo' ? answer : 'stop'
}
