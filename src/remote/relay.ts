import { toErrorReport } from '../errors/bagboy-error.ts'
import type { FromEngine } from './protocol.ts'

/** What the engine hands out for something that goes on. */
interface Handle<Event, Outcome> extends AsyncIterable<Event> {
  readonly result: Promise<Outcome>
}

interface Words<Event, Outcome> {
  readonly event: (event: Event) => FromEngine
  readonly ended: (outcome: Outcome) => FromEngine
}

/**
 * Begins something and sends out what it says: event by event, then its outcome, or why there is none. While it goes on
 * it is in `handles`, where what is asked of it finds it.
 */
export async function relay<Event, Outcome, H>(
  id: number,
  begin: () => H & Handle<Event, Outcome>,
  {
    handles,
    say,
    send,
  }: {
    readonly handles: Map<number, H>
    readonly say: Words<Event, Outcome>
    readonly send: (message: FromEngine) => void
  },
): Promise<void> {
  try {
    const handle = begin()
    handles.set(id, handle)
    for await (const event of handle) send(say.event(event))
    send(say.ended(await handle.result))
  } catch (error) {
    send({ kind: 'refused', id, report: toErrorReport(error) })
  } finally {
    handles.delete(id)
  }
}
