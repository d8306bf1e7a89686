import type { LockInfo } from '../../src/engine/engine.ts'
import { BagboyError, toErrorReport } from '../../src/errors/bagboy-error.ts'
import type { CommandContext } from '../command-context.ts'
import { batchEvents, repeat, tick } from '../event-batches.ts'
import { safe } from '../safe.ts'
import { isHeldBy } from '../run/run-selectors.ts'

/** Between two reads of the lock, ms. */
const LOCK_READ_MS = 2000

interface RunRecoveryParts {
  readonly refresh: () => Promise<void>
  readonly onBegin: () => void
  readonly onEnd: () => void
}

/** Open runs: watched while another process works on them, resumed otherwise. */
export function runRecoveryCommands(context: CommandContext, { refresh, onBegin, onEnd }: RunRecoveryParts) {
  const { engine, dispatch, state, session, ports } = context
  let stopWatching: (() => void) | undefined

  async function openRecovery(runId: string): Promise<void> {
    if (session.handle?.id === runId) return context.open('run')
    const lock = await context.wait('Reading who works on it', true, () => engine.lockInfo())
    if (!lock) return
    if (isHeldBy(lock, runId)) return watch(runId, safe(lock))
    // There is no way back to a run that is no longer watched.
    dispatch({ type: 'recovery.opened', run: runId })
    context.open('recovery', state().screen === 'run')
    const recovery = await context.wait('Reading what every registry serves now', true, (signal) =>
      engine.recovery(runId, signal),
    )
    if (recovery) dispatch({ type: 'recovery.read', recovery: safe(recovery), now: ports.now() })
  }

  /** Read-only: nothing here reaches the run. */
  function watch(runId: string, lock: LockInfo): void {
    const handle = engine.follow(runId)
    const command = `${state().options.program} runs follow ${runId}`
    onBegin()
    session.handle = handle
    dispatch({ type: 'run.opened', run: { id: runId, command, isActive: true, holder: lock } })
    context.open('run', true)
    const stopTicking = tick(context)
    const stopReading = repeat(context, LOCK_READ_MS, () => void readHolder(runId))
    let isLeft = false
    const over = (): boolean => {
      stopTicking()
      stopReading()
      if (session.handle !== handle) return isLeft
      session.handle = undefined
      onEnd()
      return isLeft
    }
    stopWatching = () => {
      isLeft = true
      handle.stop('left')
      over()
      dispatch({ type: 'run.closed' })
    }
    const batch = batchEvents(context)
    const events = (async () => {
      for await (const event of handle) if (!isLeft) batch.add(event)
      return await handle.result
    })()
    void events.then(
      (outcome) => {
        if (over()) return
        batch.flush()
        dispatch({ type: 'run.ended', outcome: safe(outcome) })
        context.open('result', true)
        void refresh()
      },
      (error: unknown) => {
        if (over()) return
        batch.flush()
        void refresh()
        if (error instanceof BagboyError && error.code === 'RUN_ABANDONED') {
          dispatch({ type: 'run.closed' })
          return void openRecovery(runId)
        }
        dispatch({ type: 'run.failed', error: safe(toErrorReport(error)) })
        context.open('result', true)
      },
    )
  }

  async function readHolder(runId: string): Promise<void> {
    try {
      const lock = safe(await engine.lockInfo())
      if (lock.run === runId) dispatch({ type: 'run.holder', holder: lock })
    } catch (error) {
      // A lock that cannot be read now is read again; the events of the run do not depend on it.
      context.notify('warning', safe(toErrorReport(error)).message)
    }
  }

  return {
    /** The resume screen, or, while another process is at the run, what it does. */
    openRecovery,
    /** Leaves a run that is watched; the run goes on. */
    stopWatching(): void {
      stopWatching?.()
      context.open('history', true)
    },
    /** Declares that the holder does not go on, and opens the resume screen. */
    async takeOver(runId: string, epoch: number, reason: string): Promise<void> {
      const lock = await context.wait('Taking the lock', false, () => engine.breakLock(epoch, reason))
      if (!lock) return
      stopWatching?.()
      dispatch({ type: 'clock.ticked', now: ports.now() })
      await Promise.all([refresh(), openRecovery(runId)])
    },
  }
}
