import type { RegistryStatus } from '../../src/engine/engine.ts'
import { driftEvents, driftText, rememberServed, type DriftEvent, type Served } from '../../src/events/drift.ts'
import { toErrorReport } from '../../src/errors/bagboy-error.ts'
import type { CommandContext } from '../command-context.ts'
import { safe } from '../safe.ts'
import { sameVersion } from '../../src/domain/version.ts'
import { openRun, shownRun, waitingRun } from '../run/run-selectors.ts'

export interface DriftWatchParts {
  readonly readRegistries: () => Promise<void>
  /** `false`: it could not be read. */
  readonly readOverview: () => Promise<boolean>
  /** Goes on with an open run. */
  readonly goOn: (runId: string) => void
}

/** Reads the registries from time to time as long as the app is open, and raises what has changed. */
export function driftWatchCommands(context: CommandContext, { readRegistries, readOverview, goOn }: DriftWatchParts) {
  const { ports, state, engine } = context
  let known: readonly Served[] | null = null
  let knownAfter: string | undefined
  let cancel = (): void => undefined

  /** A run reads what it moves itself, and what it moves is no drift. */
  const isQuiet = () => state().run?.isActive !== true && state().busy === null && !state().isReadingRegistries

  async function checkRegistries(): Promise<void> {
    if (!isQuiet()) return
    // Another process may have deployed or begun a run: read what is live and what is open first.
    if (!(await readOverview()) || !isQuiet()) return
    await readRegistries()
    await checkManualSteps()
  }

  /** Finds manual steps that a person has done: resuming the run proves them. */
  async function checkManualSteps(): Promise<void> {
    const waiting = waitingRun(state())
    if (!waiting || state().options.isReadOnly) return
    const { steps } = safe(await engine.recovery(waiting.id))
    const done = steps.filter(({ next }) => next === 'verify')
    if (done.length === 0 || !isQuiet()) return
    // Going on by itself only proves; where it would write again, a person resumes it.
    const isProofOnly = steps.every(({ next }) => next === 'verify' || next === 'nothing' || next === 'wait')
    ports.ring()
    if (state().screen === 'result' && shownRun(state())?.id === waiting.id && isProofOnly) return goOn(waiting.id)
    const names = done.map(({ step }) => step).join(', ')
    context.notify('info', `${names}: done manually. Open its run (4) and resume it to prove it.`)
  }

  function schedule(): void {
    cancel = ports.after(ports.watchMs, () => {
      void checkRegistries()
        .catch((error: unknown) => context.notify('warning', safe(toErrorReport(error)).message))
        .finally(schedule)
    })
  }

  return {
    start: schedule,
    stop: () => cancel(),
    /** Raises what differs from the read before. */
    async noticeDrift(registries: readonly RegistryStatus[]): Promise<void> {
      const events = driftEvents(known, registries, ports.now())
      // The first read shows how things are, and so does the first one after a run of ours: only what comes later is news.
      const run = state().run?.id
      const isFirst = known === null || run !== knownAfter
      knownAfter = run
      known = rememberServed(known, registries)
      const alarms = isFirst ? [] : events.filter(({ type }) => type !== 'drift.cleared')
      if (alarms.length === 0) return
      // A run that another process began meanwhile moves registries too.
      if (!(await readOverview()) || openRun(state()) || state().run?.isActive === true) return
      ports.ring()
      context.notify('bad', alarms.map(sentence).join('  '))
    },
  }
}

function sentence(event: DriftEvent): string {
  const {
    type,
    package: { format },
    serving,
    expected,
  } = event
  return type === 'hold.violated' && serving !== '' && !sameVersion(serving, expected)
    ? `${format} serves ${serving} again, which is held.`
    : `${format} ${driftText(event)}.`
}
