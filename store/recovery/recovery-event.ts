import type { RecoveryReport } from '../../src/engine/engine.ts'

export type RecoveryEvent =
  /** Another run's report is not this one's. */
  | { readonly type: 'recovery.opened'; readonly run: string }
  | { readonly type: 'recovery.read'; readonly recovery: RecoveryReport; readonly now: string }
