import { sameSplit } from '../../domain/traffic/traffic.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { DeployContext } from './deploy-context.ts'
import { hearCommands } from './recovery/hear-commands.ts'
import { askAboutChange, observe } from './traffic/observe.ts'
import { trafficContext } from './traffic/traffic-access.ts'

/** Between two reads of the commands, ms. */
const COMMAND_LOOK_MS = 200
/** Between two reads of the balancer, ms. */
const TRAFFIC_LOOK_MS = 2000
/** Between two reads of the clock, ms: a timer stands still while its machine is asleep, a deadline does not. */
const DEADLINE_LOOK_MS = 1000

/**
 * Waits for a deadline, RFC 3339, or without one for ever; a command, or a change of the traffic from outside, ends it.
 */
export async function waitUntil(context: DeployContext, until: string | null): Promise<void> {
  const { clock } = context.parts.platform
  const leftMs = () => (until === null ? DEADLINE_LOOK_MS : Date.parse(until) - Date.parse(clock.now()))
  await supervise(context, 'any-command', async (signal) => {
    for (let ms = leftMs(); ms > 0; ms = leftMs()) await clock.sleep(Math.min(ms, DEADLINE_LOOK_MS), signal)
  })
}

/**
 * Does its work while commands are read and the balancer is observed. Either may interrupt the work: the reason is then
 * in the journal.
 * @returns `undefined` when it was interrupted
 */
export async function supervise<T>(
  context: DeployContext,
  breaksOff: 'any-command' | 'abort',
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, over.signal])
  let isBrokenOff = false
  const breakOff = (): void => {
    isBrokenOff = true
    over.abort(new BagboyError('ABORTED', 'something else has to be done first'))
  }
  const looking = look(context, breaksOff, signal, breakOff).catch((error: unknown) => {
    if (signal.aborted) return undefined
    over.abort(error)
    return { error }
  })
  const done = await settle(work(signal))
  over.abort(new BagboyError('ABORTED', 'it is done'))
  const failure = (await looking) ?? (isBrokenOff ? undefined : done.failure)
  if (failure) throw failure.error
  return done.value
}

/** What it gave or threw; the other stays undefined. */
async function settle<T>(
  work: Promise<T>,
): Promise<{ readonly value?: T; readonly failure?: { readonly error: unknown } }> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ failure: { error } }),
  )
}

async function look(
  context: DeployContext,
  breaksOff: 'any-command' | 'abort',
  signal: AbortSignal,
  breakOff: () => void,
): Promise<void> {
  const { lock, parts } = context
  const { clock } = parts.platform
  let trafficAtMs = clock.elapsedMs() + TRAFFIC_LOOK_MS
  for (;;) {
    const loss = lock.loss()
    if (loss) throw loss
    const obeyed = await hearCommands(context)
    if (obeyed.includes('abort') || (breaksOff === 'any-command' && obeyed.length > 0)) return breakOff()
    if (clock.elapsedMs() >= trafficAtMs) {
      if (await hasChanged(context, signal)) return breakOff()
      trafficAtMs = clock.elapsedMs() + TRAFFIC_LOOK_MS
    }
    await clock.sleep(COMMAND_LOOK_MS, signal)
  }
}

/** Whether the traffic was moved from outside; then that is recorded, and a person is asked. */
async function hasChanged(context: DeployContext, signal: AbortSignal): Promise<boolean> {
  const { recorder, traffic, parts } = context
  const { expected, owed, foreign, direction } = recorder.view
  if (owed || foreign || direction === 'back') return false
  const snapshot = await traffic.provider.read(trafficContext(parts, traffic, signal)).catch((error: unknown) => {
    // The next writer finds out whether it is still unreachable.
    if (!(error instanceof BagboyError) || signal.aborted) throw error
    return undefined
  })
  // What was written meanwhile is newer than this read.
  if (!snapshot || recorder.view.owed || recorder.view.foreign || recorder.view.expected !== expected) return false
  await observe(context, snapshot)
  if (sameSplit(snapshot.split, expected)) return false
  await askAboutChange(context, snapshot.split)
  return true
}
