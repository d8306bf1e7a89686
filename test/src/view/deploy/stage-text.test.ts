import { expect, test } from 'vitest'
import type { DeployStage } from '../../../../src/domain/traffic/deploy-plan.ts'
import { deployPurpose, isDeployPurpose } from '../../../../src/domain/lock-purpose.ts'
import { plannedSplit } from '../../../../src/domain/traffic/planned-split.ts'
import { stageName, stageText } from '../../../../src/view/deploy/stage-text.ts'
import { aDeployPlan } from '../../../support/builders/a-deploy.ts'

const TEXTS: readonly (readonly [DeployStage, string])[] = [
  [{ kind: 'command', words: ['./deploy.sh'], env: [], timeoutMs: 1 }, 'deploy command'],
  [{ kind: 'checks' }, 'health checks of the slot'],
  [{ kind: 'smoke' }, 'smoke tests'],
  [{ kind: 'gate', ms: null }, 'gate: a person'],
  [{ kind: 'gate', ms: 60_000 }, 'gate: 1m, or a person'],
  [{ kind: 'weight', percent: 10 }, 'traffic 10 %'],
  [{ kind: 'pause', ms: null, onTimeout: 'wait' }, 'pause: a person'],
  [{ kind: 'pause', ms: 60_000, onTimeout: 'go-on' }, 'pause 1m'],
  [{ kind: 'pause', ms: 60_000, onTimeout: 'revert' }, 'pause 1m, then back'],
  [{ kind: 'pause', ms: 60_000, onTimeout: 'promote' }, 'pause 1m, then on'],
  [{ kind: 'pause', ms: 60_000, onTimeout: 'wait' }, 'pause 1m, then a person'],
  [{ kind: 'analysis', checks: ['errors', 'p95'], ms: 1 }, 'analysis errors, p95'],
  [{ kind: 'record' }, 'history'],
  [{ kind: 'watch', ms: 600_000 }, 'watch 10m'],
]

test.for(TEXTS)('$0.kind: $1', ([stage, text]) => {
  expect(stageText(stage)).toBe(text)
})

test('a stage has a shorter name for a narrow column', () => {
  const names = TEXTS.map(([stage]) => stageName(stage))

  expect(names).toEqual(
    'deploy command|checks|smoke tests|gate|gate 1m|10 %|pause|pause 1m|pause 1m|pause 1m|pause 1m|analysis|history|watch 10m'.split(
      '|',
    ),
  )
})

test('where a plan ends is its last share, or where it began', () => {
  expect(plannedSplit(aDeployPlan())).toEqual({ blue: 0, green: 100 })
  expect(plannedSplit(aDeployPlan({ stages: [{ kind: 'checks' }] }))).toEqual({ blue: 100, green: 0 })
})

test('a lock says whether it is held for a deploy or for traffic, and not for a run', () => {
  const plan = aDeployPlan()

  expect(deployPurpose(plan)).toBe('deploy v1.4.0 to green')
  expect(['deploy v1.4.0 to green', deployPurpose({ ...plan, kind: 'shift' })].map(isDeployPurpose)).toEqual([
    true,
    true,
  ])
  expect(isDeployPurpose('rollback v1.3.0 → v1.2.0')).toBe(false)
})
