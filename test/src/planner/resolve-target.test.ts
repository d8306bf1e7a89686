import { expect, test } from 'vitest'
import { resolveTarget } from '../../../src/planner/resolve-target.ts'
import type { Deployment, History } from '../../../src/domain/deployment.ts'
import { aDeployment, version } from '../../support/builders/a-history.ts'

const NOW = '2026-02-02T00:00:00Z'

/** Newest first; ids count down to 1. */
function historyOf(deployments: readonly Deployment[]): History {
  const numbered = deployments.map((deployment, index) => ({ ...deployment, id: deployments.length - index }))
  return { schema: 1, environment: 'production', deployments: numbered, held: [] }
}

const history = historyOf([
  aDeployment('v1.5.0', { status: 'active' }),
  aDeployment('v1.4.0', { status: 'rolled_back_from' }),
  aDeployment('v1.3.0', { healthVerdict: 'unhealthy' }),
  aDeployment('v1.2.0', { status: 'failed' }),
  aDeployment('v1.1.0'),
  aDeployment('v1.0.0'),
])

const targetOf = (word: string, from = history) => resolveTarget(from, word, NOW).target.version

test('last-good skips versions that were rolled back, unhealthy or failed', () => {
  expect(targetOf('last-good')).toBe('v1.1.0')
})

test.each<[string, readonly Deployment[], string]>([
  [
    'a version that was healthy once and unhealthy the last time is not chosen',
    [
      aDeployment('v1.4.0', { healthVerdict: 'unhealthy' }),
      aDeployment('v1.3.0'),
      aDeployment('v1.4.0', { healthVerdict: 'healthy' }),
    ],
    'v1.3.0',
  ],
  [
    'a version that was rolled back once and healthy the last time is chosen',
    [
      aDeployment('v1.4.0', { healthVerdict: 'healthy' }),
      aDeployment('v1.3.0'),
      aDeployment('v1.4.0', { status: 'rolled_back_from' }),
    ],
    'v1.4.0',
  ],
  [
    'a version that a run did not reach as a whole is judged by its deployment',
    [aDeployment('v1.4.0', { kind: 'rollback', status: 'partial' }), aDeployment('v1.4.0'), aDeployment('v1.3.0')],
    'v1.4.0',
  ],
  [
    'a version whose deployment failed the last time is not chosen',
    [aDeployment('v1.4.0', { status: 'failed' }), aDeployment('v1.4.0'), aDeployment('v1.3.0')],
    'v1.3.0',
  ],
  [
    'a version of which only a warning failed is chosen',
    [
      aDeployment('v1.4.0', { healthChecks: [{ label: 'db', status: 'failing', severity: 'warning' }] }),
      aDeployment('v1.3.0'),
    ],
    'v1.4.0',
  ],
])('last-good: %s', (_title, earlier, chosen) => {
  expect(targetOf('last-good', historyOf([aDeployment('v1.5.0', { status: 'active' }), ...earlier]))).toBe(chosen)
})

test('last-good skips a held version', () => {
  const held = { ...history, held: [{ version: version('v1.1.0'), reason: 'CVE', at: NOW }] }

  expect(targetOf('last-good', held)).toBe('v1.0.0')
})

test('an expired hold does not count', () => {
  const held = {
    ...history,
    held: [{ version: version('v1.1.0'), reason: 'CVE', at: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }],
  }

  expect(targetOf('last-good', held)).toBe('v1.1.0')
})

test('previous is the literal predecessor, whatever its state', () => {
  expect(targetOf('previous')).toBe('v1.4.0')
})

test('~n counts versions back', () => {
  expect(targetOf('~1')).toBe('v1.4.0')
  expect(targetOf('~4')).toBe('v1.1.0')
})

test('a version that was recorded with and without its v counts once on the way back', () => {
  const twice = historyOf([
    aDeployment('v1.5.0', { status: 'active' }),
    aDeployment('1.5.0'),
    aDeployment('v1.4.0'),
    aDeployment('1.4.0'),
    aDeployment('v1.3.0'),
  ])

  expect(targetOf('previous', twice)).toBe('v1.4.0')
  expect(targetOf('~2', twice)).toBe('v1.3.0')
})

test('@n names a history id', () => {
  expect(targetOf('@2')).toBe('v1.1.0')
})

test('a version is found with and without its v', () => {
  expect(targetOf('v1.3.0')).toBe('v1.3.0')
  expect(targetOf('1.3.0')).toBe('v1.3.0')
})

test.each(['^1.0.0', '~1.x', '>=1.2', '1.x', '1.2.0 || 1.1.0', '*'])('the range %s is refused', (word) => {
  expect(() => targetOf(word)).toThrow(/No deployment in the history matches/u)
})

test.each(['v9.9.9', '@77', '~6', '~0'])('the unknown target %s is refused with a hint', (word) => {
  expect(() => targetOf(word)).toThrowError(
    expect.objectContaining({ code: 'TARGET_UNKNOWN', hint: expect.stringMatching(/./u) }),
  )
})

test('an unknown version names the nearest one', () => {
  expect(() => targetOf('1.1.O')).toThrowError(expect.objectContaining({ hint: 'Did you mean v1.1.0?' }))
})

test('the seed sample has no safe target and says why', () => {
  const seed = historyOf([
    aDeployment('v1.3.0', { status: 'active' }),
    aDeployment('v1.2.0', { status: 'rolled_back_from', packages: [] }),
  ])

  expect(() => targetOf('last-good', seed)).toThrowError(
    expect.objectContaining({
      code: 'TARGET_UNSAFE',
      message: expect.stringContaining('v1.2.0 (@1): it was itself rolled back'),
      hint: expect.stringContaining('--override'),
    }),
  )
})

test('without an active deployment there is nothing to roll back', () => {
  expect(() => targetOf('last-good', historyOf([]))).toThrowError(expect.objectContaining({ code: 'NOTHING_LIVE' }))
})
