import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { RunEvent, Stamped } from '../../../events/events.ts'
import { projectRun, type RunView, type StepView } from '../../../events/project-run.ts'
import { requireTransition, type Signal } from '../../../machine/transitions.ts'
import { createRecorder, type Recorder, type RecorderParts } from '../../../operation/recorder.ts'

export interface RunRecorder extends Recorder<RunEvent, RunView> {
  /** Takes an arrow of the transition table. @throws ILLEGAL_TRANSITION */
  send(signal: Signal): Promise<void>
  step(id: string): StepView
}

export function createRunRecorder(parts: RecorderParts<Stamped>): RunRecorder {
  const recorder = createRecorder<RunEvent, RunView>(parts, projectRun)
  return Object.assign(recorder, {
    send: (signal: Signal) =>
      recorder.emitNext(() => {
        const from = recorder.view.phase
        return { type: 'phase.changed', signal, from, to: requireTransition(from, signal) }
      }),
    step(id: string) {
      const found = recorder.view.steps.find((step) => step.id === id)
      if (found) return found
      throw new BagboyError('BUG', `The run ${parts.run} has no step ${id}.`)
    },
  })
}
