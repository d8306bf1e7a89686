import type { LockRecord } from './lock-record.ts'

/** Where claims of epochs are kept: a folder, a git remote. Each call sees what others did before it. */
export interface LockPlace {
  /** The newest epoch, 0 when there was never one, and whether its holder gave it back. */
  newest(): Promise<{ readonly epoch: number; readonly isReleased: boolean }>
  readClaim(epoch: number): Promise<Claim>
  /** `false`: somebody else has this epoch. */
  claim(record: LockRecord): Promise<boolean>
  /** Again: nothing happens. */
  writeRelease(epoch: number, at: string): Promise<void>
  writeBeat(record: LockRecord, at: string): Promise<void>
}

export interface Claim {
  readonly record: LockRecord
  /** Differs after every sign of life; says nothing by itself. */
  readonly beat: string
  /** The holder's own clock; of the claim itself when there was no beat yet. */
  readonly lastBeat: string
}
