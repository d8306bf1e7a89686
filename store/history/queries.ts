import { toErrorReport } from '../../src/errors/bagboy-error.ts'
import type { Overview, RegistryStatus } from '../../src/engine/engine.ts'
import type { CommandContext } from '../command-context.ts'
import { safe } from '../safe.ts'
import type { AppState } from '../state.ts'
import { comparisonPartner } from '../plan/targets.ts'
import { openRun } from '../run/run-selectors.ts'
import { selectedDeployment } from './deployments.ts'

/** More than any screen shows. */
const FIRST_COUNT = 100

/** Differs when a run has begun, or ended, in between. */
function runsSoFar({ run }: AppState): string {
  return run ? `${run.id} ${run.isActive}` : ''
}

/** Commands that only read. */
export function queries(
  context: CommandContext,
  openRecovery: (runId: string) => Promise<void>,
  onRead: (registries: readonly RegistryStatus[]) => void,
) {
  const { engine, dispatch, ports, state } = context

  /** What is there to see first of a long history is on screen while the rest is read. */
  async function readOverview(): Promise<boolean> {
    try {
      const isFirst = state().overview === null
      const first = isFirst ? await showOverview({ newest: FIRST_COUNT }) : undefined
      if (first?.isPartial !== false) await showOverview()
      return true
    } catch (error) {
      dispatch({ type: 'overview.failed', error: safe(toErrorReport(error)) })
      return false
    }
  }

  /** The same while the screen says that it waits; beside other work nothing is said, and nothing of it ended. */
  async function readWaiting(): Promise<boolean> {
    return readOverview().finally(() => dispatch({ type: 'busy.ended' }))
  }

  async function showOverview(request?: { readonly newest: number }): Promise<Overview> {
    const overview = safe(await engine.overview(request))
    dispatch({ type: 'overview.read', overview, now: ports.now() })
    return overview
  }

  async function readRegistries(): Promise<void> {
    // What a run moves is no drift: reads that one was in progress beside show nothing of worth.
    const before = runsSoFar(state())
    dispatch({ type: 'registries.reading' })
    try {
      const registries = safe(await engine.status())
      if (state().run?.isActive === true || runsSoFar(state()) !== before)
        return dispatch({ type: 'registries.dropped' })
      dispatch({ type: 'registries.read', registries, now: ports.now() })
      onRead(registries)
    } catch (error) {
      dispatch({ type: 'registries.failed', error: safe(toErrorReport(error)) })
    }
  }

  return {
    readRegistries,
    readOverview,
    /** First reading; an open run comes before everything else, `otherwise` (the plan that was asked for) after it. */
    async start(initialRunId?: string, otherwise?: () => Promise<void>): Promise<void> {
      if (!(await readWaiting())) return
      const runId = initialRunId ?? openRun(state())?.id
      await Promise.all([runId === undefined ? otherwise?.() : openRecovery(runId), readRegistries()])
    },
    async refresh(): Promise<void> {
      dispatch({ type: 'busy.started', busy: { label: 'Reading the history', canCancel: false } })
      if (await readWaiting()) await readRegistries()
      const { screen, recoveryRun } = state()
      if (screen === 'recovery' && recoveryRun !== null) await openRecovery(recoveryRun)
    },
    refreshQuietly: async () => {
      if (await readOverview()) await readRegistries()
    },
    /** A finished run from its journal; an open one on the resume screen. */
    async openRun(runId: string): Promise<void> {
      const summary = state().overview?.runs.find(({ id }) => id === runId)
      // The engine reports its origin and the command that takes it over; no key does that.
      if (summary?.isOpen === true && summary.origin.kind === 'foreign') {
        await context.wait('Reading whose it is', true, (signal) => engine.recovery(runId, signal))
        return
      }
      if (summary?.isOpen === true) return openRecovery(runId)
      const read = await context.wait('Reading the journal', true, () => engine.readRun(runId))
      if (!read) return
      const command = `${state().options.program} runs show ${runId}`
      dispatch({ type: 'past.read', run: { id: runId, command }, events: safe(read.events) })
      context.open('result')
    },
    compare(): void {
      const selected = selectedDeployment(state())
      const other = comparisonPartner(state())
      if (!selected || other === undefined) return
      const [left, right] = selected.id <= other ? [selected.id, other] : [other, selected.id]
      dispatch({ type: 'compare.changed', compare: { left, right, onlyChanges: false } })
      dispatch({ type: 'cursor.set', screen: 'compare', index: 0 })
      context.open('compare')
    },
    copy(text: string): void {
      context.notify('info', ports.copy(text))
    },
    /** Esc while something is being waited for. */
    cancelWait(): void {
      context.session.cancel?.abort()
      context.session.cancel = undefined
      dispatch({ type: 'busy.ended' })
      context.notify('info', 'Stopped waiting. Nothing was changed.')
    },
  }
}
