import type { Json } from '../domain/json.ts'
import { READS_REQUIRED } from '../domain/plan.ts'
import { BagboyError, toErrorReport, type ErrorReport } from '../errors/bagboy-error.ts'
import type { StepView } from '../events/project-run.ts'
import { inspectOne } from '../planner/inspect-all.ts'
import type { BoundRegistry } from '../planner/bind-registries.ts'
import type { Snapshot } from '../registries/driver.ts'
import { comparePointer, type PointerState } from './pointer-state.ts'
import { isRetryable, retryAfterMs } from './retry.ts'
import { subjectOf, type RunContext } from './run-context.ts'

/** First wait between reads that do not agree yet; doubles up to the last one. */
const FIRST_WAIT_MS = 100
const LAST_WAIT_MS = 5000

export type ReadBack =
  | { readonly state: 'proved'; readonly pointer: Json; readonly revision: string | null; readonly readCount: number }
  | { readonly state: Exclude<PointerState, 'want'>; readonly pointer: Json }
  | { readonly state: 'unreadable'; readonly error: ErrorReport }

/** The step's time was over before anybody looked. */
const UNREAD: ReadBack = {
  state: 'unreadable',
  error: toErrorReport(new BagboyError('REGISTRY_TIMEOUT', 'no time of the step was left to read it back')),
}

export interface ReadBackRequest {
  readonly step: StepView
  readonly registry: BoundRegistry
  readonly before: Json
  readonly want: Json
  /** A write that was answered well is waited for; after an error two equal reads settle what is true. */
  readonly isPatient: boolean
  readonly signal: AbortSignal
  readonly onAgreement: (readCount: number) => Promise<void>
}

/** Reads the pointer until it has been seen at `want` in {@link READS_REQUIRED} reads running, or is seen to be elsewhere. */
export async function readBack(context: RunContext, request: ReadBackRequest): Promise<ReadBack> {
  const { step, registry, isPatient, signal } = request
  let agreeing = 0
  let readCount = 0
  let waitMs = FIRST_WAIT_MS
  let last = UNREAD
  let repeats = 0

  while (!signal.aborted) {
    const { snapshot, error } = await inspectOne(subjectOf(step), registry, context.contextFor, signal)
    readCount += 1
    const state = snapshot ? stateOf(snapshot, request) : 'unreadable'
    if (snapshot && state === 'want') {
      agreeing += 1
      await request.onAgreement(agreeing)
      if (agreeing >= READS_REQUIRED) {
        return { state: 'proved', pointer: snapshot.pointer, revision: snapshot.revision, readCount }
      }
      continue
    }
    agreeing = 0
    repeats = last !== UNREAD && last.state === state ? repeats + 1 : 1
    last = error ? { state: 'unreadable', error } : settle(state, snapshot.pointer)
    const isHopeless = error !== null && !isRetryable(error)
    const isDecided = repeats >= READS_REQUIRED && (!isPatient || state === 'other' || isHopeless)
    if (isDecided) return last
    await pause(context, Math.max(waitMs, error ? retryAfterMs(error) : 0), signal)
    waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)
  }
  return last
}

/** A pointer that is only written down is on its way. */
function stateOf({ pointer, isSettled }: Snapshot, { before, want, registry }: ReadBackRequest): PointerState {
  const state = comparePointer(pointer, before, want, registry.driver)
  return state === 'want' && isSettled === false ? 'between' : state
}

function settle(state: string, pointer: Json): ReadBack {
  return state === 'before' || state === 'between' ? { state, pointer } : { state: 'other', pointer }
}

async function pause({ platform }: RunContext, ms: number, signal: AbortSignal): Promise<void> {
  // The loop itself ends when the step's time is over; the wait may then end without an error of its own.
  await platform.clock.sleep(ms, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
