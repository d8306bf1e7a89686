import type { Engine, RollbackRequest } from '../src/engine/engine.ts'
import type { AppStore } from './app-store.ts'
import { createContext, type StorePorts } from './command-context.ts'
import { dialogCommands } from './dialog/dialog-commands.ts'
import { finishing } from './run/finish.ts'
import { guardingCommands } from './health/health-watch.ts'
import { planDialog } from './plan/plan-dialog.ts'
import { planningCommands } from './plan/plan-commands.ts'
import { pruneDialog, pruningCommands } from './prune/prune-commands.ts'
import { readingCommands } from './history/queries.ts'
import { runDialogs } from './run/run-dialogs.ts'
import { runningCommands } from './run/run-commands.ts'
import { trafficCommands } from './traffic/traffic-commands.ts'
import { trafficDialogs } from './traffic/traffic-dialogs.ts'
import { trustingCommands } from './trust/trust-commands.ts'
import { unfinishedCommands } from './recovery/run-recovery.ts'
import { watchingCommands } from './history/drift-watch.ts'

/** Everything the operator can ask for: calls the engine, dispatches what comes back. */
export type Commands = ReturnType<typeof createCommands>

export function createCommands(engine: Engine, store: AppStore, ports: StorePorts) {
  const context = createContext(engine, store, ports)
  const guarding = guardingCommands(context, {
    runApproved: (plan) => running.runApproved(plan),
    refresh: () => reading.refreshQuietly(),
  })
  const unfinished = unfinishedCommands(context, {
    refresh: () => reading.refreshQuietly(),
    onBegin: guarding.runBegan,
    onEnd: () => guarding.runEnded(undefined),
  })
  const watching = watchingCommands(context, {
    readRegistries: () => reading.readRegistries(),
    readOverview: () => reading.readOverview(),
    goOn: (runId) => running.resumeRun(runId),
  })
  const reading = readingCommands(context, unfinished.openRecovery, (read) => void watching.noticeDrift(read))
  const planning = planningCommands(context)
  const running = runningCommands(context, {
    refresh: reading.refreshQuietly,
    onBegin: guarding.runBegan,
    onEnd: guarding.runEnded,
  })
  const pruning = pruningCommands(context, reading.refreshQuietly)
  const traffic = trafficCommands(context, { refresh: reading.refreshQuietly })
  const trusting = trustingCommands(context, {
    refresh: async () => {
      traffic.lookNow()
      await reading.refreshQuietly()
      guarding.guardAgain()
    },
  })
  const deeds = { ...traffic, ...running, ...pruning, ...planning, ...unfinished, ...guarding }
  const dialogs = dialogCommands(context, deeds, reading.refreshQuietly)
  const asking = runDialogs(context, dialogs)
  return {
    ...planDialog(context, dialogs),
    ...asking,
    ...pruneDialog(context, dialogs),
    ...trafficDialogs(context, { confirm: dialogs.confirm, planSwitch: traffic.planSwitch }),
    ...reading,
    ...unfinished,
    ...planning,
    ...running,
    ...pruning,
    ...dialogs,
    accept: () => (store.getState().dialog?.kind === 'trust' ? trusting.answerTrust() : dialogs.accept()),
    start: async (runId?: string, rollback?: RollbackRequest) => {
      watching.start()
      guarding.guard()
      void traffic.startLooking()
      await Promise.all([reading.start(runId, rollback && (() => planning.openRequest(rollback))), trusting.askTrust()])
    },
    /** Ends everything that goes on without having been asked for. */
    stopLooking: () => {
      watching.stop()
      traffic.stopMoving()
      guarding.stopGuarding()
    },
    refresh: async () => {
      traffic.lookNow()
      await reading.refresh()
      guarding.guardAgain()
    },
    toggleAuto: () => (guarding.isDisarmed() ? asking.confirmArm() : guarding.disarm()),
    probeNow: guarding.probeNow,
    tellDeploy: traffic.tellDeploy,
    open: context.open,
    say: context.say,
    elapsedMs: ports.elapsedMs,
    goBack: () => store.dispatch({ type: 'screen.left', atMs: ports.elapsedMs() }),
    /** The run in flight, for signal handlers. */
    activeRun: () => (context.session.run ? context.session.handle : undefined),
    ...finishing(context, running.takeDefaults),
  }
}
