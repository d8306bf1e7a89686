import { untrusted } from '../domain/display.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { LockRecord } from './lock-record.ts'
import type { LockHolder } from './lock.ts'

export function lockedError(holder: LockHolder): BagboyError {
  return new BagboyError('LOCKED', `locked by ${describeClaim(holder)}, last beat ${untrusted(holder.lastBeat, 40)}`, {
    hint: `Wait for it, or, when you know that it is gone: bagboy-tui lock release ${holder.epoch}`,
    details: { ...holder },
  })
}

interface Loss {
  readonly epoch: number
  readonly newest: number
  readonly successor: LockRecord | undefined
  /** Why our beats had stopped, when they had. */
  readonly cause: BagboyError | undefined
}

export function lockLostError({ epoch, newest, successor, cause }: Loss): BagboyError {
  const taken = successor ? `: ${describeClaim(successor)}` : ''
  return new BagboyError('LOCK_LOST', `lock ${epoch} is no longer ours, the newest is ${newest}${taken}`, {
    hint: 'Nothing more is changed by this run. See who has it: bagboy-tui lock status',
    details: { epoch, newest },
    ...(cause === undefined ? {} : { cause }),
  })
}

/** All of it was written by another process, so all of it is foreign. */
function describeClaim(claim: Omit<LockRecord, 'pidSpace'>): string {
  const show = (text: string): string => untrusted(text, 200)
  return `${show(claim.who)} on ${show(claim.host)} (pid ${claim.pid}), run ${show(claim.run)}, ${show(claim.purpose)}, since ${show(claim.since)}`
}
