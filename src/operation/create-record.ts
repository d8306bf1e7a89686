import type { EventStream } from '../events/event-stream.ts'
import type { Journal, JournalRecord } from '../journal/journal.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { Clock, Secrets } from '../platform/platform.ts'
import { maskTexts } from '../platform/secrets/mask-texts.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

/** What is said about something that is kept in a journal, and what it comes to. */
export interface EventRecord<Event, View> {
  readonly view: View
  /** Which part of the journal is ours. */
  readonly part: number
  /** `make` is called when it is this event's turn: it sees everything that was said before. */
  say(make: () => Event): Promise<void>
  /** Closes the journal's file. */
  close(): Promise<void>
}

export interface RecordParts<Stamped extends JournalRecord, View> {
  readonly run: string
  readonly journal: Journal<Stamped>
  readonly stream: EventStream<Stamped>
  readonly clock: Clock
  readonly lock: Pick<HeldLock, 'loss'>
  readonly secrets: Secrets
  /** What the journal already holds, when it is taken up again. */
  readonly past: readonly Stamped[]
  readonly fold: (view: View | undefined, event: Stamped) => View | undefined
}

/**
 * The one way anything with a journal speaks: every event is stamped, written to the journal first (a failure there stops
 * everything), folded into the view, then shown to whoever watches. Who has lost the lock says nothing more.
 */
export function createRecord<Event extends object, View>(
  parts: RecordParts<Event & JournalRecord, View>,
): EventRecord<Event, View> {
  const { run, journal, stream, clock, lock, secrets, past, fold } = parts
  let view = past.reduce<View | undefined>(fold, undefined)
  let seq = past.at(-1)?.seq ?? 0
  let tail: Promise<void> = Promise.resolve()

  async function write(event: Event): Promise<void> {
    const loss = lock.loss()
    if (loss) throw loss
    seq += 1
    // What programs and registries said was masked where it came in; this is for what was forgotten there.
    const stamped = { ...maskTexts(event, secrets), run, seq, at: clock.now() }
    await journal.append(stamped)
    view = fold(view, stamped)
    stream.push(stamped)
  }

  return {
    get view() {
      if (view !== undefined) return view
      throw new BagboyError('BUG', `The journal of ${run} does not begin with its start.`)
    },
    part: journal.part,
    // Those who speak in parallel are written one after the other. After a failed append nothing more may be recorded.
    say(make) {
      tail = tail.then(() => write(make()))
      return tail
    },
    close: () => journal.close(),
  }
}
