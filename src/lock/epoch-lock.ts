import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'
import { holdLock } from './held-lock.ts'
import { createHolderJudge, type Verdict } from './judge-holder.ts'
import { openLockFolder, type LockFolder } from './lock-folder.ts'
import type { LockRecord } from './lock-record.ts'
import type { HeldLock, LockState, LockStore } from './lock.ts'
import { lockedError } from './locked-error.ts'

interface LockOptions {
  readonly platform: Pick<Platform, 'clock' | 'files' | 'host'>
  /** `.bagboy/locks`, absolute. */
  readonly folder: string
  /** How long a holder on another machine may be silent, on our monotonic clock, before it counts as dead. */
  readonly ttlMs: number
  readonly heartbeatMs: number
}

interface Context extends LockOptions {
  readonly lock: LockFolder
  readonly judge: (holder: LockRecord, beat: string) => Promise<Verdict>
}

interface Status {
  readonly state: LockState
  /** A silent holder is shown as dead, and left to a person all the same. */
  readonly canTake: boolean
}

/**
 * The holder is whoever created the newest epoch and has not given it back. Nobody ever removes another's lock: a dead
 * one is overtaken by creating the next epoch, which exactly one contender can.
 */
export function createLockStore(options: LockOptions): LockStore {
  const { clock, host, files } = options.platform
  const context: Context = {
    ...options,
    lock: openLockFolder(files, options.folder),
    judge: createHolderJudge({ clock, host, ttlMs: options.ttlMs }),
  }
  return {
    status: async () => (await readStatus(context)).state,
    acquire: (request) => acquire(context, request),
    break: (epoch, request) => breakLock(context, epoch, request),
  }
}

async function readStatus({ lock, judge }: Context): Promise<Status> {
  const { epoch, isReleased } = await lock.newest()
  if (epoch === 0 || isReleased) return { state: { state: 'free', epoch }, canTake: true }
  const [record, beat] = [await lock.readHolder(epoch), await lock.readBeat(epoch)]
  const verdict = await judge(record, beat)
  const { pidSpace: _, ...claim } = record
  const holder = { ...claim, lastBeat: beat === '' ? record.since : beat }
  return {
    state: { state: verdict === 'alive' ? 'held' : 'dead', epoch, holder },
    canTake: verdict === 'dead',
  }
}

async function acquire(context: Context, request: Parameters<LockStore['acquire']>[0]): Promise<HeldLock> {
  const { lock, platform, heartbeatMs } = context
  for (;;) {
    const { state, canTake } = await readStatus(context)
    if (state.state !== 'free' && !canTake) throw lockedError(state.holder)
    const epoch = state.epoch + 1
    const isOurs = await lock.claim(await makeRecord(context, { epoch, ...request }))
    // A contender that slept since it judged may have created an epoch that others have long left behind.
    if (isOurs && (await lock.newest()).epoch === epoch) {
      return holdLock({ clock: platform.clock, lock, epoch, heartbeatMs })
    }
  }
}

async function breakLock(context: Context, epoch: number, request: Parameters<LockStore['break']>[1]): Promise<void> {
  const { state } = await readStatus(context)
  if (state.state === 'free') {
    throw new BagboyError('USAGE', `lock ${epoch} is not held by anybody`, { hint: 'See it: bagboy-tui lock status' })
  }
  if (state.epoch !== epoch) throw lockedError(state.holder)
  const purpose = `broke lock ${epoch}: ${request.reason}`
  const record = await makeRecord(context, { epoch: epoch + 1, who: request.who, run: state.holder.run, purpose })
  if (!(await context.lock.claim(record))) return await breakLock(context, epoch, request)
  await context.lock.writeRelease(record.epoch, context.platform.clock.now())
}

async function makeRecord(
  { platform: { host, clock } }: Context,
  claim: Pick<LockRecord, 'epoch' | 'who' | 'run' | 'purpose'>,
): Promise<LockRecord> {
  return {
    epoch: claim.epoch,
    who: claim.who,
    host: host.name,
    pid: host.pid,
    processStart: (await host.processStart(host.pid)) ?? '',
    bootId: host.bootId,
    pidSpace: host.pidSpace ?? '',
    run: claim.run,
    purpose: claim.purpose,
    since: clock.now(),
  }
}
