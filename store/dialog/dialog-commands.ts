import type { DeployCommand } from '../../src/domain/traffic/deploy-plan.ts'
import type { CommandContext } from '../command-context.ts'
import { shellWord } from '../plan/command-line.ts'
import { enterRefusal, firstFocus, missing, openedNow, type ConfirmDialog, type Deed } from './dialog.ts'
import { safe } from '../safe.ts'
import { resumeFacts, undoFacts } from '../recovery/recovery-facts.ts'
import { cursorOf, shownRun } from '../selectors.ts'
import type { DeployPlace } from '../../src/events/deploy-view.ts'

interface Deeds {
  startRollback(plan: string, reason: string): void
  resume(step: string | undefined): void
  undo(runId: string, reason: string): void
  handOver(reason: string): Promise<void>
  decideStep(decision: 'skip' | 'overwrite', step: string, reason: string): Promise<void>
  prune(): Promise<void>
  takeOver(runId: string, epoch: number, reason: string): Promise<void>
  abort(reason: string): void
  unpause(): void
  arm(): void
  answer(answer: string | undefined): void
  setOverrides(overrides: readonly string[]): Promise<void>
  sendCommand(command: DeployCommand, reason: string, seen: DeployPlace): Promise<void>
  resumeDeploy(): void
  startSwitch(reason: string): void
}

type ConfirmParts = Pick<ConfirmDialog, 'title' | 'facts' | 'warnings' | 'reasonMode' | 'expected' | 'label' | 'deed'>

/** Opening, accepting and leaving dialogs. Nothing that changes the world happens without passing here. */
export function dialogCommands(context: CommandContext, deeds: Deeds, refresh: () => Promise<void>) {
  const { dispatch, state, ports, engine } = context

  const confirm = (parts: ConfirmParts): void =>
    dispatch({
      type: 'dialog.opened',
      dialog: { kind: 'confirm', reason: '', typed: '', focus: firstFocus(parts), ...openedNow(ports), ...parts },
    })
  const close = (): void => dispatch({ type: 'dialog.opened', dialog: null })

  async function mark(deed: Extract<Deed, { kind: 'mark' }>, reason: string): Promise<void> {
    const { mark, version } = deed
    const done = await context.wait('Writing the history', false, () =>
      mark === 'hold' || mark === 'unhold' ? engine.mark({ mark, version, reason }) : engine.mark({ mark, version }),
    )
    if (!done) return
    await refresh()
    context.notify('ok', `Done. The same: ${state().options.program} versions ${mark} ${shellWord(version)}`)
  }

  async function perform(deed: Deed, reason: string): Promise<void> {
    switch (deed.kind) {
      case 'run':
        return deeds.startRollback(deed.plan, reason)
      case 'resume':
        return deeds.resume(deed.step)
      case 'undo':
        return deeds.undo(deed.run, reason)
      case 'hand-over':
        return deeds.handOver(reason)
      case 'take-over':
        return deeds.takeOver(deed.run, deed.epoch, reason)
      case 'skip':
      case 'overwrite':
        return deeds.decideStep(deed.kind, deed.step, reason)
      case 'prune':
        return deeds.prune()
      case 'arm':
        return deeds.arm()
      case 'mark':
        return mark(deed, reason)
      case 'tell-deploy':
        return deeds.sendCommand(deed.command, reason, deed.seen)
      case 'take-up-deploy':
        return deeds.resumeDeploy()
      case 'switch':
        return deeds.startSwitch(reason)
    }
  }

  function acceptConfirm(dialog: ConfirmDialog): void {
    if (dialog.focus === 'cancel') return cancel()
    if (dialog.focus !== 'ok') return dispatch({ type: 'dialog.key', key: { kind: 'onward' }, atMs: ports.elapsedMs() })
    if (missing(dialog) !== null) return
    close()
    void perform(dialog.deed, dialog.reason.trim())
  }

  function cancel(): void {
    const { dialog } = state()
    const isQuestion = dialog?.kind === 'secret' || (dialog?.kind === 'choice' && dialog.about === 'answer')
    if (isQuestion) deeds.answer(undefined)
    else close()
  }

  function choose(value: string): void {
    const { dialog } = state()
    if (dialog?.kind === 'menu') {
      close()
      return dispatch({ type: 'filter.changed', text: value, isOpen: false })
    }
    if (dialog?.kind !== 'choice') return
    if (dialog.about === 'answer') return deeds.answer(value)
    close()
    if (value === 'finish') deeds.abort('stopped by the operator')
    if (value === 'unpause') deeds.unpause()
  }

  return {
    confirm,
    cancelDialog: cancel,
    choose,
    /** Enter: in a field it goes on to the next one, on a button it presses it. One that does not count says why. */
    accept(): void {
      const { dialog } = state()
      if (!dialog) return
      if (dialog.kind === 'text') return close()
      if (dialog.kind === 'findings') {
        close()
        if (dialog.overrides.join() !== state().plan?.plan.overrides.join()) void deeds.setOverrides(dialog.overrides)
        return
      }
      if (dialog.kind === 'menu' || dialog.kind === 'trust') return
      const refusal = enterRefusal(dialog, ports.elapsedMs())
      if (refusal !== null) return context.notify('warning', refusal)
      if (dialog.kind === 'confirm') return acceptConfirm(dialog)
      if (dialog.kind === 'secret') return deeds.answer(dialog.typed)
      choose(dialog.options[dialog.index]?.value ?? '')
    },
    openFilterMenu(): void {
      dispatch({ type: 'dialog.opened', dialog: { kind: 'menu', title: 'Show', about: 'filter', options: FILTERS } })
    },
    showText(title: string, text: string): void {
      const lines = safe(text).split('\n')
      dispatch({ type: 'dialog.opened', dialog: { kind: 'text', title, lines, offset: 0 } })
    },
    confirmResume(): void {
      const { recovery } = state()
      if (!recovery) return
      const { view } = recovery
      confirm({
        title: 'Resume the run',
        facts: [`${view.plan.from}  →  ${view.plan.to}      run ${view.id.slice(-6)}`, ...resumeFacts(recovery)],
        warnings: [],
        reasonMode: 'none',
        expected: view.direction === 'undo' ? view.plan.from : view.plan.to,
        label: 'Resume',
        deed: { kind: 'resume' },
      })
    },
    confirmRetry(): void {
      const recovery = state().recovery
      const step = recovery?.steps[cursorOf(state(), 'recovery')]
      if (!recovery || !step) return
      const { direction, plan } = recovery.view
      confirm({
        title: `Try one step: ${step.title}`,
        facts: [step.step, 'It is done for real, and proved. Everything else stays as it is, and the run open.'],
        warnings: [],
        reasonMode: 'none',
        expected: direction === 'undo' ? plan.from : plan.to,
        label: 'Try it',
        deed: { kind: 'resume', step: step.step },
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
        deed: { kind: 'undo', run: view.id },
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
        deed: { kind: 'take-over', run: run.id, epoch },
      })
    },
    confirmHandOver(): void {
      const view = state().recovery?.view
      if (!view) return
      confirm({
        title: 'Hand the run over as it stands',
        facts: [
          'Nothing more is moved, and nothing is taken back.',
          `What is left, with the commands by hand: ${state().options.program} runs show ${view.id}`,
        ],
        warnings: ['The run cannot be resumed afterwards.'],
        reasonMode: 'required',
        expected: view.id.slice(-6),
        label: 'Hand over',
        deed: { kind: 'hand-over' },
      })
    },
    confirmSkip(): void {
      const step = state().recovery?.steps[cursorOf(state(), 'recovery')]
      if (!step) return
      confirm({
        title: `Leave out ${step.title}`,
        facts: [
          step.step,
          step.found === 'want'
            ? 'It is as wanted already; left out, that is not proved, and resume ends as PARTIAL.'
            : 'Resume then ends as PARTIAL: this registry stays as it is.',
        ],
        warnings: [],
        reasonMode: 'required',
        expected: '',
        label: 'Leave out',
        deed: { kind: 'skip', step: step.step },
      })
    },
    confirmOverwrite(): void {
      const recovery = state().recovery
      const step = recovery?.steps[cursorOf(state(), 'recovery')]
      if (!recovery || !step) return
      const { from, to } = recovery.view.plan
      confirm({
        title: `Write over what is there: ${step.title}`,
        facts: [
          step.step,
          `Somebody else moved it since ${from} was live. Resume then moves it to ${to}, undo back to ${from}.`,
          'Only what is there now is written over; what comes later stops again.',
        ],
        warnings: ['Ask whoever moved it first, if you can.'],
        reasonMode: 'required',
        expected: to,
        label: 'Overwrite',
        deed: { kind: 'overwrite', step: step.step },
      })
    },
    confirmMark(mark: 'hold' | 'unhold' | 'pin' | 'unpin', version: string): void {
      const isHold = mark === 'hold' || mark === 'unhold'
      confirm({
        title: `${mark} ${version}`,
        facts: [MARK_FACTS[mark]],
        warnings: [],
        reasonMode: isHold ? 'required' : 'none',
        expected: isHold ? version : '',
        label: mark,
        deed: { kind: 'mark', mark, version },
      })
    },
  }
}

const MARK_FACTS = {
  hold: 'A held version cannot ship again unseen.',
  unhold: 'The version may ship again.',
  pin: 'A pinned version is never pruned.',
  unpin: 'The version may be pruned again.',
} as const

const FILTERS = [
  { value: '', label: 'everything' },
  { value: 'health:healthy', label: 'healthy when deployed' },
  { value: 'state:rolled', label: 'rolled back' },
  { value: 'state:failed', label: 'failed' },
  { value: 'is:held', label: 'held' },
  { value: 'is:pinned', label: 'pinned' },
] as const
