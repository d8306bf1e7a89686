import { BagboyError } from '../errors/bagboy-error.ts'
import type { Journal, JournalRecord } from '../journal/journal.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { Platform } from '../platform/platform.ts'
import { maskTexts } from '../platform/secrets/mask-texts.ts'
import type { EventStream } from './event-stream.ts'

/** Records the events of an operation with a journal, and holds the view they fold into. */
export interface Recorder<Event, View> {
  readonly view: View
  /** Which part of the journal is ours. */
  readonly part: number
  emit(event: Event): Promise<void>
  /** `make` is called when it is this event's turn: the view then holds every event emitted before. */
  emitNext(make: () => Event): Promise<void>
  /** Closes the journal's file. */
  close(): Promise<void>
}

export interface RecorderParts<Stamped extends JournalRecord> {
  readonly run: string
  readonly journal: Journal<Stamped>
  readonly stream: EventStream<Stamped>
  readonly platform: Pick<Platform, 'clock' | 'secrets'>
  readonly lock: Pick<HeldLock, 'loss'>
  /** What the journal already holds, when an open operation is resumed. */
  readonly past?: readonly Stamped[]
}

/**
 * Every event is stamped, written to the journal first (a failure there stops everything), folded into the view, then
 * pushed to the stream. Once the lock is lost, nothing more is recorded.
 */
export function createRecorder<Event extends object, View>(
  { run, journal, stream, platform, lock, past = [] }: RecorderParts<Event & JournalRecord>,
  fold: (view: View | undefined, event: Event & JournalRecord) => View | undefined,
): Recorder<Event, View> {
  let view = past.reduce<View | undefined>(fold, undefined)
  let seq = past.at(-1)?.seq ?? 0
  let tail: Promise<void> = Promise.resolve()
  for (const event of past) stream.push(event)

  async function write(event: Event): Promise<void> {
    const loss = lock.loss()
    if (loss) throw loss
    seq += 1
    // The output of programs and registries was masked where it came in; this covers what was missed there.
    const stamped = { ...maskTexts(event, platform.secrets), run, seq, at: platform.clock.now() }
    await journal.append(stamped)
    view = fold(view, stamped)
    stream.push(stamped)
  }

  // Concurrent events are written one after the other. After a failed append nothing more may be recorded.
  function emitNext(make: () => Event): Promise<void> {
    tail = tail.then(() => write(make()))
    return tail
  }

  return {
    get view() {
      if (view !== undefined) return view
      throw new BagboyError('BUG', `The journal of ${run} does not begin with its start.`)
    },
    part: journal.part,
    emit: (event) => emitNext(() => event),
    emitNext,
    close: () => journal.close(),
  }
}
