import { BagboyError } from '../../../errors/bagboy-error.ts'
import { createEventStream, type EventStream } from '../../../events/event-stream.ts'
import { projectRun, type RunView } from '../../../events/project-run.ts'
import type { LockState } from '../../../lock/lock.ts'
import type { RunHandle, RunOutcome } from '../../engine.ts'
import type { EngineParts } from '../../engine-parts.ts'

/** Between two looks at whether anybody still works on the run, ms. */
const LOOK_MS = 1000

/** A run of somebody else, from its journal. Nothing is written, and no lock is taken. */
export function followRun(parts: EngineParts, run: string): RunHandle {
  const watching = new AbortController()
  const stream = createEventStream()
  const result = watch(parts, run, stream, watching.signal).finally(() => {
    watching.abort()
    stream.end()
  })
  // The caller may await the events first; a refusal must not count as unhandled until then.
  result.catch(() => undefined)
  return {
    runId: run,
    result,
    abort: (reason) => watching.abort(new BagboyError('ABORTED', `The run ${run} is no longer watched: ${reason}`)),
    pause: () => undefined,
    unpause: () => undefined,
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
  }
}

async function watch(parts: EngineParts, run: string, stream: EventStream, signal: AbortSignal): Promise<RunOutcome> {
  const ended = readToEnd(parts, run, stream, signal)
  const abandoned = waitUntilAbandoned(parts, run, signal)
  // Whichever of the two is not needed any more ends with the watching, and has nothing to say then.
  abandoned.catch(() => undefined)
  ended.catch(() => undefined)
  return await Promise.race([ended, abandoned])
}

async function readToEnd(
  { journals }: EngineParts,
  run: string,
  stream: EventStream,
  signal: AbortSignal,
): Promise<RunOutcome> {
  let view: RunView | undefined
  for await (const event of journals.follow(run, signal)) {
    view = projectRun(view, event)
    stream.push(event)
    if (event.type !== 'run.finished' || !view) continue
    // Somebody may have resumed it since; then the end of a part is not the end.
    if ((await journals.read(run)).length === event.seq) return outcomeOf(view)
  }
  signal.throwIfAborted()
  if (view) return outcomeOf(view)
  throw new BagboyError('RUN_UNKNOWN', `The run ${run} has no records: it never did anything.`)
}

function outcomeOf(view: RunView): RunOutcome {
  return { runId: view.id, result: view.result ?? 'failed', exitCode: view.exitCode ?? 1, view }
}

/** @throws RUN_ABANDONED when the lock is nobody's who works on this run, and the journal ends in the middle */
async function waitUntilAbandoned(parts: EngineParts, run: string, signal: AbortSignal): Promise<never> {
  const { journals, platform } = parts
  const lookMs = lockLookMs(parts)
  for (;;) {
    await platform.clock.sleep(lookMs, signal)
    const before = await journals.read(run)
    if (await isWorkedOn(parts, run)) continue
    const after = await journals.read(run)
    if (after.length !== before.length || after.at(-1)?.type === 'run.finished') continue
    throw new BagboyError('RUN_ABANDONED', `Nobody works on run ${run} any more, and it has not ended.`, {
      hint: `Go on with it: bagboy-tui runs resume ${run}`,
    })
  }
}

/** Between two looks at the lock, ms: a remote is asked as rarely as the holder gives a sign of life. */
export function lockLookMs({ config }: Pick<EngineParts, 'config'>): number {
  return config.lock.git ? Math.max(LOOK_MS, config.lock.heartbeatMs) : LOOK_MS
}

/** Whether the lock is somebody's who works on it; what cannot be known now counts as if it were. */
export async function isWorkedOn(parts: Pick<EngineParts, 'lock'>, run: string): Promise<boolean> {
  return (await workerOn(parts, run)) !== 'nobody'
}

type HeldState = Exclude<LockState, { readonly state: 'free' }>

/** Who has the lock and works on the run, however long they have been silent. */
export async function workerOn(
  { lock }: Pick<EngineParts, 'lock'>,
  run: string,
): Promise<HeldState | 'nobody' | 'unknown'> {
  const status = await lock.status().catch((error: unknown) => {
    // What cannot be known now is asked again; the records of the run come another way.
    if (!(error instanceof BagboyError) || error.code !== 'LOCK_UNREACHABLE') throw error
    return undefined
  })
  if (!status) return 'unknown'
  return status.state !== 'free' && status.state !== 'dead' && status.holder.run === run ? status : 'nobody'
}
