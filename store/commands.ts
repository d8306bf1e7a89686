import type { Engine, RollbackRequest } from '../src/engine/engine.ts'
import type { AppStore } from './app-store.ts'
import { createContext, type StorePorts } from './command-context.ts'
import { dialogCommands } from './dialogs.ts'
import { planningCommands } from './planning.ts'
import { pruningCommands } from './pruning.ts'
import { readingCommands } from './reading.ts'
import { runningCommands } from './running.ts'
import { unfinishedCommands } from './unfinished.ts'
import { watchingCommands } from './watching.ts'

/** Everything the operator can ask for: calls the engine, dispatches what comes back. */
export type Commands = ReturnType<typeof createCommands>

export function createCommands(engine: Engine, store: AppStore, ports: StorePorts) {
  const context = createContext(engine, store, ports)
  const unfinished = unfinishedCommands(context, () => reading.refreshQuietly())
  const watching = watchingCommands(context, {
    readRegistries: () => reading.readRegistries(),
    goOn: (runId) => running.resumeRun(runId),
  })
  const reading = readingCommands(context, unfinished.openRecovery, (read) => watching.noticeDrift(read))
  const planning = planningCommands(context)
  const running = runningCommands(context, reading.refreshQuietly)
  const pruning = pruningCommands(context, reading.refreshQuietly)
  const deeds = { ...running, ...pruning, ...planning, ...unfinished }
  const dialogs = dialogCommands(context, deeds, reading.refreshQuietly)
  return {
    ...reading,
    ...unfinished,
    ...planning,
    ...running,
    ...pruning,
    ...dialogs,
    start: async (runId?: string, rollback?: RollbackRequest) => {
      watching.start()
      await reading.start(runId, rollback && (() => planning.openRequest(rollback)))
    },
    /** Ends the looks at the registries that nobody asked for. */
    stopLooking: watching.stop,
    open: context.open,
    say: context.say,
    elapsedMs: ports.elapsedMs,
    goBack: () => store.dispatch({ type: 'screen.left', atMs: ports.elapsedMs() }),
    /** The run in flight, for signal handlers. */
    activeRun: () => context.session.handle,
  }
}
