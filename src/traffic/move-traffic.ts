import { READS_REQUIRED } from '../domain/plan.ts'
import { sameSplit, splitText, type TrafficSplit } from '../domain/traffic/traffic.ts'
import { BagboyError, toErrorReport, type ErrorReport } from '../errors/bagboy-error.ts'
import { conflict } from './define-provider.ts'
import type { AnyTrafficProvider, TrafficContext, TrafficSnapshot } from './provider.ts'

/** First wait between reads that do not agree yet; doubles up to the last one. */
const FIRST_WAIT_MS = 10
const LAST_WAIT_MS = 500
/** What may be over with the next read. */
const PASSING: ReadonlySet<string> = new Set(['REGISTRY_UNREACHABLE', 'REGISTRY_TIMEOUT', 'REGISTRY_BROKEN'])

export interface MoveRequest {
  readonly split: TrafficSplit
  /** The revision the decision was made on; `null` = any. */
  readonly ifMatch: string | null
  /** How long the provider may take until it does what was written. */
  readonly proveWithinMs: number
}

export interface MoveOutcome {
  /** `already`: it was so before we came, and nothing was written. */
  readonly status: 'moved' | 'already'
  readonly before: TrafficSnapshot
  /** The last of the reads that prove it. */
  readonly after: TrafficSnapshot
  /** What the write was answered with although the split is there. */
  readonly error: ErrorReport | null
}

/**
 * Moves traffic to a split and proves it: regardless of the answer to the write, only {@link READS_REQUIRED} agreeing
 * reads of a provider that has settled decide.
 * @throws REGISTRY_CONFLICT when it was changed from outside before or meanwhile, READBACK_DISAGREES when the write was
 * taken and is not done in time or was refused half-way, and what the write threw when it was not done
 */
export async function moveTraffic(
  provider: AnyTrafficProvider,
  { split, ifMatch, proveWithinMs }: MoveRequest,
  context: TrafficContext<unknown>,
): Promise<MoveOutcome> {
  const before = await provider.read(context)
  const isThere = before.isApplied && sameSplit(before.split, split)
  if (!isThere && ifMatch !== null && ifMatch !== before.revision) throw conflict(provider.title, before.split)
  const thrown = await write(provider, split, before.revision, context)
  const after = await prove(provider, { split, before, thrown, proveWithinMs }, context)
  const error = thrown === undefined ? null : toErrorReport(thrown)
  return { status: isThere ? 'already' : 'moved', before, after, error }
}

/** The error of the write, for later: only a read shows whether it took effect. */
async function write(
  provider: AnyTrafficProvider,
  split: TrafficSplit,
  revision: string,
  context: TrafficContext<unknown>,
): Promise<BagboyError | undefined> {
  try {
    await provider.write(split, revision, context)
    return undefined
  } catch (error) {
    if (context.signal.aborted || !(error instanceof BagboyError) || isOurs(error)) throw error
    return error
  }
}

/** Nothing was sent, and nothing the provider says could change that. */
function isOurs({ code }: BagboyError): boolean {
  return code.startsWith('LOCK_') || code === 'PLAN_INVALID' || code === 'CONFIG_INVALID'
}

interface Expectation {
  readonly split: TrafficSplit
  readonly before: TrafficSnapshot
  readonly thrown: BagboyError | undefined
  readonly proveWithinMs: number
}

async function prove(
  provider: AnyTrafficProvider,
  { split, before, thrown, proveWithinMs }: Expectation,
  context: TrafficContext<unknown>,
): Promise<TrafficSnapshot> {
  const { clock } = context.platform
  const endMs = clock.elapsedMs() + proveWithinMs
  let agreeing = 0
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LAST_WAIT_MS)) {
    const isLast = clock.elapsedMs() >= endMs
    const seen = await readAgain(provider, isLast, context)
    const isWanted = seen !== undefined && sameSplit(seen.split, split)
    agreeing = isWanted && seen.isApplied ? agreeing + 1 : 0
    if (seen && agreeing >= READS_REQUIRED) return seen
    if (agreeing > 0) continue
    if (seen?.isApplied) {
      if (thrown) throw unlessIntermediate(thrown, provider, { split, before, seen })
      if (!isWanted && !sameSplit(seen.split, before.split)) throw conflict(provider.title, seen.split)
    }
    if (isLast) throw thrown ?? notDone(provider, split, seen, proveWithinMs)
    await clock.sleep(waitMs, context.signal)
  }
}

interface Refused {
  readonly split: TrafficSplit
  readonly before: TrafficSnapshot
  readonly seen: TrafficSnapshot
}

/**
 * A provider that refused and has applied its configuration did not make the move, and will not; unless it gave up on
 * the way.
 */
function unlessIntermediate(
  thrown: BagboyError,
  { title }: AnyTrafficProvider,
  { split, before, seen }: Refused,
): BagboyError {
  if (thrown.code !== 'REGISTRY_REJECTED' || sameSplit(seen.split, before.split)) return thrown
  const [wanted, found] = [splitText(split), splitText(seen.split)]
  return new BagboyError(
    'READBACK_DISAGREES',
    `${title} refused the write and did part of it: wanted ${wanted}, read ${found} (${thrown.message})`,
    { hint: thrown.hint ?? 'Look at the log of the balancer.', details: { found: { ...seen.split } }, cause: thrown },
  )
}

/** `undefined` while it cannot be read and may yet be: some are away for as long as their own restart takes. */
async function readAgain(
  provider: AnyTrafficProvider,
  isLast: boolean,
  context: TrafficContext<unknown>,
): Promise<TrafficSnapshot | undefined> {
  try {
    return await provider.read(context)
  } catch (error) {
    if (isLast || !(error instanceof BagboyError) || !PASSING.has(error.code)) throw error
    return undefined
  }
}

function notDone(
  { title }: AnyTrafficProvider,
  split: TrafficSplit,
  seen: TrafficSnapshot | undefined,
  proveWithinMs: number,
): BagboyError {
  const found = seen?.split ?? { blue: 0, green: 0 }
  const state = seen?.isApplied ? `still ${splitText(found)}` : `${splitText(found)}, and not settled`
  return new BagboyError(
    'READBACK_DISAGREES',
    `${title} took the write and did not do it within ${proveWithinMs} ms: wanted ${splitText(split)}, read ${state}`,
    { hint: seen?.warnings[0] ?? 'Look at the log of the balancer.', details: { found: { ...found } } },
  )
}
