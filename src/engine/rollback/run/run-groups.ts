import type { PackageRef } from '../../../domain/deployment.ts'
import type { Direction } from '../../../events/events.ts'
import type { StepView } from '../../../events/project-run.ts'
import { isOver } from '../../../events/step-ending.ts'
import { isTerminal, needsAttention } from '../../../machine/step-status.ts'
import { limitConcurrency } from '../../../platform/limit-concurrency.ts'
import { readSteps } from '../plan/preflight.ts'
import type { RunContext } from './run-context.ts'
import { runStep } from '../step/run-step.ts'
import { validateBehind } from '../plan/validate-run.ts'
import type { Observed } from '../plan/preflight-reading.ts'

/** How the groups ended: all through, stopped by the operator, or undo chosen after a failure. */
export type GroupsEnding = 'finished' | 'stopped' | 'undo'

/** Forward: wave after wave, the steps of one in parallel. After a failure the configured policy decides what follows. */
export async function runGroups(context: RunContext): Promise<GroupsEnding> {
  const groups = openGroups(context)
  const { behind } = context.preflight
  const { parallelism, onPartialFailure } = context.recorder.view.plan
  let { observed } = context.preflight
  for (const [index, steps] of groups.entries()) {
    if (index === 1 && behind.length > 0) {
      observed = await readSteps(behind, { ...context, parallelism })
      if (!(await validateBehind(context, observed))) return onPartialFailure === 'undo' ? 'undo' : 'finished'
    }
    const waves = wavesOf(steps, observed)
    for (const wave of waves) {
      const isLast = index === groups.length - 1 && wave === waves.at(-1)
      const ending = await runWave(context, wave, isLast)
      if (ending !== undefined) return ending
    }
  }
  return 'finished'
}

/** `undefined`: go on. */
async function runWave(
  context: RunContext,
  { steps, isScout }: Wave,
  isLast: boolean,
): Promise<GroupsEnding | undefined> {
  await runParallel(context, steps, 'do')
  // A stop that is requested when everything is in flight gets all of it: there is nothing left to stop.
  const isThrough = context.recorder.view.steps.every(({ status }) => isTerminal(status))
  if (context.control.isAborted && !isThrough) return 'stopped'
  const failed = steps.map(({ id }) => context.recorder.step(id)).filter(({ status }) => needsAttention(status))
  // What a scout finds of a single registry is no reason to hold up the others.
  if (isScout && !failed.some(isRefused)) return undefined
  const answer = await decideAfterFailure(context, failed, isLast)
  if (answer === 'undo') return 'undo'
  return answer === 'stop' ? 'finished' : undefined
}

/** Back: the compensations of everything that was ever intended, last group first. */
export async function undoGroups(context: RunContext): Promise<void> {
  const owed = context.recorder.view.steps.filter((step) => !isOver(step, 'undo') && isMeant(context, step))
  const groups = [...new Set(owed.map(({ plan }) => plan.group))].sort((a, b) => b - a)
  for (const group of groups) {
    const steps = owed.filter(({ plan }) => plan.group === group)
    await runParallel(context, steps, 'undo')
  }
}

/** Steps that run at the same time. */
interface Wave {
  readonly steps: readonly StepView[]
  readonly isScout: boolean
}

function isMeant({ only }: RunContext, { id }: StepView): boolean {
  return only?.includes(id) ?? true
}

/** What is left to do, group by group. */
function openGroups(context: RunContext): readonly (readonly StepView[])[] {
  const open = context.recorder.view.steps.filter((step) => !isOver(step, 'do') && isMeant(context, step))
  const groups = [...new Set(open.map(({ plan }) => plan.group))].sort((a, b) => a - b)
  return groups.map((group) => open.filter(({ plan }) => plan.group === group))
}

function wavesOf(steps: readonly StepView[], looked: Observed): readonly Wave[] {
  const scouts = chooseScouts(steps, looked)
  const rest = steps.filter((step) => !scouts.includes(step))
  return scouts.length === 0
    ? [{ steps, isScout: false }]
    : [
        { steps: scouts, isScout: true },
        { steps: rest, isScout: false },
      ]
}

/**
 * Where a registry cannot be asked whether our token may write, one step goes ahead of the others behind the same login:
 * a refused token then shows before half the pointers have moved.
 */
function chooseScouts(steps: readonly StepView[], looked: Observed): readonly StepView[] {
  const unsure = steps.filter(({ id }) => looked.get(id)?.snapshot?.access === 'unknown')
  const byLogin = Map.groupBy(unsure, ({ plan }) => loginOf(plan.package))
  return [...byLogin.values()].flatMap(([first, ...others]) => (first && others.length > 0 ? [first] : []))
}

/** Credentials belong to a host, or, on a host that is shared, to an owner: the part before the first slash. */
function loginOf({ format, registry }: PackageRef): string {
  return `${format} ${registry.replace(/^[a-z]+:\/\//u, '').split('/')[0]}`
}

async function runParallel(context: RunContext, steps: readonly StepView[], direction: Direction): Promise<void> {
  const { control, recorder } = context
  const limit = limitConcurrency(recorder.view.plan.parallelism)
  // Steps that find the run paused wait for the same end of the pause.
  let pause: Promise<void> | undefined
  const holdWhilePaused = async () => {
    while (control.isPaused) await (pause ??= holdPaused(context).finally(() => (pause = undefined)))
  }
  const results = await Promise.allSettled(
    steps.map((step) =>
      limit(async () => {
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

function isRefused({ error }: StepView): boolean {
  return error?.code === 'REGISTRY_UNAUTHORIZED' || error?.code === 'REGISTRY_FORBIDDEN'
}

async function decideAfterFailure(
  { recorder, approver }: RunContext,
  failed: readonly StepView[],
  isLast: boolean,
): Promise<'continue' | 'undo' | 'stop'> {
  if (failed.length === 0) return 'continue'
  const policy = recorder.view.plan.onPartialFailure
  if (policy !== 'pause') return policy
  if (isLast) return 'stop'
  const answer = await approver.ask(
    {
      id: 'after-partial-failure',
      failed: failed.map(({ id }) => id),
      options: ['continue', 'undo', 'stop'],
      default: failed.some(isRefused) ? 'stop' : 'continue',
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
