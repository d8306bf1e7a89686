import type { RollbackPlan } from '../../domain/plan.ts'
import type { RuleState, TriggerDecision } from '../../domain/health/trigger.ts'
import { BagboyError, toErrorReport } from '../../errors/bagboy-error.ts'
import type { WatchMode } from '../../events/watch-events.ts'
import { autoPermission } from './auto-policy.ts'
import { planAutomatic } from './plan-automatic.ts'
import type { WatchContext } from './watch-context.ts'

/** What is done about triggers: from a rule that is met to a plan that may run, or to the reason why nothing is done. */
export interface Episode {
  /** What the rules say now. */
  decided(decision: TriggerDecision): void
  veto(): void
  setMode(mode: WatchMode, why: string): void
}

/** Why the countdown or the preparations are broken off. */
type Interruption = 'veto' | 'recovery'

export function createEpisode(context: WatchContext): Episode {
  const { recorder, request, parts, signal } = context
  const { auto } = parts.config.health
  const { clock } = parts.platform
  let mode: WatchMode = request.mode
  let fired: RuleState | null = null
  let acting: AbortController | undefined

  const isActing = (): boolean => acting !== undefined

  function begin(rule: RuleState): void {
    const controller = new AbortController()
    acting = controller
    void act(rule, AbortSignal.any([signal, controller.signal])).then(
      () => void (acting = acting === controller ? undefined : acting),
      (error: unknown) => context.fail(error),
    )
  }

  async function act(rule: RuleState, interrupted: AbortSignal): Promise<void> {
    try {
      await decide(rule, interrupted)
    } catch (error) {
      // The process that interrupted has given the reason.
      if (interrupted.aborted) return
      if (!(error instanceof BagboyError) || error.code === 'BUG') throw error
      refuse(error)
    }
  }

  async function decide(rule: RuleState, interrupted: AbortSignal): Promise<void> {
    if (mode === 'off') {
      throw new BagboyError('AUTO_SUPPRESSED', 'A trigger fired, and rollback.mode is off.', {
        hint: 'To roll back by hand: bagboy-tui rollback',
      })
    }
    const { history } = await parts.history.read()
    const permission = autoPermission(history, parts.config, clock.now())
    const plan = await planAutomatic(context, rule, interrupted)
    interrupted.throwIfAborted()
    if (mode !== 'auto' || !permission.isAllowed) return propose(plan, mode === 'auto' ? permission.why : '')
    if (request.hasOperator && auto.countdownMs > 0) await countDown(plan, interrupted)
    parts.trust.require('The automatic rollback')
    approve(plan)
  }

  async function countDown(plan: RollbackPlan, interrupted: AbortSignal): Promise<void> {
    const ms = auto.countdownMs
    const endsAt = new Date(Date.parse(clock.now()) + ms).toISOString()
    recorder.emit({ type: 'countdown.started', plan, ms, endsAt })
    await clock.sleep(ms, interrupted)
    recorder.emit({ type: 'countdown.ended', by: 'time' })
  }

  function approve(plan: RollbackPlan): void {
    recorder.send('rollback.requested')
    recorder.emit({ type: 'rollback.approved', plan })
    context.end({ kind: 'approved', plan })
  }

  function propose(plan: RollbackPlan, why: string): void {
    recorder.emit({ type: 'rollback.proposed', plan, why })
    if (request.endsWithDecision) context.end({ kind: 'proposed', plan, why })
  }

  function refuse(error: BagboyError): void {
    const report = toErrorReport(error)
    recorder.emit({ type: 'rollback.refused', error: report })
    recorder.send('trigger.suppressed')
    if (request.endsWithDecision) context.end({ kind: 'refused', error: report })
  }

  function interrupt(by: Interruption): void {
    if (recorder.view.countdown) recorder.emit({ type: 'countdown.ended', by })
    acting?.abort(new BagboyError('ABORTED', `interrupted: ${by}`))
    acting = undefined
  }

  function veto(why: string): void {
    if (!isActing()) return
    interrupt('veto')
    mode = 'propose'
    recorder.emit({ type: 'mode.changed', mode, why })
    if (recorder.can('trigger.vetoed')) recorder.send('trigger.vetoed')
    if (request.endsWithDecision) context.end({ kind: 'vetoed' })
  }

  function clear(): void {
    if (!fired) return
    fired = null
    interrupt('recovery')
    recorder.emit({ type: 'trigger.cleared' })
    if (recorder.can('health.recovered')) recorder.send('health.recovered')
  }

  return {
    decided({ fired: rule }) {
      if (!rule) return clear()
      if (fired) return
      fired = rule
      if (recorder.can('trigger.fired')) recorder.send('trigger.fired')
      recorder.emit({ type: 'trigger.fired', rule })
      begin(rule)
    },
    veto: () => veto('stopped by a person'),
    setMode(next, why) {
      if (next === mode) return
      if (next !== 'auto' && isActing()) return veto(why)
      mode = next
      recorder.emit({ type: 'mode.changed', mode, why })
      if (next !== 'auto') return
      if (!fired || isActing()) return
      if (recorder.can('trigger.fired')) recorder.send('trigger.fired')
      begin(fired)
    },
  }
}
