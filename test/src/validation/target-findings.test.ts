import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../src/domain/deployment.ts'
import { checkTarget, type TargetCheck } from '../../../src/validation/target-findings.ts'
import { aDeployment, version } from '../../support/builders/a-history.ts'

const NOW = '2026-02-02T00:00:00Z'
const live = aDeployment('v1.3.0', { id: 9, status: 'active' })
const check = (label: string, status: string, severity?: 'warning') => ({
  label,
  status,
  ...(severity === undefined ? {} : { severity }),
})

/** Codes with their severity of going back to `target`, with `others` in the history as well, newest first. */
function findingsOf(target: Deployment, others: readonly Deployment[] = [], parts: Partial<TargetCheck> = {}) {
  const deployments = [live, ...[target, ...others].sort((a, b) => b.id - a.id)]
  const found = checkTarget({
    history: { schema: 1, environment: 'production', deployments, held: [] },
    active: live,
    from: live.version,
    target,
    reason: 'x',
    requireReason: false,
    now: NOW,
    ...parts,
  })
  return found.map(({ code, severity }) => `${code} ${severity}`)
}

const target = (parts: Partial<Deployment> = {}) => aDeployment('v1.2.0', { id: 5, ...parts })
const entry = (id: number, parts: Partial<Deployment> = {}) => aDeployment('v1.2.0', { id, ...parts })

describe('a target', () => {
  test.each<[string, Deployment, readonly Deployment[], readonly string[]]>([
    ['that was only deployed is clear', target(), [], ['V01 ok']],
    ['with a healthy verdict is clear', target({ healthVerdict: 'healthy' }), [], ['V01 ok']],
    ['that was rolled back is blocked', target({ status: 'rolled_back_from' }), [], ['V08 block']],
    [
      'whose newer entry was rolled back is blocked',
      target(),
      [entry(7, { status: 'rolled_back_from' })],
      ['V08 block'],
    ],
    [
      'whose older entry was rolled back is judged by the newer one',
      target(),
      [entry(2, { status: 'rolled_back_from' })],
      ['V01 ok'],
    ],
    ['with an unhealthy verdict is blocked', target({ healthVerdict: 'unhealthy' }), [], ['V20 block']],
    [
      'whose newer entry was unhealthy is blocked',
      target({ healthVerdict: 'healthy' }),
      [entry(7, { healthVerdict: 'unhealthy' })],
      ['V20 block'],
    ],
    [
      'whose older entry was unhealthy is judged by the newer one',
      target({ healthVerdict: 'healthy' }),
      [entry(2, { healthVerdict: 'unhealthy' })],
      ['V01 ok'],
    ],
    ['whose deployment failed is blocked', target({ status: 'failed' }), [], ['V20 block']],
    [
      'that a run did not reach as a whole is judged by its own deployment',
      target(),
      [entry(7, { kind: 'rollback', status: 'partial' })],
      ['V01 ok'],
    ],
    [
      'that a run reached and that was unhealthy then is blocked',
      target(),
      [entry(7, { kind: 'rollback', status: 'partial', healthVerdict: 'unhealthy' })],
      ['V20 block'],
    ],
    [
      'with a failing check and no verdict is blocked',
      target({ healthChecks: [check('a', 'failing')] }),
      [],
      ['V20 block'],
    ],
    [
      'with a failing check and a healthy verdict is clear',
      target({ healthVerdict: 'healthy', healthChecks: [check('a', 'failing')] }),
      [],
      ['V01 ok'],
    ],
    [
      'with a failing warning is clear',
      target({ healthChecks: [check('a', 'failing', 'warning'), check('b', 'passing')] }),
      [],
      ['V01 ok'],
    ],
    ['of another major version is warned about', aDeployment('v0.9.0', { id: 5 }), [], ['V01 ok', 'V13 warn']],
  ])('%s', (_title, one, others, findings) => {
    expect(findingsOf(one, others)).toEqual(findings)
  })

  test('that is held is blocked, until the hold ends', () => {
    const held = (until?: string) => ({
      history: {
        schema: 1,
        environment: 'production',
        deployments: [live, target()],
        held: [
          {
            version: version('1.2.0'),
            reason: 'leaks',
            at: '2026-01-01T00:00:00Z',
            ...(until === undefined ? {} : { until }),
          },
        ],
      },
    })

    expect(findingsOf(target(), [], held())).toEqual(['V05 block'])
    expect(findingsOf(target(), [], held('2026-01-15T00:00:00Z'))).toEqual(['V01 ok'])
  })

  test('without a reason is blocked where one is required', () => {
    expect(findingsOf(target(), [], { reason: '', requireReason: true })).toEqual(['V25 block'])
    expect(findingsOf(target(), [], { reason: '', requireReason: false })).toEqual(['V01 ok'])
  })

  test('that is the live version is only warned about', () => {
    expect(findingsOf(live, [], { requireReason: true, reason: '' })).toEqual(['V01 ok', 'V14 warn'])
  })
})
