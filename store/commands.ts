import type { Engine, RollbackRequest } from '../src/engine/engine.ts'
import type { AppStore } from './app-store.ts'
import { createContext, type StorePorts } from './command-context.ts'
import { createApprover } from './dialog/approver.ts'
import { dialogCommands } from './dialog/dialog-commands.ts'
import { healthWatchCommands } from './health/health-watch.ts'
import { driftWatchCommands } from './history/drift-watch.ts'
import { historyDialogs } from './history/history-dialogs.ts'
import { queries } from './history/queries.ts'
import { planCommands } from './plan/plan-commands.ts'
import { planDialog } from './plan/plan-dialog.ts'
import { pruneCommands } from './prune/prune-commands.ts'
import { recoveryDialogs } from './recovery/recovery-dialogs.ts'
import { runRecoveryCommands } from './recovery/run-recovery.ts'
import { finishCommands } from './run/finish.ts'
import { runCommands } from './run/run-commands.ts'
import { runDialogs } from './run/run-dialogs.ts'
import { trafficCommands } from './traffic/traffic-commands.ts'
import { trafficDialogs } from './traffic/traffic-dialogs.ts'
import { trustCommands } from './trust/trust-commands.ts'

/** Everything the operator can ask for: calls the engine, dispatches what comes back. */
export type Commands = ReturnType<typeof createCommands>

/** Puts the features together; a command of a feature needs no line here. */
export function createCommands(engine: Engine, store: AppStore, ports: StorePorts) {
  const context = createContext(engine, store, ports)
  const refresh = async (): Promise<void> => reads.refreshQuietly()
  const approver = createApprover(context)
  const health = healthWatchCommands(context, { showAutomatic: (plan) => runs.showAutomatic(plan), approver, refresh })
  const runs = runCommands(context, { approver, refresh, onBegin: health.runBegan, onEnd: health.runEnded })
  const recovery = runRecoveryCommands(context, {
    refresh,
    onBegin: health.runBegan,
    onEnd: () => health.runEnded(undefined),
  })
  const drift = driftWatchCommands(context, {
    readRegistries: () => reads.readRegistries(),
    readOverview: () => reads.readOverview(),
    goOn: runs.resumeRun,
  })
  const reads = queries(context, recovery.openRecovery, (read) => void drift.noticeDrift(read))
  const plans = planCommands(context)
  const traffic = trafficCommands(context, { refresh })
  const trust = trustCommands(context, {
    refresh: async () => {
      traffic.readTrafficNow()
      await refresh()
      health.watchLiveAgain()
    },
  })
  return {
    ...dialogCommands(context),
    ...reads,
    ...historyDialogs(context, refresh),
    ...plans,
    ...planDialog(context, runs.startRollback),
    ...runs,
    ...runDialogs(context, runs),
    ...finishCommands(context, runs.takeDefaults),
    ...recovery,
    ...recoveryDialogs(context, { ...runs, ...recovery, refresh }),
    ...health,
    ...pruneCommands(context, refresh),
    ...traffic,
    ...trafficDialogs(context, traffic),
    start: async (runId?: string, rollback?: RollbackRequest) => {
      drift.start()
      health.watchLive()
      void traffic.startTrafficWatch()
      await Promise.all([reads.start(runId, rollback && (() => plans.openRequest(rollback))), trust.askTrust()])
    },
    /** Ends everything that runs in the background. */
    stopWatches: () => {
      drift.stop()
      traffic.stopTrafficWatch()
      health.stopHealthWatch()
    },
    refresh: async () => {
      traffic.readTrafficNow()
      await reads.refresh()
      health.watchLiveAgain()
    },
    open: context.open,
    notify: context.notify,
    elapsedMs: ports.elapsedMs,
    goBack: () => store.dispatch({ type: 'screen.left', atMs: ports.elapsedMs() }),
    /** The run in flight, for signal handlers. */
    activeRun: () => (context.session.run ? context.session.handle : undefined),
  }
}
