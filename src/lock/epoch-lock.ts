import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'
import { holdLock } from './held-lock.ts'
import { createHolderJudge, type Verdict } from './judge-holder.ts'
import type { LockLook, LockPlace } from './lock-place.ts'
import type { LockSubject } from './lock-name.ts'
import type { LockRecord } from './lock-record.ts'
import type { HeldLock, LockHolder, LockState, LockStore, Takeover } from './lock.ts'
import { lockedError } from './locked-error.ts'
import { failpoint } from '../platform/failpoint.ts'

interface LockOptions {
  readonly platform: Pick<Platform, 'clock' | 'host'>
  readonly place: LockPlace
  /** Named in errors. */
  readonly subject?: LockSubject
  /** How long a holder may be silent, on our monotonic clock, before a person may say that it is gone. */
  readonly ttlMs: number
  readonly heartbeatMs: number
}

interface Context extends LockOptions {
  readonly judge: (holder: LockRecord, beat: string) => Promise<Verdict>
}

/**
 * The holder is whoever created the newest epoch and has not given it back. Nobody ever removes another's lock: a dead
 * one is overtaken by creating the next epoch, which exactly one contender can.
 */
export function createLockStore(options: LockOptions): LockStore {
  const { clock, host } = options.platform
  const context: Context = { ...options, judge: createHolderJudge({ clock, host, ttlMs: options.ttlMs }) }
  return {
    status: async () => (await readStatus(context)).state,
    acquire: (request) => acquire(context, request),
    break: (epoch, request) => breakLock(context, epoch, request),
  }
}

const STATES = { alive: 'held', silent: 'silent', dead: 'dead' } as const satisfies Record<Verdict, LockState['state']>

interface Status {
  readonly state: LockState
  readonly look: LockLook
}

async function readStatus({ place, judge }: Context): Promise<Status> {
  const look = await place.look()
  const { epoch, isReleased } = look
  if (epoch === 0 || isReleased) return { state: { state: 'free', epoch }, look }
  const { record, beat, lastBeat } = await look.readClaim()
  const { pidSpace: _, broke: __, ...holder } = record
  const state = STATES[await judge(record, beat)]
  return { state: { state, epoch, holder: { ...holder, lastBeat } }, look }
}

async function acquire(context: Context, request: Parameters<LockStore['acquire']>[0]): Promise<HeldLock> {
  const { place, platform, heartbeatMs } = context
  for (;;) {
    const status = await readStatus(context)
    const { state } = status
    if (state.state === 'held' || state.state === 'silent') throw lockedError(state, context)
    const record = await makeRecord(context, { epoch: state.epoch + 1, ...request })
    failpoint('lock:judged')
    const isOurs = await place.claim(record)
    failpoint('lock:claimed')
    // A contender that slept since it judged may have created an epoch that others have long left behind.
    if (isOurs && (await place.look()).epoch === record.epoch) {
      return holdLock({ clock: platform.clock, place, record, heartbeatMs, takeover: () => takeoverOf(status) })
    }
  }
}

async function takeoverOf({ state, look }: Status): Promise<Takeover | null> {
  if (state.state !== 'free') return { from: fromOf(state.holder), why: 'its process is gone', mayWake: false }
  if (state.epoch === 0) return null
  return (await look.readClaim()).record.broke ?? null
}

function fromOf({ epoch, who, host, pid, since, lastBeat }: LockHolder): Takeover['from'] {
  return { epoch, who, host, pid, since, lastBeat }
}

async function breakLock(context: Context, epoch: number, request: Parameters<LockStore['break']>[1]): Promise<void> {
  const { state } = await readStatus(context)
  if (state.state === 'free') {
    throw new BagboyError('USAGE', `lock ${epoch} is not held by anybody`, { hint: 'See it: bagboy-tui lock status' })
  }
  if (state.epoch !== epoch) throw lockedError(state, context)
  const { who, reason } = request
  const claim = { epoch: epoch + 1, who, run: state.holder.run, purpose: `broke lock ${epoch}: ${reason}` }
  const broke = { from: fromOf(state.holder), why: `broken by ${who}: ${reason}`, mayWake: true }
  const record = { ...(await makeRecord(context, claim)), broke }
  if (!(await context.place.claim(record))) return await breakLock(context, epoch, request)
  await context.place.writeRelease(record.epoch, context.platform.clock.now())
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
