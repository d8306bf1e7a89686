import { ALWAYS_TRUSTED } from './always-trusted.ts'
import type { Approver } from '../../../src/approval/ask.ts'
import { lostVersions, planPrune } from '../../../src/domain/prune.ts'
import type {
  Engine,
  LockInfo,
  Overview,
  PrunePlan,
  RestorePlan,
  RunHandle,
  RunOutcome,
  RunSummary,
} from '../../../src/engine/engine.ts'
import { projectRun, type RunView } from '../../../src/events/project-run.ts'
import type { RunResult, Stamped } from '../../../src/events/events.ts'
import { aDeployment, aHistory } from '../builders/a-history.ts'
import { aPlan } from '../builders/a-plan.ts'
import { runEvents } from '../builders/run-events.ts'
import { noDeploys } from './no-deploys.ts'
import { noWatch } from './scripted-watch.ts'

/** The methods a test may replace; the others answer as a small healthy project would. */
export type EngineScript = Partial<Engine>

export interface ScriptedEngine extends Engine {
  /** Names of the methods that were called, in order, with their first argument. */
  readonly calls: readonly (readonly [string, unknown])[]
}

export const FREE_LOCK: LockInfo = {
  app: 'myapp',
  environment: 'production',
  epoch: 7,
  state: 'free',
  who: '',
  host: '',
  pid: 0,
  run: '',
  purpose: '',
  since: '',
  lastBeat: '',
}

export function foldEvents(events: readonly Stamped[]): RunView {
  const view = events.reduce<RunView | undefined>(projectRun, undefined)
  if (!view) throw new Error('the events do not begin with run.started')
  return view
}

export function aRunSummary(parts: Partial<RunSummary> = {}): RunSummary {
  return {
    id: aPlan().id,
    environment: 'production',
    kind: 'rollback',
    from: 'v1.3.0',
    to: 'v1.2.0',
    startedAt: '2026-02-01T18:42:00Z',
    finishedAt: '2026-02-01T18:43:00Z',
    result: 'complete',
    isOpen: false,
    undoneBy: null,
    doneCount: 2,
    stepCount: 2,
    origin: { kind: 'own' },
    claimedBy: 'operator on test-host',
    damage: '',
    ...parts,
  }
}

/** A run that plays recorded events; `hold` keeps it from ending until it is aborted. */
export function playRun(events: readonly Stamped[], onAbort?: (reason: string) => readonly Stamped[]): RunHandle {
  const { promise: more, resolve: stop } = Promise.withResolvers<readonly Stamped[]>()
  if (!onAbort) stop([])
  const all = more.then((rest) => [...events, ...rest])
  const result = all.then((played): RunOutcome => {
    const view = foldEvents(played)
    return { id: view.id, result: view.result ?? 'failed', exitCode: view.exitCode ?? 1, view }
  })
  return {
    id: events[0]?.run ?? '',
    result,
    stop: (reason) => stop(onAbort?.(reason) ?? []),
    pause: () => undefined,
    unpause: () => undefined,
    async *[Symbol.asyncIterator]() {
      yield* events
      yield* await more
    },
  }
}

export function scriptedEngine(script: EngineScript = {}): ScriptedEngine {
  const calls: (readonly [string, unknown])[] = []
  const engine = { ...defaultEngine(), ...script }
  const recording = new Proxy(engine, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      if (typeof value !== 'function') return value
      return (...args: readonly unknown[]): unknown => {
        calls.push([String(name), args[0]])
        return Reflect.apply(value, target, args)
      }
    },
  })
  return Object.assign(recording, { calls })
}

function defaultEngine(): Engine {
  const history = aHistory()
  const play = (result: RunResult) => (_plan: unknown, _approver: Approver) => playRun(runEvents(aPlan(), result))
  return {
    overview: () => Promise.resolve(overviewOf(history)),
    status: () => Promise.resolve([]),
    plan: ({ reason, incident, overrides }) => Promise.resolve(aPlan({ reason, incident, overrides })),
    ...ALWAYS_TRUSTED,
    run: play('complete'),
    recovery: () => {
      const view = foldEvents(runEvents(aPlan(), 'partial', ['npm']).slice(0, -1))
      return Promise.resolve({ view, direction: 'do', steps: [], notes: [], lock: FREE_LOCK })
    },
    resume: play('complete'),
    undo: play('undone'),
    follow: () => playRun(runEvents(aPlan(), 'complete')),
    attach: () => playRun(runEvents(aPlan(), 'complete')),
    watch: noWatch,
    ...noDeploys,
    handOver: (id) => Promise.resolve(aRunSummary({ id, result: 'failed', doneCount: 1 })),
    skipStep: () => Promise.resolve(),
    overwriteStep: () => Promise.resolve(),
    verifyHistory: () => Promise.resolve([]),
    proposeRepair: () => Promise.resolve(null),
    acceptRepair: () => Promise.resolve(history),
    runs: () => Promise.resolve([aRunSummary()]),
    fileHistory: () => Promise.resolve(aHistory()),
    foreignRuns: () => Promise.resolve([]),
    readRun: () => {
      const events = runEvents(aPlan(), 'complete')
      return Promise.resolve({ view: foldEvents(events), events, origin: { kind: 'own' } })
    },
    planPrune: ({ keep }) => Promise.resolve(prunePlan(history, keep)),
    prune: ({ keep }) => Promise.resolve(prunePlan(history, keep)),
    record: ({ version, commit }) => Promise.resolve(aDeployment(version, { commit, status: 'active', id: 4 })),
    planRecord: () => Promise.resolve({ notServed: [], notRead: [], slotNote: '', mergesInto: null }),
    planRestore: () => Promise.resolve(RESTORED),
    restore: () => Promise.resolve(RESTORED),
    mark: () => Promise.resolve(history),
    lockInfo: () => Promise.resolve(FREE_LOCK),
    breakLock: () => Promise.resolve(FREE_LOCK),
  }
}

const RESTORED: RestorePlan = {
  deployments: [aDeployment('v1.0.0', { id: 1 })],
  files: ['/project/.bagboy/archive/deployments-1.yml'],
  damaged: [],
}

function prunePlan(history: ReturnType<typeof aHistory>, keep: number): PrunePlan {
  const rules = {
    keep,
    keepHealthy: 0,
    environment: 'production',
    neededVersions: [],
    targetIds: new Set<number>(),
    runningIds: new Set<number>(),
    now: '2026-02-01T19:00:00Z',
  }
  const rows = planPrune(history, rules)
  return { keep, rows, lostVersions: lostVersions(rows), archiveFile: '/project/.bagboy/archive/1.yml' }
}

export function overviewOf(history: ReturnType<typeof aHistory>): Overview {
  return {
    app: 'myapp',
    environment: 'production',
    configFile: '/project/bagboy.yaml',
    historyFile: '/project/.bagboy/deployment-history.yml',
    history,
    isPartial: false,
    readOnly: null,
    requiresReason: false,
    keep: 10,
    active: history.deployments.find(({ status }) => status === 'active') ?? null,
    runs: [],
    lock: FREE_LOCK,
    actor: { user: 'alice' },
  }
}
