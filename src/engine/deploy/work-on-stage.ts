import { otherSlot, perSlot } from '../../domain/traffic/traffic.ts'
import type { ErrorReport } from '../../errors/bagboy-error.ts'
import { analyse } from './analysis/analyse.ts'
import { checkUntilSettled } from './analysis/check-slot.ts'
import { passed, skipped, type DeployContext, type StageOutcome } from './deploy-context.ts'
import { drainOldSlot } from './traffic/drain-old-slot.ts'
import { moveTo } from './traffic/move-to.ts'
import { recordPromotion } from './record-promotion.ts'
import { runDeployCommand } from './run-deploy-command.ts'
import { smokeTest } from './analysis/smoke-test.ts'
import { supervise } from './supervise.ts'
import { waitForSlot } from './traffic/wait-for-slot.ts'
import { watchVersion } from './analysis/watch-version.ts'

/** Works on a stage that has begun, here or before a crash, until it is over, interrupted, or a person is asked. */
export async function workOnStage(context: DeployContext, index: number): Promise<void> {
  const { recorder, parts } = context
  const { clock } = parts.platform
  const startMs = clock.elapsedMs()
  const outcome = await work(context, index)
  if (!outcome) return
  const durationMs = Math.round(clock.elapsedMs() - startMs)
  await recorder.emit({ type: 'stage.finished', stage: index, ...outcome, durationMs })
}

async function work(context: DeployContext, index: number): Promise<StageOutcome | undefined> {
  const { plan, stages } = context.recorder.view
  const stage = stages[index]?.stage
  const subject = { slot: plan.slot, version: plan.version, isIdle: plan.before[plan.slot] === 0 }
  const watched = (body: (signal: AbortSignal) => Promise<StageOutcome>) => supervise(context, 'abort', body)
  switch (stage?.kind) {
    case 'command':
      return watched((signal) => runDeployCommand(context, stage, signal))
    case 'checks':
      return watched(async (signal) => forShift(context, await checkUntilSettled(context, subject, signal)))
    case 'smoke':
      return watched((signal) => smokeTest(context, signal))
    case 'weight':
      return giveWeight(context, stage.percent)
    case 'analysis':
      return watched((signal) => analyse(context, index, signal))
    case 'record':
      return recordPromotion(context)
    case 'watch':
      return watched((signal) => watchVersion(context, index, signal))
    case 'drain': {
      const endMs = Date.parse(stages[index]?.endsAt ?? '')
      const leftMs = (): number => endMs - Date.parse(context.parts.platform.clock.now())
      return watched(async (signal) => passed(await drainOldSlot(context, otherSlot(plan.slot), leftMs, signal)))
    }
    case 'gate':
    case 'pause':
    case undefined:
      return undefined
  }
}

/** A manual move may go to a slot that cannot be probed; a slot that fails its checks gets nothing. */
function forShift({ recorder }: DeployContext, outcome: StageOutcome): StageOutcome {
  const isShift = recorder.view.plan.kind === 'shift'
  return isShift && outcome.result === 'inconclusive' ? skipped(outcome.detail) : outcome
}

async function giveWeight(context: DeployContext, percent: number): Promise<StageOutcome | undefined> {
  const { plan, floorPercent, expected } = context.recorder.view
  if (percent < floorPercent) return skipped(`it has ${floorPercent} % already, by hand`)
  const split = perSlot((slot) => (slot === plan.slot ? percent : 100 - percent))
  const move = await supervise(context, 'abort', async (signal) => {
    if (percent > expected[plan.slot]) await waitForSlot(context, plan.slot, signal)
    return moveTo({ ...context, signal }, split, 'step')
  })
  if (!move || move.status === 'asked' || move.status === 'again') return undefined
  return move.status === 'refused' ? refusedBy(move.error) : passed()
}

/** A slot that was taken out of the balancer says nothing about its version; one that fails its checks does. */
function refusedBy({ code, message, details }: ErrorReport): StageOutcome {
  const state = details !== null && typeof details === 'object' && 'state' in details ? details['state'] : null
  const evidence = { kind: 'balancer', value: typeof state === 'string' ? state : code, detail: message }
  return { result: 'failed', detail: message, evidence, isVersionBad: state === 'down' }
}
