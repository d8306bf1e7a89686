import type { RecoveryReport, RecoveryStep } from '../../src/engine/engine.ts'
import type { CommandContext } from '../command-context.ts'
import { safe } from '../safe.ts'
import { cursorOf } from '../cursor.ts'
import { resumeFacts, undoFacts } from './recovery-facts.ts'
import { shownRun } from '../run/run-selectors.ts'

interface RecoveryDialogParts {
  readonly resumeRun: (runId: string, step?: string) => void
  readonly undoRun: (runId: string, reason: string) => void
  readonly takeOver: (runId: string, epoch: number, reason: string) => Promise<void>
  readonly refresh: () => Promise<void>
}

/** What is asked before an open or a finished run is resumed, undone, taken over or left to a person. */
export function recoveryDialogs(context: CommandContext, parts: RecoveryDialogParts) {
  const { engine, confirm, dispatch, state, ports } = context

  function selectedStep(): { readonly recovery: RecoveryReport; readonly step: RecoveryStep } | undefined {
    const { recovery } = state()
    const step = recovery?.steps[cursorOf(state(), 'recovery')]
    return recovery && step ? { recovery, step } : undefined
  }

  async function handOver(runId: string, reason: string): Promise<void> {
    const done = await context.wait('Writing the note', false, () => engine.handOver(runId, reason))
    if (!done) return
    await parts.refresh()
    context.open('history', true)
    context.notify('warning', `Run ${runId} is handed over as it stands.`)
  }

  async function decideStep(runId: string, write: () => Promise<unknown>): Promise<void> {
    const recovery = await context.wait('Writing the decision', false, async (signal) => {
      await write()
      return engine.recovery(runId, signal)
    })
    if (recovery) dispatch({ type: 'recovery.read', recovery: safe(recovery), now: ports.now() })
  }

  return {
    confirmResume(): void {
      const { recovery } = state()
      if (!recovery) return
      const { id, direction, plan } = recovery.view
      confirm({
        title: 'Resume the run',
        facts: [`${plan.from}  →  ${plan.to}      run ${id.slice(-6)}`, ...resumeFacts(recovery)],
        expected: direction === 'undo' ? plan.from : plan.to,
        label: 'Resume',
        accept: () => parts.resumeRun(id),
      })
    },
    confirmRetry(): void {
      const selected = selectedStep()
      if (!selected) return
      const { step, recovery } = selected
      const { id, direction, plan } = recovery.view
      confirm({
        title: `Try one step: ${step.title}`,
        facts: [step.step, 'It is done for real, and proved. Everything else stays as it is, and the run open.'],
        expected: direction === 'undo' ? plan.from : plan.to,
        label: 'Try it',
        accept: () => parts.resumeRun(id, step.step),
      })
    },
    confirmUndo(): void {
      const recovery = state().screen === 'recovery' ? state().recovery : null
      const view = recovery?.view ?? shownRun(state())?.view
      if (!view) return
      const why = view.plan.reason === '' ? '' : ` (${view.plan.reason})`
      confirm({
        title: `Undo: back to ${view.plan.from}`,
        facts: [
          'Every registry this run has moved is put back to what it served before.',
          ...(recovery ? undoFacts(recovery) : []),
        ],
        warnings: [`Users get ${view.plan.from} again, which the run was leaving${why}.`],
        reasonMode: 'required',
        expected: view.plan.from,
        label: 'Undo',
        accept: (reason) => parts.undoRun(view.id, reason),
      })
    },
    confirmTakeOver(): void {
      const { run } = state()
      if (!run?.holder) return
      const { who, host, pid, lastBeat, epoch } = run.holder
      confirm({
        title: `Take the run over from ${who}`,
        facts: [
          `${who} on ${host}, process ${pid}, has given no sign of life since ${lastBeat}.`,
          'It may be asleep or cut off. If it wakes up, it stops before it changes anything.',
        ],
        warnings: ['Ask first, if you can: what it was doing is explained on the next screen.'],
        reasonMode: 'required',
        expected: host,
        label: 'Take over',
        accept: (reason) => void parts.takeOver(run.id, epoch, reason),
      })
    },
    confirmHandOver(): void {
      const view = state().recovery?.view
      if (!view) return
      confirm({
        title: 'Hand the run over as it stands',
        facts: [
          'Nothing more is moved, and nothing is taken back.',
          `What is left, with the manual commands: ${state().options.program} runs show ${view.id}`,
        ],
        warnings: ['The run cannot be resumed afterwards.'],
        reasonMode: 'required',
        expected: view.id.slice(-6),
        label: 'Hand over',
        accept: (reason) => void handOver(view.id, reason),
      })
    },
    confirmSkip(): void {
      const selected = selectedStep()
      if (!selected) return
      const { step, recovery } = selected
      const { id } = recovery.view
      confirm({
        title: `Skip one step: ${step.title}`,
        facts: [
          step.step,
          step.found === 'want'
            ? 'It is as wanted already. A skipped step is not proved, and resume ends as PARTIAL.'
            : 'Resume then ends as PARTIAL: this registry stays as it is.',
        ],
        reasonMode: 'required',
        label: 'Skip',
        accept: (reason) => void decideStep(id, () => engine.skipStep(id, step.step, reason)),
      })
    },
    confirmOverwrite(): void {
      const selected = selectedStep()
      if (!selected) return
      const { step, recovery } = selected
      const { id, plan } = recovery.view
      confirm({
        title: `Write over what is there: ${step.title}`,
        facts: [
          step.step,
          `Another writer moved it since ${plan.from} was live. Resume then moves it to ${plan.to}, undo back to ${plan.from}.`,
          'Only what is there now is written over; a later change stops the run again.',
        ],
        warnings: ['If you can, ask the person who moved it first.'],
        reasonMode: 'required',
        expected: plan.to,
        label: 'Overwrite',
        accept: (reason) => void decideStep(id, () => engine.overwriteStep(id, step.step, reason)),
      })
    },
  }
}
