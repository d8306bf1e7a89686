import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEPLOY_COMMANDS, type DeployPlan, type DeployStage } from '../../../../src/domain/traffic/deploy-plan.ts'
import { sameSplit, type TrafficSplit } from '../../../../src/domain/traffic/traffic.ts'
import { nextAction, type DeployAction } from '../../../../src/engine/deploy/next-action.ts'
import { refuseCommand } from '../../../../src/events/apply-command.ts'
import type { DeployEvent, DeployQuestion, StageResult } from '../../../../src/events/deploy-events.ts'
import { projectDeploy } from '../../../../src/events/project-deploy.ts'
import { DEPLOY_START, stampDeploy, started } from '../../../support/builders/a-deploy.ts'
import type { DeployView } from '../../../../src/events/deploy-view.ts'
import { SEED } from '../../../support/effort.ts'

const STAGES: readonly DeployStage[] = [
  { kind: 'command', words: ['./deploy.sh'], env: [], timeoutMs: 1 },
  { kind: 'checks' },
  { kind: 'gate', ms: null },
  { kind: 'weight', percent: 10 },
  { kind: 'pause', ms: 60_000, onTimeout: 'revert' },
  { kind: 'analysis', checks: ['errors'], ms: 60_000 },
  { kind: 'weight', percent: 50 },
  { kind: 'pause', ms: 60_000, onTimeout: 'wait' },
  { kind: 'weight', percent: 100 },
  { kind: 'record' },
  { kind: 'watch', ms: 60_000 },
]
/** More than any deploy here needs, with everything that can come in between. */
const MOST_ACTIONS = 400

interface World {
  readonly view: () => DeployView
  readonly split: () => TrafficSplit
  /** One action, with whatever comes of it. */
  readonly perform: () => void
}

/** What happens to one deploy: everything that it does not decide itself comes from `choose`. */
function createWorld(plan: Partial<DeployPlan>, choose: (count: number) => number): World {
  let view = stampDeploy([started(plan)]).reduce<DeployView | undefined>(projectDeploy, undefined)
  let split: TrafficSplit = { blue: 100, green: 0 }
  let nowMs = Date.parse(DEPLOY_START)
  let changeCount = 0
  const now = (): string => new Date(nowMs).toISOString()

  function current(): DeployView {
    if (view) return view
    throw new Error('it has begun')
  }

  function say(event: DeployEvent): void {
    const { id, lastSeq } = current()
    view = projectDeploy(view, { ...event, run: id, seq: lastSeq + 1, at: now() })
  }

  function pick<T>(from: readonly T[]): T {
    const chosen = from[choose(from.length)]
    if (chosen === undefined) throw new Error('nothing to choose from')
    return chosen
  }

  function ask(kind: DeployQuestion['kind'], choices: DeployQuestion['choices']): void {
    say({ type: 'deploy.asked', question: { kind, detail: '', choices, error: null } })
  }

  function noticeChange(): void {
    say({ type: 'traffic.changed', expected: current().expected, found: split })
    ask('changed', ['take-theirs', 'put-ours-back', 'abort'])
  }

  function move(to: TrafficSplit, purpose: 'step' | 'restore' | 'revert'): void {
    say({ type: 'traffic.intended', from: split, to, revision: '', purpose })
    split = to
    say({ type: 'traffic.moved', split: to, status: 'moved', requests: null, error: null })
  }

  function finish(stage: number, result: StageResult): void {
    const isVersionBad = result === 'failed'
    const evidence = isVersionBad ? { kind: 'analysis' } : null
    say({ type: 'stage.finished', stage, result, detail: '', evidence, isVersionBad, durationMs: 0 })
  }

  function work(index: number): void {
    const stage = current().stages[index]?.stage
    if (stage?.kind !== 'weight') return finish(index, pick(['passed', 'passed', 'passed', 'failed', 'inconclusive']))
    if (stage.percent < current().floorPercent) return finish(index, 'skipped')
    if (!sameSplit(split, current().expected)) return noticeChange()
    move({ blue: 100 - stage.percent, green: stage.percent }, 'step')
    finish(index, 'passed')
  }

  function tell(): void {
    const { commands } = current()
    const possible = DEPLOY_COMMANDS.filter((command) => refuseCommand(current(), command) === '')
    const command = pick(possible)
    say({ type: 'deploy.commanded', id: String(commands.length), command, by: 'bob', reason: '', refusal: '' })
  }

  function wait(until: string | null): void {
    const { question, direction } = current()
    if (choose(6) === 0 && changeCount < 3 && !question && direction === 'forward') {
      changeCount += 1
      const green = choose(101)
      split = { blue: 100 - green, green }
      if (!sameSplit(split, current().expected)) return noticeChange()
    }
    if (until !== null && choose(2) === 0) nowMs = Date.parse(until)
    else tell()
  }

  function expire({ stage, next }: Extract<DeployAction, { do: 'expire' }>): void {
    say({ type: 'stage.expired', stage, next })
    if (next === 'go-on') finish(stage, 'passed')
    const decision = { reason: '', evidence: null, isVersionBad: false, result: 'aborted' } as const
    if (next === 'back') say({ type: 'deploy.decided', direction: 'back', ...decision })
  }

  function perform(action: DeployAction): void {
    switch (action.do) {
      case 'begin':
        return say({ type: 'stage.started', stage: action.stage, endsAt: action.endsAt })
      case 'work':
        return work(action.stage)
      case 'wait':
        return wait(action.until)
      case 'expire':
        return expire(action)
      case 'ask':
        return say({ type: 'deploy.asked', question: action.question })
      case 'turn-back': {
        const { do: _do, ...decision } = action
        return say({ type: 'deploy.decided', direction: 'back', ...decision })
      }
      case 'restore':
        return move(current().expected, 'restore')
      case 'go-back':
        if (choose(4) > 0) return move(current().plan.before, 'revert')
        return ask('other-slot-failing', ['resume', 'take-theirs'])
      case 'leave':
        return tell()
      case 'conclude':
        return say({ type: 'deploy.finished', result: action.result, exitCode: 0, summary: '' })
      case 'end':
        return
    }
  }

  return { view: current, split: () => split, perform: () => perform(nextAction(current(), now())) }
}

test('whatever happens, a deploy ends, and where it ends the traffic is where its result says', () => {
  const results = new Set<string>()
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.nat()),
      fc.constantFrom<DeployPlan['onFailure']>('revert', 'pause'),
      (numbers, onFailure) => {
        const world = createWorld({ stages: STAGES, onFailure }, (count) => Number(numbers.next().value ?? 0) % count)
        for (let count = 0; world.view().result === null; count += 1) {
          expect(count).toBeLessThan(MOST_ACTIONS)
          world.perform()
        }
        const { result, plan, expected } = world.view()
        results.add(result ?? '')
        if (result === 'promoted') expect(world.split()).toEqual({ blue: 0, green: 100 })
        else if (result !== 'left') expect([result, world.split()]).toEqual([result, plan.before])
        if (result !== 'left') expect(expected).toEqual(world.split())
      },
    ),
    { seed: SEED, numRuns: 2000 },
  )

  expect(results).toEqual(new Set(['promoted', 'reverted', 'refused', 'aborted', 'left']))
})
