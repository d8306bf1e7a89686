import type { LockRecord } from './lock-record.ts'

/** Where claims of epochs are kept: a folder, a git remote. Each call sees what others did before it. */
export interface LockStorage {
  /** What holders in it share: one folder with all that is in it, or nothing but the lock. */
  readonly span: 'folder' | 'machines'
  observe(): Promise<LockObservation>
  /** `false`: another process has this epoch. */
  tryAcquire(record: LockRecord): Promise<boolean>
  /** Again: nothing happens. */
  writeRelease(epoch: number, at: string): Promise<void>
  writeBeat(record: LockRecord, at: string): Promise<void>
}

export interface LockObservation {
  /** The newest one, 0 when there was never one. */
  readonly epoch: number
  /** Whether its holder gave it back. */
  readonly isReleased: boolean
  /** Of the newest epoch. */
  readLease(): Promise<Lease>
}

export interface Lease {
  readonly record: LockRecord
  /** Differs after every sign of life; says nothing by itself. */
  readonly beat: string
  /** The holder's own clock; of the claim itself when there was no beat yet. */
  readonly lastBeat: string
}
