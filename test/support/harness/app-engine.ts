import { ALWAYS_TRUSTED } from '../engine/always-trusted.ts'
import type { Approver } from '../../../src/approval/ask.ts'
import { planPrune } from '../../../src/domain/prune.ts'
import type { RollbackPlan } from '../../../src/domain/plan.ts'
import type {
  Engine,
  LockInfo,
  Overview,
  PruneRequest,
  RecoveryReport,
  RunHandle,
  RunOutcome,
} from '../../../src/engine/engine.ts'
import type { RunEvent, Stamped } from '../../../src/events/events.ts'
import { projectRun, type RunView } from '../../../src/events/project-run.ts'
import type { WatchRequest } from '../../../src/engine/watch/watch.ts'
import { aPlan, anOverview, aStatus, FREE_LOCK, NOW } from '../builders/app-builders.ts'
import { noDeploys } from '../engine/no-deploys.ts'
import { noWatch, type ScriptedWatch } from '../engine/scripted-watch.ts'

/** Methods of the engine that may change the world. */
export const MUTATING = [
  'run',
  'resume',
  'undo',
  'handOver',
  'skipStep',
  'overwriteStep',
  'prune',
  'record',
  'mark',
  'breakLock',
] as const

export interface ScriptedRun {
  readonly handle: RunHandle
  /** The next event of the run. */
  emit(event: RunEvent): void
  end(): void
  /** The end of a watch that found no process at work. */
  fail(error: Error): void
  readonly calls: string[]
}

/** A run whose events the test writes. */
export function aScriptedRun(runId: string): ScriptedRun {
  const events: Stamped[] = []
  const calls: string[] = []
  let wake = (): void => undefined
  const state = { isDone: false }
  let view: RunView | undefined
  const { promise: result, resolve, reject } = Promise.withResolvers<RunOutcome>()
  result.catch(() => undefined)
  async function* iterate(): AsyncGenerator<Stamped> {
    for (let at = 0; ;) {
      if (state.isDone && at >= events.length) return
      const event = events[at]
      if (event) {
        at += 1
        yield event
      } else {
        await new Promise<void>((next) => {
          wake = next
        })
      }
    }
  }
  return {
    calls,
    handle: {
      id: runId,
      result,
      stop: (reason) => void calls.push(`abort ${reason}`),
      pause: () => void calls.push('pause'),
      unpause: () => void calls.push('unpause'),
      [Symbol.asyncIterator]: iterate,
    },
    emit(event) {
      const stamped = { ...event, run: runId, seq: events.length + 1, at: NOW }
      events.push(stamped)
      view = projectRun(view, stamped)
      wake()
    },
    fail(error) {
      reject(error)
      state.isDone = true
      wake()
    },
    end() {
      if (!view) throw new Error('the run has not started')
      resolve({ id: runId, result: view.result ?? 'failed', exitCode: view.exitCode ?? 1, view })
      state.isDone = true
      wake()
    },
  }
}

/** Writes a whole four-registry run: everything is done and read back. */
export function playWholeRun(run: ScriptedRun, plan: RollbackPlan): void {
  startRun(run, plan)
  for (const step of plan.steps) finishStep(run, step.id)
  run.emit({ type: 'phase.changed', signal: 'steps.completed', from: 'rollbackInProgress', to: 'verifying' })
  run.emit({
    type: 'sweep.finished',
    observations: plan.steps.map((step) => ({ step: step.id, pointer: step.want, serving: '1.29.0', agrees: true })),
  })
  run.emit({ type: 'phase.changed', signal: 'readback.agreed', from: 'verifying', to: 'rollbackComplete' })
  run.emit({ type: 'history.committed', deploymentId: 31, revision: 4 })
  run.emit({ type: 'run.finished', result: 'complete', exitCode: 0, summary: 'Every registry serves v1.29.0.' })
  run.end()
}

export function startRun(run: ScriptedRun, plan: RollbackPlan): void {
  run.emit({ type: 'run.started', plan, planHash: 'p'.repeat(64), epoch: 4, actor: { user: 'ana' }, tool: '0.9.0' })
  run.emit({ type: 'phase.changed', signal: 'plan.accepted', from: 'planning', to: 'rollbackInitiated' })
  run.emit({ type: 'phase.changed', signal: 'lock.taken', from: 'rollbackInitiated', to: 'validation' })
  run.emit({ type: 'phase.changed', signal: 'validation.passed', from: 'validation', to: 'rollbackInProgress' })
}

export function finishStep(run: ScriptedRun, step: string): void {
  run.emit({ type: 'step.started', step, direction: 'do', attempt: 1 })
  run.emit({ type: 'step.progress', step, status: 'executing', done: 1, total: 2, label: 'pushing' })
  run.emit({ type: 'step.verified', step, direction: 'do', proof: null, revision: null, readCount: 2 })
  run.emit({ type: 'step.finished', step, status: 'done', detail: '1.29.0', error: null, durationMs: 2300 })
}

export interface ScriptedEngine extends Engine {
  /** Names of the methods that were called, in order. */
  readonly calls: string[]
  readonly requests: unknown[]
  approver: Approver | undefined
  nextRun: ScriptedRun
  lock: LockInfo
  readonly watchRequests: WatchRequest[]
  /** Without one there is nothing to watch. */
  nextWatch: ScriptedWatch | undefined
}

interface Script {
  readonly overview?: Overview
  readonly plan?: RollbackPlan
  readonly recovery?: RecoveryReport
  readonly lock?: LockInfo
  readonly fails?: Readonly<Partial<Record<keyof Engine, Error>>>
}

/** The engine port, answered from a script; it remembers what it was asked. */
export function aScriptedEngine(script: Script = {}): ScriptedEngine {
  const overview = script.overview ?? anOverview()
  const plan = script.plan ?? aPlan()
  const prune = (request: PruneRequest) => ({
    keep: request.keep,
    archiveFile: '.bagboy/archive/2026-02-01.yml',
    lostVersions: [],
    rows: planPrune(overview.history, {
      keep: request.keep,
      keepHealthy: 3,
      neededVersions: [],
      targetIds: new Set<number>(),
      runningIds: new Set(),
      now: NOW,
    }),
  })
  async function answer<T>(name: keyof Engine, value: T, request?: unknown): Promise<T> {
    engine.calls.push(name)
    engine.requests.push(request)
    const error = script.fails?.[name]
    if (error) throw error
    return value
  }
  const start = (
    name: 'run' | 'resume' | 'undo' | 'follow' | 'attach',
    approver: Approver | undefined,
    request: unknown,
  ): RunHandle => {
    engine.calls.push(name)
    engine.requests.push(request)
    if (approver) engine.approver = approver
    return engine.nextRun.handle
  }
  const engine: ScriptedEngine = {
    calls: [],
    requests: [],
    approver: undefined,
    nextRun: aScriptedRun(plan.id),
    lock: script.lock ?? FREE_LOCK,
    watchRequests: [],
    nextWatch: undefined,
    overview: async () => answer('overview', overview),
    overwriteStep: async () => void engine.calls.push('overwriteStep'),
    verifyHistory: async () => [],
    proposeRepair: async () => null,
    acceptRepair: async () => overview.history,
    status: async () =>
      answer(
        'status',
        [0, 1, 2, 3].map((index) => aStatus(index)),
      ),
    plan: async (request) => answer('plan', plan, request),
    run: (one, approver) => start('run', approver, one),
    recovery: async () => {
      if (!script.recovery) throw new Error('no recovery in this script')
      return answer('recovery', script.recovery)
    },
    resume: (runId, approver) => start('resume', approver, runId),
    undo: (runId, approver, reason) => start('undo', approver, [runId, reason]),
    follow: (runId) => start('follow', undefined, runId),
    attach: (runId) => start('attach', undefined, runId),
    ...noDeploys,
    ...ALWAYS_TRUSTED,
    watch: (request) => {
      engine.watchRequests.push(request)
      return engine.nextWatch?.handle ?? noWatch()
    },
    handOver: async (runId, reason) => {
      const run = overview.runs[0]
      if (!run) throw new Error('no run in this script')
      return answer('handOver', run, [runId, reason])
    },
    skipStep: async (runId, step, reason) => answer('skipStep', undefined, [runId, step, reason]),
    runs: async () => answer('runs', overview.runs),
    fileHistory: async () => answer('fileHistory', overview.history),
    foreignRuns: async () => [],
    readRun: async () => {
      throw new Error('no run in this script')
    },
    planPrune: async (request) => answer('planPrune', prune(request), request),
    prune: async (request) => answer('prune', prune(request), request),
    planRecord: async (request) =>
      answer('planRecord', { notServed: [], notRead: [], slotNote: '', mergesInto: null }, request),
    planRestore: async (word) => answer('planRestore', { deployments: [], files: [], damaged: [] }, word),
    restore: async (word) => answer('restore', { deployments: [], files: [], damaged: [] }, word),
    record: async () => {
      throw new Error('the app records nothing')
    },
    mark: async (request) => answer('mark', overview.history, request),
    lockInfo: async () => answer('lockInfo', engine.lock),
    breakLock: async (epoch, reason) => {
      engine.lock = FREE_LOCK
      return answer('breakLock', FREE_LOCK, [epoch, reason])
    },
  }
  return engine
}
