/** Who holds the lock of an environment, as written into `.bagboy/locks/<epoch>.json`. */
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
  /** `dead`: the holder is provably gone (same host) or has not beaten for the ttl. */
  | { readonly state: 'held' | 'dead'; readonly epoch: number; readonly holder: LockHolder }

/** A held lock. The epoch is the fencing token. */
export interface HeldLock {
  readonly epoch: number
  /** Asked before every effect. @throws LOCK_LOST when a newer epoch exists. */
  assertHeld(): Promise<void>
  release(): Promise<void>
}

export interface LockStore {
  status(): Promise<LockState>
  /** Takes a free lock, or one whose holder is provably dead. @throws LOCKED with who holds it since when. */
  acquire(request: { readonly run: string; readonly purpose: string; readonly who: string }): Promise<HeldLock>
  /** Declares the holder of `epoch` gone by creating the next epoch; a live holder is fenced, not trusted. */
  break(epoch: number, request: { readonly who: string; readonly reason: string }): Promise<void>
}
