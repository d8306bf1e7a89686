import type { DeployPlan, DeployStage } from '../../../src/domain/traffic/deploy-plan.ts'
import type { DeployEvent, StampedDeploy } from '../../../src/events/deploy-events.ts'
import { projectDeploy } from '../../../src/events/project-deploy.ts'
import type { DeployView } from '../../../src/events/deploy-view.ts'

export const DEPLOY_START = '2026-02-01T18:00:00.000Z'
const ID = '01JKX7M3Q8ZB7F3W0000000000'

export const MIGRATION: readonly DeployStage[] = [
  { kind: 'checks' },
  { kind: 'gate', ms: null },
  { kind: 'weight', percent: 10 },
  { kind: 'pause', ms: 120_000, onTimeout: 'go-on' },
  { kind: 'analysis', checks: ['errors'], ms: 600_000 },
  { kind: 'weight', percent: 100 },
]

export function aDeployPlan(parts: Partial<DeployPlan> = {}): DeployPlan {
  return {
    kind: 'deploy',
    id: ID,
    created: DEPLOY_START,
    app: 'shop',
    environment: 'production',
    version: 'v1.4.0',
    from: 'v1.3.0',
    commit: 'abc1234',
    reason: '',
    slot: 'green',
    provider: 'haproxy',
    before: { blue: 100, green: 0 },
    stages: MIGRATION,
    onFailure: 'revert',
    keepPreviousMs: 3_600_000,
    hold: true,
    warnings: [],
    ...parts,
  }
}

/** Events with their places, each a second after the one before it. */
export function stampDeploy(events: readonly DeployEvent[]): readonly StampedDeploy[] {
  return events.map((event, index) => ({
    ...event,
    run: ID,
    seq: index + 1,
    at: new Date(Date.parse(DEPLOY_START) + index * 1000).toISOString(),
  }))
}

/** A deploy to which all of this has happened. */
export function aDeployView(events: readonly DeployEvent[], plan: Partial<DeployPlan> = {}): DeployView {
  const view = stampDeploy([started(plan), ...events]).reduce<DeployView | undefined>(projectDeploy, undefined)
  if (!view) throw new Error('it begins with its start')
  return view
}

export function started(plan: Partial<DeployPlan> = {}): DeployEvent {
  return { type: 'deploy.started', plan: aDeployPlan(plan), epoch: 1, actor: { user: 'alice' }, tool: 'test' }
}

export const begun = (stage: number, endsAt: string | null = null): DeployEvent => ({
  type: 'stage.started',
  stage,
  endsAt,
})

export const over = (
  stage: number,
  result: 'passed' | 'failed' | 'inconclusive' | 'skipped' = 'passed',
): DeployEvent => ({
  type: 'stage.finished',
  stage,
  result,
  detail: result,
  evidence: result === 'failed' ? { kind: 'analysis', check: 'errors' } : null,
  isVersionBad: result === 'failed',
  durationMs: 1,
})

const split = (green: number) => ({ blue: 100 - green, green })

export const intended = (from: number, to: number, purpose: 'step' | 'revert' = 'step'): DeployEvent => ({
  type: 'traffic.intended',
  from: split(from),
  to: split(to),
  revision: 'r1',
  purpose,
})

export const moved = (green: number): DeployEvent => ({
  type: 'traffic.moved',
  split: split(green),
  status: 'moved',
  requests: null,
  error: null,
})

export const observed = (green: number): DeployEvent => ({
  type: 'traffic.observed',
  split: split(green),
  requests: null,
  states: { blue: 'up', green: 'up' },
  warnings: [],
})

export const told = (
  command: Extract<DeployEvent, { type: 'deploy.commanded' }>['command'],
  refusal = '',
): DeployEvent => ({ type: 'deploy.commanded', id: `c-${command}`, command, by: 'bob', reason: '', refusal })

export const decided: Extract<DeployEvent, { type: 'deploy.decided' }> = {
  type: 'deploy.decided',
  direction: 'back',
  reason: 'it was bad',
  evidence: { kind: 'analysis', check: 'errors' },
  isVersionBad: true,
  result: 'reverted',
}

export const asked = (
  kind: Extract<DeployEvent, { type: 'deploy.asked' }>['question']['kind'],
  choices: Extract<DeployEvent, { type: 'deploy.asked' }>['question']['choices'],
): DeployEvent => ({ type: 'deploy.asked', question: { kind, detail: kind, choices, error: null } })

export const changedBy = (found: number, expected = 10): DeployEvent => ({
  type: 'traffic.changed',
  expected: split(expected),
  found: split(found),
})

/** A version with 10 % of the traffic, right behind the read-back. */
export const AT_TEN: readonly DeployEvent[] = [
  begun(0),
  over(0),
  begun(1),
  told('promote'),
  begun(2),
  intended(0, 10),
  moved(10),
  over(2),
]
