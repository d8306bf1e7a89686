import type { EventStream } from '../../../events/event-stream.ts'
import type { RunEvent, Stamped } from '../../../events/events.ts'
import { projectRun, type RunView, type StepView } from '../../../events/project-run.ts'
import type { Journal } from '../../../journal/journal.ts'
import type { HeldLock } from '../../../lock/lock.ts'
import { requireTransition, type Signal } from '../../../machine/transitions.ts'
import type { Clock, Secrets } from '../../../platform/platform.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { createRecord } from '../../../operation/create-record.ts'

/** The one way a run speaks, and what it has said so far. A run whose lock is lost says nothing more. */
export interface Recorder {
  readonly view: RunView
  /** Of the run's journal: which part is ours. */
  readonly part: number
  emit(event: RunEvent): Promise<void>
  /** Takes an arrow of the transition table. @throws ILLEGAL_TRANSITION */
  send(signal: Signal): Promise<void>
  step(id: string): StepView
  /** Closes the journal's file. */
  close(): Promise<void>
}

export interface RecorderParts {
  readonly run: string
  readonly journal: Journal
  readonly stream: EventStream
  readonly clock: Clock
  readonly lock: Pick<HeldLock, 'loss'>
  readonly secrets: Secrets
  /** What the journal already holds, when the run is taken up again. */
  readonly past: readonly Stamped[]
}

export function createRecorder(parts: RecorderParts): Recorder {
  const record = createRecord<RunEvent, RunView>({ ...parts, fold: projectRun })
  return {
    get view() {
      return record.view
    },
    part: record.part,
    emit: (event) => record.say(() => event),
    // Where the run stands is asked when it is this signal's turn.
    send: (signal) =>
      record.say(() => {
        const from = record.view.phase
        return { type: 'phase.changed', signal, from, to: requireTransition(from, signal) }
      }),
    close: () => record.close(),
    step(id) {
      const found = record.view.steps.find((step) => step.id === id)
      if (found) return found
      throw new BagboyError('BUG', `The run ${parts.run} has no step ${id}.`)
    },
  }
}
