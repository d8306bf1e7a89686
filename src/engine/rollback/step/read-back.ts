import type { Json } from '../../../domain/text/json.ts'
import { READS_REQUIRED, CONFIRMING_READS } from '../../../domain/plan.ts'
import { BagboyError, toErrorReport, type ErrorReport } from '../../../errors/bagboy-error.ts'
import { inspectOne } from '../../../planner/inspect-all.ts'
import type { BoundRegistry } from '../../../planner/bind-registries.ts'
import type { Snapshot, Subject } from '../../../registries/driver.ts'
import { comparePointer, type PointerState } from './pointer-state.ts'
import { pauseFor, readPauseMs } from '../reads/confirm.ts'
import { isRetryable, retryAfterMs } from './retry.ts'
import type { RunContext } from '../run/run-context.ts'

/** First wait between reads that do not agree yet; doubles up to the last one. */
const FIRST_WAIT_MS = 100
const LAST_WAIT_MS = 5000

export type ReadBack =
  | {
      readonly state: 'proved'
      readonly pointer: Json
      readonly serving: string | null
      readonly revision: string | null
      readonly readCount: number
    }
  | {
      readonly state: Exclude<PointerState, 'want'>
      readonly pointer: Json
      readonly serving: string | null
      /** Reads alternated until the time was over: the state is unknown. */
      readonly isUnsteady: boolean
      /** What users get instead of what is written down; empty when nothing is known of that. */
      readonly notAppliedNote: string
    }
  | { readonly state: 'unreadable'; readonly error: ErrorReport }

/** The step's time was over before it was read. */
const UNREAD: ReadBack = {
  state: 'unreadable',
  error: toErrorReport(new BagboyError('REGISTRY_TIMEOUT', 'no time of the step was left to read it back')),
}

/**
 * How the write was answered, which only decides how long to look. `well`: it is waited for, and a few reads prove it.
 * `refused`: a few reads say that it is not there. `unknown`: no answer, or no write at all: the same state has to be
 * read over the whole settle window.
 */
export type WriteAnswer = 'well' | 'refused' | 'unknown'

export interface ReadBackRequest {
  readonly subject: Subject
  readonly registry: BoundRegistry
  readonly before: Json
  readonly want: Json
  readonly answer: WriteAnswer
  readonly signal: AbortSignal
  readonly onAgreement: (readCount: number) => Promise<void>
}

/** Reads that said the same, one after the other. */
interface Streak {
  readonly state: PointerState | 'unreadable'
  readonly count: number
  readonly wasWanted: boolean
  /** `want` was read, and then something else. */
  readonly isUnsteady: boolean
}

/**
 * Reads the pointer until it has been seen at `want` in {@link READS_REQUIRED} reads running, or is seen to be elsewhere.
 * A registry that has shown `want` and then something else has to show it over the whole settle window.
 */
export async function readBack(context: RunContext, request: ReadBackRequest): Promise<ReadBack> {
  const { answer, signal } = request
  const { clock } = context.platform
  let streak: Streak = { state: 'unreadable', count: 0, wasWanted: false, isUnsteady: false }
  let [last, readCount, waitMs] = [UNREAD, 0, FIRST_WAIT_MS]

  while (!signal.aborted) {
    const inspection = await inspectOne(request.subject, request.registry, context.contextFor, signal)
    const { snapshot, error } = inspection
    readCount += 1
    streak = continueStreak(streak, snapshot ? stateOf(snapshot, request) : 'unreadable')
    if (streak.state === 'want') await request.onAgreement(streak.count)
    if (snapshot && isProved(streak, answer)) {
      const { pointer, serving, revision } = snapshot
      return { state: 'proved', pointer, serving, revision, readCount }
    }
    last = error ? { state: 'unreadable', error } : elsewhere(streak, snapshot)
    if (isDecided(streak, { answer, error })) return last
    const isFast = snapshot !== null && (streak.state === 'want' || answer === 'unknown')
    await pauseFor(clock, isFast ? fastPauseMs(context, streak, answer) : pauseMs(waitMs, error), signal)
    if (!isFast) waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)
  }
  return last
}

function continueStreak(last: Streak, state: Streak['state']): Streak {
  const isUnsteady = last.isUnsteady || (last.wasWanted && state !== 'want' && state !== 'unreadable')
  const wasWanted = last.wasWanted || state === 'want'
  const count = last.state === state ? last.count + 1 : 1
  return { state, count, wasWanted, isUnsteady }
}

function isProved(streak: Streak, answer: WriteAnswer): boolean {
  if (streak.state !== 'want') return false
  return isQuick(streak, answer) ? streak.count >= READS_REQUIRED : hasSettled(streak)
}

function isQuick({ isUnsteady }: Streak, answer: WriteAnswer): boolean {
  return answer === 'well' && !isUnsteady
}

/** Reads that prove a write that was answered well follow each other at once. */
function fastPauseMs({ config }: RunContext, streak: Streak, answer: WriteAnswer): number {
  return isQuick(streak, answer) ? 0 : readPauseMs(config.rollback.settleWindowMs)
}

function pauseMs(waitMs: number, error: ErrorReport | null): number {
  return Math.max(waitMs, error ? retryAfterMs(error) : 0)
}

/** The pauses between such reads make up the settle window. */
function hasSettled({ count }: Streak): boolean {
  return count >= CONFIRMING_READS
}

interface Deciding {
  readonly answer: WriteAnswer
  readonly error: ErrorReport | null
}

/** Whether it is known by now that the write is not there. */
function isDecided(streak: Streak, { answer, error }: Deciding): boolean {
  const { state, count } = streak
  if (count < READS_REQUIRED || state === 'want') return false
  if (state === 'other') return true
  if (error) return answer !== 'well' || !isRetryable(error)
  return answer === 'refused' || (answer === 'unknown' && hasSettled(streak))
}

/** A pointer that is only written down is on its way. */
function stateOf({ pointer, isApplied }: Snapshot, { before, want, registry }: ReadBackRequest): PointerState {
  const state = comparePointer(pointer, before, want, registry.driver)
  return state === 'want' && isApplied === false ? 'between' : state
}

/** A read that agrees, but not often enough, does not make good that others did not. */
function elsewhere({ state, isUnsteady }: Streak, { pointer, serving, notAppliedNote = '' }: Snapshot): ReadBack {
  const seen = { pointer, serving, notAppliedNote }
  if (state === 'want') return { ...seen, state: 'between', isUnsteady: true }
  return { ...seen, state: state === 'unreadable' ? 'other' : state, isUnsteady }
}
