import type { CommandContext } from '../command-context.ts'
import { openedNow, type ChoiceDialog } from '../dialog/dialog.ts'
import { packageNames } from '../plan/package-names.ts'

interface RunDialogParts {
  readonly abort: (reason: string) => void
  readonly unpause: () => void
}

/** What is asked about a run in progress. */
export function runDialogs({ dispatch, state, ports }: CommandContext, { abort, unpause }: RunDialogParts) {
  const choose = (parts: Pick<ChoiceDialog, 'title' | 'facts' | 'options' | 'accept'>): void =>
    dispatch({ type: 'dialog.opened', dialog: { kind: 'choice', index: 0, ...openedNow(ports), ...parts } })

  return {
    /** ctrl-c and q while a run is going. */
    askToStop(): void {
      choose({
        title: 'A run is going on',
        facts: ['Nothing is undone by stopping, and the run can be resumed.'],
        options: [
          { value: 'back', label: 'Go back, let it run' },
          { value: 'finish', label: 'Stop: finish the steps in flight, start no more' },
        ],
        accept: (value) => {
          if (value === 'finish') abort('stopped by the operator')
        },
      })
    },
    /** Going on after a pause starts steps again, so it asks; pausing does not. */
    askToUnpause(): void {
      const view = state().run?.view
      if (!view) return
      const waiting = view.steps.filter(({ status }) => status === 'pending').map(({ plan }) => plan.package)
      choose({
        title: 'The run is paused',
        facts: [
          waiting.length === 0 ? 'No step is left to start.' : `Not started: ${packageNames(waiting).join(', ')}`,
        ],
        options: [
          { value: 'back', label: 'Stay paused' },
          { value: 'unpause', label: `Go on: ${view.plan.from} → ${view.plan.to}` },
        ],
        accept: (value) => {
          if (value === 'unpause') unpause()
        },
      })
    },
  }
}
