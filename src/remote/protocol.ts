import type { Answer, Question } from '../approval/ask.ts'
import type { Engine } from '../engine/engine.ts'
import type { WatchCommand } from '../engine/watch/watch.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'

/** What crosses between the app and the engine's thread: calls and their answers, events, questions. Nothing else does. */

/** Methods that begin or follow a run, a deploy or a watch. */
export type StartMethod =
  | 'run'
  | 'resume'
  | 'undo'
  | 'follow'
  | 'attach'
  | 'deploy'
  | 'resumeDeploy'
  | 'followDeploy'
  | 'watch'
/** Methods that answer once. */
export type CallMethod = Exclude<keyof Engine, StartMethod>

export type ToEngine =
  | { readonly kind: 'call'; readonly id: number; readonly method: CallMethod; readonly args: readonly unknown[] }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'start'; readonly id: number; readonly method: StartMethod; readonly args: readonly unknown[] }
  | { readonly kind: 'control'; readonly id: number; readonly command: 'pause' | 'unpause' }
  | { readonly kind: 'watch-command'; readonly id: number; readonly command: WatchCommand }
  | { readonly kind: 'stop'; readonly id: number; readonly reason: string }
  | { readonly kind: 'answer'; readonly question: number; readonly answer: Answer }

export type FromEngine =
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly report: ErrorReport }
  | { readonly kind: 'event'; readonly id: number; readonly event: object }
  | { readonly kind: 'ended'; readonly id: number; readonly outcome: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly report: ErrorReport }
  | { readonly kind: 'question'; readonly id: number; readonly question: number; readonly ask: Question }

/** The part of a MessagePort or Worker that is used. */
export interface Port {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}
