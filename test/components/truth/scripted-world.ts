import type { PlanExclusion, PlanStep, RollbackPlan } from '../../../src/domain/plan.ts'
import type {
  Overview,
  RecoveryReport,
  RegistryStatus,
  RollbackRequest,
  RunSummary,
} from '../../../src/engine/engine.ts'
import type { RunResult, Stamped } from '../../../src/events/events.ts'
import { projectRun, type RunView } from '../../../src/events/project-run.ts'
import type { StepStatus } from '../../../src/machine/step-status.ts'
import {
  aFinding,
  anOverview,
  aPlan,
  aRecovery,
  aRunSummary,
  aStatus,
  aStep,
  FREE_LOCK,
  NOW,
} from '../../support/builders/app-builders.ts'
import {
  aScriptedEngine,
  aScriptedRun,
  startRun,
  type ScriptedEngine,
  type ScriptedRun,
} from '../../support/harness/app-engine.ts'
import {
  loginFails,
  sampled,
  watchStarted,
  aWatchedProbe,
  aCondition,
  failing,
} from '../../support/engine/health-script.ts'
import { aScriptedWatch, type ScriptedWatch } from '../../support/engine/scripted-watch.ts'

/** What the engine's side of one random history is like. */
export interface WorldSeed {
  /** Per registry: a step, or why it has none. */
  readonly parts: readonly ('step' | 'already' | 'not_in_target')[]
  readonly isBlocked: boolean
  readonly statuses: readonly RegistryStatus['state'][]
  readonly endings: readonly StepStatus[]
  readonly result: RunResult
  readonly exitCode: number
  readonly direction: 'do' | 'undo'
  readonly openRun: 'none' | 'interrupted' | 'held' | 'manual' | 'partial'
  readonly keep: number
  readonly latencies: readonly number[]
  readonly rate: number
  readonly isArmed: boolean
}

/** The engine, and what is true in it: everything a screen may state is compared with this, never with the state. */
export interface ScriptedWorld {
  readonly engine: ScriptedEngine
  readonly seed: WorldSeed
  /** As last handed out. */
  plan: RollbackPlan | undefined
  overview: Overview | undefined
  statuses: readonly RegistryStatus[] | undefined
  /** The plan a run was begun with. */
  begun: RollbackPlan | undefined
  ended: { readonly result: RunResult; readonly exitCode: number; readonly statuses: readonly StepStatus[] } | undefined
  isArmed: boolean
  readonly watch: ScriptedWatch
  /** The next thing that the run in progress says. */
  runGoesOn(): void
  runEnds(): void
}

const OPEN = '01JKX7M3Q8OPENED'

export function createWorld(seed: WorldSeed): ScriptedWorld {
  const engine = aScriptedEngine()
  const watch = aScriptedWatch(NOW)
  let planCount = 0
  let running: { readonly run: ScriptedRun; readonly plan: RollbackPlan; position: number } | undefined
  const world: ScriptedWorld = {
    engine,
    seed,
    watch,
    plan: undefined,
    overview: undefined,
    statuses: undefined,
    begun: undefined,
    ended: undefined,
    isArmed: seed.isArmed,
    runGoesOn() {
      if (!running) return
      const step = running.plan.steps[running.position]
      if (!step) return world.runEnds()
      const status = seed.endings[running.position] ?? 'done'
      running.run.emit({ type: 'step.started', step: step.id, direction: seed.direction, attempt: 1 })
      running.run.emit({ type: 'step.finished', step: step.id, status, detail: '', error: null, durationMs: 1200 })
      running.position += 1
    },
    runEnds() {
      if (!running) return
      while (running.position < running.plan.steps.length) world.runGoesOn()
      const { run } = running
      running = undefined
      const { result, exitCode, endings } = seed
      world.ended = { result, exitCode, statuses: endings }
      run.emit({ type: 'run.finished', result, exitCode, summary: '' })
      run.end()
    },
  }
  Object.assign(engine, {
    plan: async (request: RollbackRequest) => {
      engine.calls.push('plan')
      planCount += 1
      world.plan = planFor(seed, request, planCount)
      return world.plan
    },
    overview: async () => (world.overview = anOverview({ keep: seed.keep, runs: openRuns(seed), lock: lockOf(seed) })),
    status: async () =>
      (world.statuses = seed.statuses.map((state, index) => aStatus(index, { state, serving: '1.29.0' }))),
    run: (plan: RollbackPlan) => {
      engine.calls.push('run')
      const run = aScriptedRun(plan.id)
      world.begun = plan
      world.ended = undefined
      running = { run, plan, position: 0 }
      startRun(run, plan)
      run.emit({ type: 'run.decided', direction: seed.direction, reason: '' })
      return run.handle
    },
    recovery: async () => recoveryOf(seed),
    watch: () => {
      engine.nextWatch = undefined
      return watch.handle
    },
  })
  beginWatch(world)
  return world
}

function planFor(seed: WorldSeed, { except, overrides }: RollbackRequest, count: number): RollbackPlan {
  const steps: PlanStep[] = []
  const excluded: PlanExclusion[] = []
  for (const [index, part] of seed.parts.entries()) {
    const step = aStep(index)
    const { format, registry } = step.package
    const isSkipped = except.includes(format) || except.includes(`${format}:${registry}`)
    if (isSkipped)
      excluded.push({ package: step.package, status: 'skipped', reason: 'skipped by --except', observed: null })
    else if (part === 'step') steps.push(step)
    else excluded.push({ package: step.package, status: part, reason: `${part} here`, observed: null })
  }
  const blocking = seed.isBlocked ? [aFinding({ code: 'V08', severity: 'block', title: 'crosses a migration' })] : []
  const id = `01JKX7M3Q8PLAN${String(count).padStart(2, '0')}`
  return aPlan({ id, steps, excluded, overrides, findings: [aFinding(), ...blocking] })
}

function openRuns({ openRun }: WorldSeed): readonly RunSummary[] {
  if (openRun === 'none') return []
  const result = openRun === 'manual' ? 'manual' : openRun === 'partial' ? 'partial' : null
  return [aRunSummary({ id: OPEN, result })]
}

/** The open run as its journal tells it. */
function recoveryOf(seed: WorldSeed): RecoveryReport {
  const [summary] = openRuns(seed)
  if (!summary) throw new Error('no run is open')
  const plan = aPlan({ id: summary.id })
  const stamp = { run: summary.id, at: NOW } as const
  const started = { type: 'run.started', plan, planHash: '', epoch: 1, actor: { user: 'bob' }, tool: '' } as const
  const { result } = summary
  const events: readonly Stamped[] = [
    { ...stamp, seq: 1, ...started },
    { ...stamp, seq: 2, type: 'run.decided', direction: seed.direction, reason: '' },
    ...(result === null ? [] : [{ ...stamp, seq: 3, type: 'run.finished', result, exitCode: 7, summary: '' } as const]),
  ]
  const view = events.reduce<RunView | undefined>(projectRun, undefined)
  if (!view) throw new Error('no view')
  const lock =
    seed.openRun === 'interrupted' ? ({ ...FREE_LOCK, state: 'dead', run: summary.id } as const) : lockOf(seed)
  return { ...aRecovery(view), lock }
}

function lockOf({ openRun }: WorldSeed): Overview['lock'] {
  return openRun === 'held' ? { ...FREE_LOCK, state: 'held', run: OPEN, who: 'bob', host: 'laptop' } : FREE_LOCK
}

function beginWatch({ watch, seed }: ScriptedWorld): void {
  const rate = aCondition({
    kind: 'error_rate_threshold',
    value: `${seed.rate}%`,
    threshold: '5%',
    comparison: '>',
    done: seed.rate > 5 ? 1 : 0,
    needed: 2,
    source: 'prom',
    check: '',
    samples: 100,
  })
  watch.emit(
    watchStarted([aWatchedProbe('login')], {
      mode: seed.isArmed ? 'auto' : 'propose',
      rules: [loginFails(0), { number: 2, result: 'not-met', conditions: [rate] }],
    }),
  )
  for (const latencyMs of seed.latencies) {
    // Every third round fails, as fast as it was.
    watch.emit(latencyMs % 3 === 0 ? failing('login', { latencyMs }) : sampled('login', { latencyMs }))
  }
}
