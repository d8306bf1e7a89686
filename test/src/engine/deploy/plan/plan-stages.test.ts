import { expect, test } from 'vitest'
import type { BlueGreenConfig, TrafficStep } from '../../../../../src/config/blue-green-config.ts'
import type { Config } from '../../../../../src/config/config.ts'
import { stageText } from '../../../../../src/view/deploy/stage-text.ts'
import { planStages } from '../../../../../src/engine/deploy/plan/plan-stages.ts'
import { anHttpCheck } from '../../../../support/builders/a-probe.ts'
import { aConfig } from '../../../../support/harness/cli-harness.ts'

const slot = { url: null, label: '' }

function aProject(
  steps: readonly TrafficStep[],
  blueGreen: Partial<BlueGreenConfig> = {},
  config: Partial<Config> = {},
): Config {
  const traffic = { provider: 'haproxy', options: {}, locationOf: () => '', steps, onFailure: 'revert' } as const
  return {
    ...aConfig(),
    ...config,
    blueGreen: {
      slots: { blue: slot, green: slot },
      autoPromote: true,
      autoPromoteAfterMs: 0,
      keepPreviousMs: 0,
      deploy: null,
      startup: { timeoutMs: 0, intervalMs: 100 },
      drainMs: null,
      traffic,
      ...blueGreen,
    },
  }
}

const textsOf = (config: Config) => planStages(config).map(stageText)
const health = { ...aConfig().health, checks: [anHttpCheck('http://app/health')] }
const smoke = {
  ...aConfig().validation,
  smokeTests: { words: ['true'], url: null, against: 'preview', timeoutMs: 1 },
} as const

test.for([
  ['without steps it gets everything at once', aProject([]), ['health checks of the slot', 'traffic 100 %', 'history']],
  [
    'steps that do not end with everything are followed by that',
    aProject([
      { kind: 'weight', percent: 10 },
      { kind: 'pause', ms: 60_000, onTimeout: 'go-on' },
    ]),
    ['health checks of the slot', 'traffic 10 %', 'pause 1m', 'traffic 100 %', 'history'],
  ],
  [
    'what stands behind the last of them comes before the history',
    aProject([
      { kind: 'weight', percent: 100 },
      { kind: 'analysis', checks: ['errors'] },
    ]),
    ['health checks of the slot', 'traffic 100 %', 'analysis errors', 'history'],
  ],
  [
    'a command comes first, smoke tests behind the checks, then the gate',
    aProject(
      [],
      { autoPromote: false, deploy: { words: ['./deploy.sh'], env: [], timeoutMs: 1 } },
      { validation: smoke },
    ),
    ['deploy command', 'health checks of the slot', 'smoke tests', 'gate: a person', 'traffic 100 %', 'history'],
  ],
  [
    'a gate may end by itself',
    aProject([], { autoPromoteAfterMs: 300_000 }),
    ['health checks of the slot', 'gate: 5m, or a person', 'traffic 100 %', 'history'],
  ],
  [
    'what can be watched is watched',
    aProject([], {}, { health }),
    ['health checks of the slot', 'traffic 100 %', 'history', 'watch 10m'],
  ],
] as const)('%s', ([, config, texts]) => {
  expect(textsOf(config)).toEqual(texts)
})
