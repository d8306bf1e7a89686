import type { Approver } from '../../src/approval/ask.ts'
import type { RollbackPlan } from '../../src/domain/plan.ts'
import type { RunOutcome } from '../../src/engine/engine.ts'
import type { WatchHandle, WatchOutcome, WatchRequest } from '../../src/engine/watch/watch.ts'
import { BagboyError, toErrorReport } from '../../src/errors/bagboy-error.ts'
import type { StampedWatch } from '../../src/events/watch-events.ts'
import type { CommandContext } from '../command-context.ts'
import { createBatch, tick } from '../event-batches.ts'
import { safe } from '../safe.ts'
import { armDialog } from './arm-dialog.ts'
import type { HealthState } from './health-state.ts'

export interface HealthWatchParts {
  /** Shows the rollback that the engine approved and runs. */
  readonly showAutomatic: (plan: RollbackPlan) => void
  readonly approver: Approver
  readonly refresh: () => Promise<void>
}

const QUIET = { hasOperator: true, endsWithDecision: false, reason: '', incident: '' } as const

/** Watches the health of what is live as long as the app is open, and does what was asked for when a trigger fires. */
export function healthWatchCommands(context: CommandContext, { showAutomatic, approver, refresh }: HealthWatchParts) {
  const { engine, dispatch, state, ports, session } = context
  let current: WatchHandle | undefined
  let stopTicking = (): void => undefined

  function stop(why: string): void {
    stopTicking()
    current?.stop(why)
    current = undefined
    session.proposal = undefined
  }

  function open(
    purpose: HealthState['purpose'],
    request: Pick<WatchRequest, 'until' | 'mode' | 'judges'>,
    conclude: (outcome: WatchOutcome) => void = () => undefined,
  ): void {
    stop('another watch begins')
    const handle = engine.watch({ ...QUIET, ...request }, approver)
    current = handle
    dispatch({ type: 'health.opened', purpose })
    void consume(handle, conclude)
  }

  async function consume(handle: WatchHandle, conclude: (outcome: WatchOutcome) => void): Promise<void> {
    const batch = createBatch<StampedWatch>(context, (events) => {
      if (current === handle) dispatch({ type: 'health.events', events })
    })
    try {
      for await (const event of handle) {
        if (current !== handle) continue
        batch.add(event)
        notice(event)
      }
      const outcome = await handle.result
      // An approved rollback is running by now, whatever is watched instead.
      if (current !== handle && outcome.result.kind !== 'approved') return
      batch.flush()
      stopTicking()
      conclude(outcome)
    } catch (error) {
      if (current !== handle) return
      batch.flush()
      stopTicking()
      const isNothing = error instanceof BagboyError && error.code === 'HEALTH_NOT_CONFIGURED'
      dispatch(isNothing ? { type: 'health.none' } : { type: 'health.failed', error: safe(toErrorReport(error)) })
    }
  }

  /** What has to happen beside the screen. Plans are kept as the engine made them: what the screen shows is a copy. */
  function notice(event: StampedWatch): void {
    if (event.type === 'trigger.fired') ports.ring()
    if (event.type === 'trigger.cleared') session.proposal = undefined
    if (event.type === 'rollback.proposed') session.proposal = event.plan
    if (event.type === 'countdown.started') {
      session.proposal = event.plan
      stopTicking()
      // The seconds that are left: the only clock on an idle screen.
      dispatch({ type: 'clock.ticked', now: ports.now() })
      stopTicking = tick(context)
    }
    if (event.type === 'countdown.ended') stopTicking()
  }

  function watchLive(): void {
    // In read-only mode a trigger may not roll back either.
    const isReadOnly = state().options.isReadOnly || (state().overview?.readOnly ?? null) !== null
    open('guard', { until: 'stopped', ...(isReadOnly ? { mode: 'propose' } : {}) }, ({ result }) => {
      if (result.kind === 'approved') showAutomatic(result.plan)
    })
  }

  /** The version a rollback went back to, for as long as it takes to know that it does well. */
  function watchWindow(runId: string, deploymentId: number): void {
    dispatch({ type: 'run.health', run: runId, health: { state: 'watching' } })
    open('window', { until: 'window', mode: 'off', judges: deploymentId }, ({ result, view }) => {
      if (result.kind !== 'judged') return
      const { verdict, why } = result
      const watchedMs = view.verdict?.watchedMs ?? 0
      dispatch({ type: 'run.health', run: runId, health: safe({ state: verdict, watchedMs, why }) })
      if (verdict !== 'healthy') ports.ring()
      watchLive()
      void refresh()
    })
  }

  function arm(): void {
    if (state().health?.purpose === 'guard') current?.command('arm')
    else context.notify('bad', 'Not armed: what is watched changed while the dialog was open.')
  }

  // Another process may deploy, and read-only may be switched on.
  context.store.subscribe((now, before) => {
    if (now.health?.purpose !== 'guard') return
    if (now.options.isReadOnly && !before.options.isReadOnly) current?.command('hold')
    if (before.overview !== null && now.overview?.active?.id !== before.overview.active?.id) watchLive()
  })

  return {
    watchLive,
    /** Watches again where the last attempt broke off. */
    watchLiveAgain: (): void => {
      if (state().health?.error) watchLive()
    },
    stopHealthWatch: () => stop('the app is left'),
    /** A run begins, ours or another's: nothing is decided beside it. */
    runBegan: (): void => {
      if (state().health) open('run', { until: 'stopped', mode: 'off' })
    },
    /** `undefined`: it did not end well, or it was not ours. */
    runEnded: (outcome: RunOutcome | undefined): void => {
      if (!state().health) return
      const deploymentId = outcome && rolledBackTo(outcome)
      if (outcome && deploymentId !== undefined) watchWindow(outcome.id, deploymentId)
      else watchLive()
    },
    /** Stops a rollback that is about to happen, or the next one: the safe direction asks nothing. */
    toggleAuto: (): void => {
      const view = state().health?.view
      if (view?.countdown) current?.command('veto')
      else if (view?.mode === 'auto') current?.command('hold')
      else if (view) context.confirm(armDialog(view, arm))
    },
    probeNow: (): void => current?.command('probe'),
  }
}

/** History id of the entry that says what a rollback went back to; `undefined` when there is nothing to watch. */
function rolledBackTo({ result, view }: RunOutcome): number | undefined {
  return result === 'complete' && view.plan.kind === 'rollback' ? (view.deploymentId ?? undefined) : undefined
}
