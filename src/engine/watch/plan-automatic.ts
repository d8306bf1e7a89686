import { blockingFindings, type RollbackPlan } from '../../domain/plan.ts'
import { triggerRecord, type RuleState } from '../../domain/health/trigger.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { makePlan } from '../rollback/plan/make-plan.ts'
import { refusal } from '../rollback/plan/validate-run.ts'
import { tooFarBack } from './auto-policy.ts'
import { checkTarget } from './check-target.ts'
import type { WatchContext } from './watch-context.ts'

/**
 * The plan an automatic rollback runs, with the evidence for the history. Reads only.
 * @throws TARGET_UNSAFE, TARGET_UNHEALTHY, NOT_THIS_DEPLOY, VALIDATION_FAILED: why nothing must be done
 */
export async function planAutomatic(
  context: WatchContext,
  rule: RuleState,
  signal: AbortSignal,
): Promise<RollbackPlan> {
  const { parts, request, recorder, subjects } = context
  const { config, history, platform } = parts
  const { target } = subjects
  if (!target) throw new BagboyError('TARGET_UNSAFE', `No safe target exists before ${subjects.active.version}.`)
  const now = platform.clock.now()
  const tooFar = tooFarBack((await history.read()).history, target, config, now)
  if (tooFar !== undefined) {
    throw new BagboyError('TARGET_UNSAFE', `${tooFar}.`, {
      hint: `To go there all the same: bagboy-tui rollback ${target.version}`,
    })
  }
  const check = await checkTarget(context, rule, signal)
  const { samples, comparisons } = check
  recorder.emit({ type: 'target.checked', version: target.version, samples, comparisons })
  if (check.refusal) throw check.refusal
  const plan = await makePlan(
    parts,
    {
      target: `@${target.id}`,
      only: [],
      except: [],
      reason: request.reason === '' ? reasonOf(rule) : request.reason,
      incident: request.incident,
      overrides: [],
      trigger: triggerRecord(rule, now),
    },
    signal,
  )
  const served = plan.findings.find(({ code }) => code === 'V34')
  if (served) {
    throw new BagboyError(
      'TARGET_UNSAFE',
      `${served.title}: what the checks see may not be ${subjects.active.version}.`,
      {
        hint: 'Nothing was changed. See which version every registry serves: bagboy-tui status. To take it back: bagboy-tui rollback',
      },
    )
  }
  const blocking = blockingFindings(plan)
  if (blocking.length > 0) throw refusal(blocking)
  if (plan.steps.length > 0) return plan
  throw new BagboyError(
    'TARGET_UNSAFE',
    `Nothing is left to take back: no registry serves anything else than ${plan.to}.`,
  )
}

/** In one line, for the history and the hold. */
export function reasonOf({ conditions }: RuleState): string {
  const parts = conditions.map(({ kind, check, value, comparison, threshold, note }) => {
    const what = check === '' ? kind : `${kind} of ${check}`
    return `${what} ${value} ${comparison} ${threshold}${note === '' ? '' : ` (${note})`}`
  })
  return `automatic: ${parts.join(' and ')}`
}
