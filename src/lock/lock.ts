import type { BagboyError } from '../errors/bagboy-error.ts'

/** Who holds the lock of an environment, as it says of itself. */
export interface LockHolder {
  readonly epoch: number
  readonly who: string
  readonly host: string
  readonly pid: number
  readonly processStart: string
  readonly bootId: string
  readonly run: string
  readonly purpose: string
  readonly since: string
  readonly lastBeat: string
}

export type LockState =
  | { readonly state: 'free'; readonly epoch: number }
  /**
   * `dead`: the holder is provably gone. `silent`: it may still live, elsewhere or stopped, and has given no sign for
   * the ttl; that it will not go on only a person can know.
   */
  | { readonly state: 'held' | 'silent' | 'dead'; readonly epoch: number; readonly holder: LockHolder }

/** A lock that was taken although its holder had not given it back. */
export interface Takeover {
  readonly from: Pick<LockHolder, 'epoch' | 'who' | 'host' | 'pid' | 'since' | 'lastBeat'>
  /** How it is known that the holder does not go on: `its process is gone`, or who broke the lock and why. */
  readonly why: string
  /** A person declared it gone; that is not proved, and it may go on. */
  readonly mayWake: boolean
}

/** A held lock. The epoch is the fencing token. */
export interface HeldLock {
  readonly epoch: number
  /** Asked before every effect. @throws LOCK_LOST when a newer epoch exists. */
  assertHeld(): Promise<void>
  /** What `assertHeld` would throw, as far as that is known without asking: from then on nothing more is written. */
  loss(): BagboyError | undefined
  /** From whom it was taken; `null` when it was free. */
  takeover(): Promise<Takeover | null>
  release(): Promise<void>
}

export interface LockStore {
  status(): Promise<LockState>
  /** Takes a free lock, or one whose holder is provably dead. @throws LOCKED with who holds it since when. */
  acquire(request: { readonly run: string; readonly purpose: string; readonly who: string }): Promise<HeldLock>
  /** Declares the holder of `epoch` gone by creating the next epoch; a live holder is fenced, not trusted. */
  break(epoch: number, request: { readonly who: string; readonly reason: string }): Promise<void>
}
