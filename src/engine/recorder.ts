import type { EventStream } from '../events/event-stream.ts'
import type { RunEvent, Stamped } from '../events/events.ts'
import { projectRun, type RunView, type StepView } from '../events/project-run.ts'
import type { Journal } from '../journal/journal.ts'
import type { HeldLock } from '../lock/lock.ts'
import { requireTransition, type Signal } from '../machine/transitions.ts'
import type { Clock } from '../platform/platform.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

/**
 * The one way a run speaks: every event is stamped, written to the journal first (a failure there stops the run), folded
 * into the view, then shown to whoever watches. A run whose lock is lost says nothing more.
 */
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
  /** What the journal already holds, when the run is taken up again. */
  readonly past: readonly Stamped[]
}

export function createRecorder({ run, journal, stream, clock, lock, past }: RecorderParts): Recorder {
  let view = past.reduce(projectRun, undefined)
  let seq = past.at(-1)?.seq ?? 0
  let tail: Promise<void> = Promise.resolve()

  const current = () => {
    if (view) return view
    throw new BagboyError('BUG', `The run ${run} has no run.started record.`)
  }

  async function record(event: RunEvent): Promise<void> {
    const loss = lock.loss()
    if (loss) throw loss
    seq += 1
    const stamped = { ...event, run, seq, at: clock.now() }
    await journal.append(stamped)
    view = projectRun(view, stamped)
    stream.push(stamped)
  }

  // Steps run in parallel but speak one after the other. After a failed append nothing more may be recorded.
  function enqueue(make: () => RunEvent): Promise<void> {
    tail = tail.then(() => record(make()))
    return tail
  }

  return {
    get view() {
      return current()
    },
    part: journal.part,
    emit: (event) => enqueue(() => event),
    // Where the run stands is asked when it is this signal's turn.
    send: (signal) =>
      enqueue(() => {
        const from = current().phase
        return { type: 'phase.changed', signal, from, to: requireTransition(from, signal) }
      }),
    close: () => journal.close(),
    step(id) {
      const found = current().steps.find((step) => step.id === id)
      if (found) return found
      throw new BagboyError('BUG', `The run ${run} has no step ${id}.`)
    },
  }
}
