import type { Clock } from '../platform/platform.ts'
import type { JournalRecord } from './journal.ts'
import type { JournalLine } from './journal-line.ts'

/** Between two reads, ms: storage that machines share sends no notice of changes. */
const LOOK_MS = 150

export interface FollowedRun<Event extends JournalRecord> {
  /** Changes whenever there may be something new. */
  stamp(): Promise<string>
  read(): Promise<{ readonly lines: readonly JournalLine<Event>[]; readonly isOpen: boolean }>
}

/** Every record, then each that is appended, until the run is closed or `signal` aborts. */
export async function* followJournal<Event extends JournalRecord>(
  run: FollowedRun<Event>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  let known: readonly JournalLine<Event>[] = []
  let stamp = ''
  while (!signal.aborted) {
    const newest = await run.stamp()
    if (newest !== stamp) {
      stamp = newest
      const { lines, isOpen } = await run.read()
      const isSame = (line: JournalLine<Event>, index: number) => line.hash === known[index]?.hash
      const firstNew = lines.findIndex((line, index) => !isSame(line, index))
      if (firstNew !== -1) {
        for (const { event } of lines.slice(firstNew)) yield event
        known = lines
      }
      if (!isOpen) return
    }
    await clock.sleep(LOOK_MS, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}
