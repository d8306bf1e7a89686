import type { CommandContext } from '../command-context.ts'
import { openedNow, type ConfirmDialog } from '../dialog/dialog.ts'
import { packageNames } from '../plan/package-names.ts'

type Confirm = (
  parts: Pick<ConfirmDialog, 'title' | 'facts' | 'warnings' | 'reasonMode' | 'expected' | 'label' | 'deed'>,
) => void

/** What is asked about a run in progress, and about one that may begin by itself. */
export function runDialogs({ dispatch, state, ports }: CommandContext, { confirm }: { readonly confirm: Confirm }) {
  return {
    /** ctrl-c and q while a run is going. */
    askToStop(): void {
      dispatch({
        type: 'dialog.opened',
        dialog: {
          kind: 'choice',
          title: 'A run is going on',
          facts: ['Nothing is undone by stopping, and the run can be resumed.'],
          options: [
            { value: 'back', label: 'Go back, let it run' },
            { value: 'finish', label: 'Stop: finish the steps in flight, start no more' },
          ],
          index: 0,
          about: 'stop-run',
          ...openedNow(ports),
        },
      })
    },
    /** Going on after a pause starts steps again, so it asks; pausing does not. */
    askToUnpause(): void {
      const view = state().run?.view
      if (!view) return
      const waiting = view.steps.filter(({ status }) => status === 'pending').map(({ plan }) => plan.package)
      dispatch({
        type: 'dialog.opened',
        dialog: {
          kind: 'choice',
          title: 'The run is paused',
          facts: [
            waiting.length === 0 ? 'No step is left to start.' : `Not started: ${packageNames(waiting).join(', ')}`,
          ],
          options: [
            { value: 'back', label: 'Stay paused' },
            { value: 'unpause', label: `Go on: ${view.plan.from} → ${view.plan.to}` },
          ],
          index: 0,
          about: 'unpause',
          ...openedNow(ports),
        },
      })
    },
    /** From now on a trigger rolls back without a person. */
    confirmArm(): void {
      const view = state().health?.view
      if (!view) return
      const target = view.proposal?.plan.to ?? view.target
      const isFired = view.fired !== null
      confirm({
        title: 'Arm the automatic rollback',
        facts: [
          `${view.app} ${view.environment.toUpperCase()}   ${view.version}  →  ${target ?? 'the target that the plan finds'}`,
          isFired
            ? 'A trigger has fired already: the rollback follows as soon as it is armed.'
            : 'When a trigger fires, the rollback runs without asking anybody. A disarms it.',
        ],
        warnings: [],
        reasonMode: 'none',
        expected: target ?? view.version,
        label: 'Arm',
        deed: { kind: 'arm' },
      })
    },
  }
}
