import type { DeployPlan, DeployStage } from '../../../src/domain/traffic/deploy-plan.ts'
import { perSlot, type Slot, type TrafficSplit } from '../../../src/domain/traffic/traffic.ts'
import type {
  CommandReceipt,
  DeployHandle,
  DeployOutcome,
  SlotReport,
  TrafficReport,
} from '../../../src/engine/deploy/deploy.ts'
import type { DeployEvent, StampedDeploy } from '../../../src/events/deploy-events.ts'
import { createEventStream } from '../../../src/operation/event-stream.ts'
import { projectDeploy } from '../../../src/events/project-deploy.ts'
import { NOW } from '../builders/app-builders.ts'
import type { ScriptedEngine } from '../harness/app-engine.ts'
import type { DeployView } from '../../../src/events/deploy-view.ts'

export const DEPLOY_ID = '01KGGQSV18AHQY5BJSZ6DKT17E'

const STAGES: readonly DeployStage[] = [
  { kind: 'command', words: ['./deploy.sh'], env: [], timeoutMs: 600_000 },
  { kind: 'checks' },
  { kind: 'gate', ms: null },
  { kind: 'weight', percent: 10 },
  { kind: 'pause', ms: 120_000, onTimeout: 'go-on' },
  { kind: 'analysis', checks: ['http-errors'], ms: 600_000 },
  { kind: 'weight', percent: 50 },
  { kind: 'weight', percent: 100 },
  { kind: 'record' },
  { kind: 'watch', ms: 600_000 },
]

export function aDeployPlan(parts: Partial<DeployPlan> = {}): DeployPlan {
  return {
    kind: 'deploy',
    id: DEPLOY_ID,
    created: NOW,
    app: 'myapp',
    environment: 'production',
    version: 'v1.31.0',
    from: 'v1.30.0',
    commit: 'abc1234',
    reason: '',
    slot: 'blue',
    provider: 'haproxy',
    before: { blue: 0, green: 100 },
    stages: STAGES,
    onFailure: 'revert',
    keepPreviousMs: 3_600_000,
    hold: true,
    warnings: [],
    ...parts,
  }
}

/** What HAProxy says: v1.30.0 in green has everything, v1.29.0 is in blue. */
export function aTrafficReport(
  parts: Partial<TrafficReport> = {},
  split: TrafficSplit = { blue: 0, green: 100 },
): TrafficReport {
  const versions = { blue: 'v1.29.0', green: 'v1.30.0' }
  const slots = perSlot((slot: Slot): SlotReport => ({
    slot,
    label: slot,
    url: null,
    version: versions[slot],
    percent: split[slot],
    state: 'up',
    requests: slot === 'blue' ? 120 : 12_000,
    sessions: 0,
    keptUntil: null,
  }))
  return {
    provider: 'haproxy',
    title: 'HAProxy',
    split,
    slots,
    isSettled: true,
    access: 'write',
    warnings: [],
    open: null,
    isWorkedOn: false,
    ...parts,
  }
}

export interface ScriptedDeploy {
  readonly handle: DeployHandle
  readonly calls: string[]
  emit(...events: readonly DeployEvent[]): void
  /** As its events tell it so far. */
  view(): DeployView
  end(): void
  fail(error: Error): void
}

/** A deploy whose events the test writes; begun. */
export function aScriptedDeploy(plan = aDeployPlan()): ScriptedDeploy {
  const stream = createEventStream<StampedDeploy>()
  const calls: string[] = []
  const { promise: result, resolve, reject } = Promise.withResolvers<DeployOutcome>()
  result.catch(() => undefined)
  let seq = 0
  let view: DeployView | undefined
  const whole = (): DeployView => {
    if (!view) throw new Error('the deploy has not begun')
    return view
  }
  const emit = (...events: readonly DeployEvent[]): void => {
    for (const event of events) {
      seq += 1
      const stamped = { ...event, run: plan.id, seq, at: NOW }
      view = projectDeploy(view, stamped)
      stream.push(stamped)
    }
  }
  emit({ type: 'deploy.started', plan, epoch: 1, actor: { user: 'ana' }, tool: 'bagboy-tui' })
  return {
    calls,
    emit,
    view: whole,
    handle: {
      id: plan.id,
      result,
      stop: (reason) => void calls.push(`stop ${reason}`),
      [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
    },
    end() {
      const { result: ended, exitCode } = whole()
      resolve({ id: plan.id, result: ended, exitCode: exitCode ?? 0, view: whole() })
      stream.end()
    },
    fail(error) {
      reject(error)
      stream.end()
    },
  }
}

/** So many stages have passed, the next one has begun. */
export function passStages(deploy: ScriptedDeploy, count: number, endsAt: string | null = null): void {
  for (let stage = 0; stage < count; stage += 1) {
    deploy.emit(
      { type: 'stage.started', stage, endsAt: null },
      {
        type: 'stage.finished',
        stage,
        result: 'passed',
        detail: '',
        evidence: null,
        isVersionBad: false,
        durationMs: 10,
      },
    )
  }
  deploy.emit({ type: 'stage.started', stage: count, endsAt })
}

export interface BalancedEngine {
  readonly engine: ScriptedEngine
  /** What it says from the next look on. */
  says(report: TrafficReport | Error): void
  /** How the next command is received. */
  receives(receipt: CommandReceipt): void
  readonly asked: string[]
}

/** The engine of a project with a balancer: `deploy` is followed, resumed and started on request. */
export function withBalancer(engine: ScriptedEngine, deploy?: ScriptedDeploy): BalancedEngine {
  const asked: string[] = []
  let report: TrafficReport | Error = deploy
    ? aTrafficReport({ open: deploy.view(), isWorkedOn: true })
    : aTrafficReport()
  let receipt: CommandReceipt = { status: 'obeyed', why: '' }
  const handleFor = (what: string): DeployHandle => {
    asked.push(what)
    if (!deploy) throw new Error('no deploy in this script')
    return deploy.handle
  }
  engine.traffic = () => (report instanceof Error ? Promise.reject(report) : Promise.resolve(report))
  engine.followDeploy = () => handleFor('follow')
  engine.resumeDeploy = (_id, given) => handleFor(`resume ${given ? `${given.command}: ${given.reason}` : ''}`)
  engine.deploy = (plan) => handleFor(`deploy ${plan.kind} ${plan.slot}: ${plan.reason}`)
  engine.planShift = ({ percent }) => {
    asked.push(`plan ${percent}`)
    return Promise.resolve(
      aDeployPlan({ kind: 'shift', version: 'v1.29.0', stages: [{ kind: 'weight', percent: 100 }] }),
    )
  }
  engine.commandDeploy = (_id, command, reason) => {
    asked.push(`${command}: ${reason}`)
    return Promise.resolve(receipt)
  }
  return {
    engine,
    asked,
    says: (next) => {
      report = next
    },
    receives: (next) => {
      receipt = next
    },
  }
}
