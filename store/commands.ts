import type { Engine, RollbackRequest } from '../src/engine/engine.ts'
import type { AppStore } from './app-store.ts'
import { createContext, type StorePorts } from './command-context.ts'
import { dialogCommands } from './dialog/dialog-commands.ts'
import { finishCommands } from './run/finish.ts'
import { healthWatchCommands } from './health/health-watch.ts'
import { planDialog } from './plan/plan-dialog.ts'
import { planCommands } from './plan/plan-commands.ts'
import { pruneDialog, pruneCommands } from './prune/prune-commands.ts'
import { queries } from './history/queries.ts'
import { runDialogs } from './run/run-dialogs.ts'
import { runCommands } from './run/run-commands.ts'
import { trafficCommands } from './traffic/traffic-commands.ts'
import { trafficDialogs } from './traffic/traffic-dialogs.ts'
import { trustCommands } from './trust/trust-commands.ts'
import { runRecoveryCommands } from './recovery/run-recovery.ts'
import { driftWatchCommands } from './history/drift-watch.ts'

/** Everything the operator can ask for: calls the engine, dispatches what comes back. */
export type Commands = ReturnType<typeof createCommands>

export function createCommands(engine: Engine, store: AppStore, ports: StorePorts) {
  const context = createContext(engine, store, ports)
  const health = healthWatchCommands(context, {
    runApproved: (plan) => runs.runApproved(plan),
    refresh: () => reads.refreshQuietly(),
  })
  const recovery = runRecoveryCommands(context, {
    refresh: () => reads.refreshQuietly(),
    onBegin: health.runBegan,
    onEnd: () => health.runEnded(undefined),
  })
  const drift = driftWatchCommands(context, {
    readRegistries: () => reads.readRegistries(),
    readOverview: () => reads.readOverview(),
    goOn: (runId) => runs.resumeRun(runId),
  })
  const reads = queries(context, recovery.openRecovery, (read) => void drift.noticeDrift(read))
  const plans = planCommands(context)
  const runs = runCommands(context, {
    refresh: reads.refreshQuietly,
    onBegin: health.runBegan,
    onEnd: health.runEnded,
  })
  const prunes = pruneCommands(context, reads.refreshQuietly)
  const traffic = trafficCommands(context, { refresh: reads.refreshQuietly })
  const trust = trustCommands(context, {
    refresh: async () => {
      traffic.lookNow()
      await reads.refreshQuietly()
      health.watchLiveAgain()
    },
  })
  const deeds = { ...traffic, ...runs, ...prunes, ...plans, ...recovery, ...health }
  const dialogs = dialogCommands(context, deeds, reads.refreshQuietly)
  const asking = runDialogs(context, dialogs)
  return {
    ...planDialog(context, dialogs),
    ...asking,
    ...pruneDialog(context, dialogs),
    ...trafficDialogs(context, { confirm: dialogs.confirm, planSwitch: traffic.planSwitch }),
    ...reads,
    ...recovery,
    ...plans,
    ...runs,
    ...prunes,
    ...dialogs,
    accept: () => (store.getState().dialog?.kind === 'trust' ? trust.answerTrust() : dialogs.accept()),
    start: async (runId?: string, rollback?: RollbackRequest) => {
      drift.start()
      health.watchLive()
      void traffic.startLooking()
      await Promise.all([reads.start(runId, rollback && (() => plans.openRequest(rollback))), trust.askTrust()])
    },
    /** Ends everything that goes on without having been asked for. */
    stopWatches: () => {
      drift.stop()
      traffic.stopMoving()
      health.stopHealthWatch()
    },
    refresh: async () => {
      traffic.lookNow()
      await reads.refresh()
      health.watchLiveAgain()
    },
    toggleAuto: () => (health.isDisarmed() ? asking.confirmArm() : health.disarm()),
    probeNow: health.probeNow,
    sendCommand: traffic.sendCommand,
    open: context.open,
    notify: context.notify,
    elapsedMs: ports.elapsedMs,
    goBack: () => store.dispatch({ type: 'screen.left', atMs: ports.elapsedMs() }),
    /** The run in flight, for signal handlers. */
    activeRun: () => (context.session.run ? context.session.handle : undefined),
    ...finishCommands(context, runs.takeDefaults),
  }
}
