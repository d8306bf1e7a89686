import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'
import { holdLock } from './held-lock.ts'
import { createHolderJudge, type Verdict } from './judge-holder.ts'
import type { LockObservation, LockStorage } from './lock-storage.ts'
import type { LockSubject } from './lock-name.ts'
import type { LockRecord } from './lock-record.ts'
import type { HeldLock, LockHolder, LockState, LockStore, Takeover } from './lock.ts'
import { lockedError } from './locked-error.ts'
import { failpoint } from '../platform/failpoint.ts'

interface LockOptions {
  readonly platform: Pick<Platform, 'clock' | 'host'>
  readonly storage: LockStorage
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
 * The holder is the creator of the newest epoch that is not released. No process removes the lock of another: a dead
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
  readonly observation: LockObservation
}

async function readStatus({ storage, judge }: Context): Promise<Status> {
  const observation = await storage.observe()
  const { epoch, isReleased } = observation
  if (epoch === 0 || isReleased) return { state: { state: 'free', epoch }, observation }
  const { record, beat, lastBeat } = await observation.readLease()
  const { pidSpace: _, broke: __, ...holder } = record
  const state = STATES[await judge(record, beat)]
  return { state: { state, epoch, holder: { ...holder, lastBeat } }, observation }
}

async function acquire(context: Context, request: Parameters<LockStore['acquire']>[0]): Promise<HeldLock> {
  const { storage, platform, heartbeatMs } = context
  for (;;) {
    const status = await readStatus(context)
    const { state } = status
    if (state.state === 'held' || state.state === 'silent') throw lockedError(state, context)
    const record = await makeRecord(context, { epoch: state.epoch + 1, ...request })
    failpoint('lock:judged')
    const isOurs = await storage.tryAcquire(record)
    failpoint('lock:claimed')
    // A contender that slept since it judged may have created an epoch that others have long left behind.
    if (isOurs && (await storage.observe()).epoch === record.epoch) {
      return holdLock({ clock: platform.clock, storage, record, heartbeatMs, takeover: () => takeoverOf(status) })
    }
  }
}

async function takeoverOf({ state, observation }: Status): Promise<Takeover | null> {
  if (state.state !== 'free') return { from: fromOf(state.holder), why: 'its process is gone', mayWake: false }
  if (state.epoch === 0) return null
  return (await observation.readLease()).record.broke ?? null
}

function fromOf({ epoch, who, host, pid, since, lastBeat }: LockHolder): Takeover['from'] {
  return { epoch, who, host, pid, since, lastBeat }
}

async function breakLock(context: Context, epoch: number, request: Parameters<LockStore['break']>[1]): Promise<void> {
  const { state } = await readStatus(context)
  if (state.state === 'free') {
    throw new BagboyError('USAGE', `lock ${epoch} is not held`, { hint: 'See it: bagboy-tui lock status' })
  }
  if (state.epoch !== epoch) throw lockedError(state, context)
  const { who, reason } = request
  const next = { epoch: epoch + 1, who, run: state.holder.run, purpose: `broke lock ${epoch}: ${reason}` }
  const broke = { from: fromOf(state.holder), why: `broken by ${who}: ${reason}`, mayWake: true }
  const record = { ...(await makeRecord(context, next)), broke }
  if (!(await context.storage.tryAcquire(record))) return await breakLock(context, epoch, request)
  await context.storage.writeRelease(record.epoch, context.platform.clock.now())
}

async function makeRecord(
  { platform: { host, clock } }: Context,
  request: Pick<LockRecord, 'epoch' | 'who' | 'run' | 'purpose'>,
): Promise<LockRecord> {
  return {
    epoch: request.epoch,
    who: request.who,
    host: host.name,
    pid: host.pid,
    processStart: (await host.processStart(host.pid)) ?? '',
    bootId: host.bootId,
    pidSpace: host.pidSpace ?? '',
    run: request.run,
    purpose: request.purpose,
    since: clock.now(),
  }
}
