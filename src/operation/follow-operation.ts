import { BagboyError } from '../errors/bagboy-error.ts'
import type { JournalRecord, JournalStore } from '../journal/journal.ts'
import { createEventStream, type EventStream } from './event-stream.ts'
import { openHandle, type OperationHandle } from './operation-handle.ts'
import type { OperationParts } from './operation-parts.ts'
import { isWorkedOn, lockPollMs } from './worker.ts'

interface Followed<Event extends JournalRecord, View, Outcome> {
  readonly id: string
  readonly noun: 'run' | 'deploy'
  readonly journals: JournalStore<Event>
  readonly fold: (view: View | undefined, event: Event) => View | undefined
  readonly isOver: (view: View) => boolean
  /** Without a process that works on it, it waits for a person's decision. */
  readonly isWaiting?: (view: View) => boolean
  readonly outcomeOf: (view: View) => Outcome
  /** The command that resumes it. */
  readonly resume: string
}

/** An operation of another process, from its journal. Nothing is written, and no lock is taken. */
export function followOperation<Event extends JournalRecord, View, Outcome>(
  parts: OperationParts,
  followed: Followed<Event, View, Outcome>,
): OperationHandle<Event, Outcome> {
  const { id, noun } = followed
  const following = new AbortController()
  const stream = createEventStream<Event>()
  const work = follow(parts, followed, stream, following.signal).finally(() => following.abort())
  const stopped = (reason: string) => new BagboyError('ABORTED', `The ${noun} ${id} is no longer followed: ${reason}`)
  return openHandle(id, { stream, work, stop: (reason) => following.abort(stopped(reason)) })
}

async function follow<Event extends JournalRecord, View, Outcome>(
  parts: OperationParts,
  followed: Followed<Event, View, Outcome>,
  stream: EventStream<Event>,
  signal: AbortSignal,
): Promise<Outcome> {
  const ended = readToEnd(followed, stream, signal)
  const abandoned = waitUntilAbandoned(parts, followed, signal)
  // The one that lost the race ends with the following, and its error means nothing then.
  abandoned.catch(() => undefined)
  ended.catch(() => undefined)
  return await Promise.race([ended, abandoned])
}

async function readToEnd<Event extends JournalRecord, View, Outcome>(
  { id, noun, journals, fold, isOver, outcomeOf }: Followed<Event, View, Outcome>,
  stream: EventStream<Event>,
  signal: AbortSignal,
): Promise<Outcome> {
  let view: View | undefined
  for await (const event of journals.follow(id, signal)) {
    view = fold(view, event)
    stream.push(event)
    if (view === undefined || !isOver(view)) continue
    // It may have been resumed since: then the end of a part is not the end.
    if ((await journals.read(id)).length === event.seq) return outcomeOf(view)
  }
  signal.throwIfAborted()
  if (view !== undefined) return outcomeOf(view)
  throw new BagboyError('RUN_UNKNOWN', `The ${noun} ${id} has no records: it never did anything.`)
}

/** @throws RUN_ABANDONED when no process holds the lock for it, and its journal ends in the middle */
async function waitUntilAbandoned<Event extends JournalRecord, View, Outcome>(
  parts: OperationParts,
  { id, noun, journals, fold, isOver, isWaiting, outcomeOf, resume }: Followed<Event, View, Outcome>,
  signal: AbortSignal,
): Promise<Outcome> {
  for (;;) {
    await parts.platform.clock.sleep(lockPollMs(parts), signal)
    const before = await journals.read(id)
    if (await isWorkedOn(parts, id)) continue
    const after = await journals.read(id)
    const view = after.reduce<View | undefined>(fold, undefined)
    if (after.length !== before.length || (view !== undefined && isOver(view))) continue
    if (view !== undefined && isWaiting?.(view)) return outcomeOf(view)
    throw new BagboyError('RUN_ABANDONED', `No process works on the ${noun} ${id} any more, and it has not ended.`, {
      hint: `Go on with it: ${resume}`,
    })
  }
}
