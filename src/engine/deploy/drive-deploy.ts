import { conclude } from './conclude-deploy.ts'
import type { DeployContext } from './deploy-context.ts'
import { goBack } from './traffic/go-back.ts'
import { hearCommands } from './recovery/hear-commands.ts'
import { moveTo } from './traffic/move-to.ts'
import { nextAction, type DeployAction } from './next-action.ts'
import { waitUntil } from './supervise.ts'
import { askAboutProvider } from './traffic/until-answered.ts'
import { workOnStage } from './work-on-stage.ts'

/**
 * Takes the next actions until the deploy is over or only a person outside can help. After a crash it is called with
 * the state of the journal, and takes the same actions as before.
 */
export async function driveDeploy(context: DeployContext): Promise<void> {
  for (;;) {
    context.signal.throwIfAborted()
    if (context.recorder.view.result === null) await hearCommands(context)
    const action = nextAction(context.recorder.view, context.parts.platform.clock.now())
    if (action.do === 'end' || action.do === 'leave') return
    await perform(context, action)
  }
}

async function perform(context: DeployContext, action: Exclude<DeployAction, { do: 'end' | 'leave' }>): Promise<void> {
  const { recorder } = context
  switch (action.do) {
    case 'begin':
      return recorder.emit({ type: 'stage.started', stage: action.stage, endsAt: action.endsAt })
    case 'work':
      return workOnStage(context, action.stage)
    case 'wait':
      return waitUntil(context, action.until)
    case 'expire':
      return expire(context, action)
    case 'ask':
      return recorder.emit({ type: 'deploy.asked', question: action.question })
    case 'turn-back': {
      const { do: _do, ...decision } = action
      return recorder.emit({ type: 'deploy.decided', direction: 'back', ...decision })
    }
    case 'restore':
      return restore(context)
    case 'go-back':
      return goBack(context)
    case 'conclude':
      return conclude(context, action.result)
  }
}

/** A balancer that does not take back what stood there before is a person's. */
async function restore(context: DeployContext): Promise<void> {
  const move = await moveTo(context, context.recorder.view.expected, 'restore')
  if (move.status === 'refused') await askAboutProvider(context, move.error)
}

/** The time of a gate or pause is over, here or while no process was at work. */
async function expire(
  { recorder }: DeployContext,
  { stage, next }: Extract<DeployAction, { do: 'expire' }>,
): Promise<void> {
  await recorder.emit({ type: 'stage.expired', stage, next })
  if (next === 'go-on') {
    const outcome = { result: 'passed', detail: 'its time is over', evidence: null, isVersionBad: false } as const
    await recorder.emit({ type: 'stage.finished', stage, ...outcome, durationMs: 0 })
  }
  if (next === 'back') {
    const decision = { evidence: null, isVersionBad: false, result: 'aborted' } as const
    await recorder.emit({ type: 'deploy.decided', direction: 'back', reason: 'no decision in time', ...decision })
  }
}
