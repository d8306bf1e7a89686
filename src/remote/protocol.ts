import type { Answer, Question } from '../approval/ask.ts'
import type { Engine, RunOutcome } from '../engine/engine.ts'
import type { DeployOutcome } from '../engine/deploy/deploy.ts'
import type { WatchCommand, WatchOutcome } from '../engine/watch/watch.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { StampedDeploy } from '../events/deploy-events.ts'
import type { Stamped } from '../events/events.ts'
import type { StampedWatch } from '../events/watch-events.ts'

/** What crosses between the app and the engine's thread: calls and their answers, events, questions. Nothing else does. */

/** Methods that answer once. */
export type CallMethod = Exclude<keyof Engine, RunMethod | DeployMethod | 'watch'>
/** Methods that give a run: one that is started, or one that is watched. */
export type RunMethod = 'run' | 'resume' | 'undo' | 'follow'
/** Methods that give a deploy. */
export type DeployMethod = 'deploy' | 'resumeDeploy' | 'followDeploy'

export type ToEngine =
  | { readonly kind: 'call'; readonly id: number; readonly method: CallMethod; readonly args: readonly unknown[] }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'run'; readonly id: number; readonly method: RunMethod; readonly args: readonly unknown[] }
  | { readonly kind: 'control'; readonly id: number; readonly command: 'pause' | 'unpause' }
  | { readonly kind: 'watch'; readonly id: number; readonly args: readonly unknown[] }
  | { readonly kind: 'watch-command'; readonly id: number; readonly command: WatchCommand }
  | { readonly kind: 'deploy'; readonly id: number; readonly method: DeployMethod; readonly args: readonly unknown[] }
  | { readonly kind: 'abort'; readonly id: number; readonly reason: string }
  | { readonly kind: 'answer'; readonly question: number; readonly answer: Answer }

export type FromEngine =
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly report: ErrorReport }
  | { readonly kind: 'event'; readonly id: number; readonly event: Stamped }
  | { readonly kind: 'ended'; readonly id: number; readonly outcome: RunOutcome }
  | { readonly kind: 'refused'; readonly id: number; readonly report: ErrorReport }
  | { readonly kind: 'watched'; readonly id: number; readonly event: StampedWatch }
  | { readonly kind: 'watch-ended'; readonly id: number; readonly outcome: WatchOutcome }
  | { readonly kind: 'deployed'; readonly id: number; readonly event: StampedDeploy }
  | { readonly kind: 'deploy-ended'; readonly id: number; readonly outcome: DeployOutcome }
  | { readonly kind: 'question'; readonly id: number; readonly question: number; readonly ask: Question }

/** The part of a MessagePort or Worker that is used. */
export interface Port {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}
