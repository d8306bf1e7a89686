import { describe, expect, test } from 'vitest'
import type { HealthTarget } from '../../../src/domain/health/health-check.ts'
import { planProbes, type Copies } from '../../../src/health/plan-probes.ts'
import { aCommandCheck, aTcpCheck, anHttpCheck } from '../../support/builders/a-probe.ts'

const NO_SLOTS: Copies = { blue: null, green: null, preview: null, active: null }
const SLOTS: Copies = {
  blue: 'http://10.0.0.11:8080',
  green: 'http://10.0.0.12:8080',
  preview: 'https://preview.example.com',
  active: 'green',
}
const live = { role: 'live', version: '1.3.0', values: { app: 'myapp' } } as const
const target = { role: 'target', version: '1.2.0', values: { app: 'myapp' } } as const

const at = (checkTarget: HealthTarget, url = 'https://api.example.com/health') =>
  anHttpCheck(url, { target: checkTarget })

/** Names and addresses of the probes. */
const planned = (check: ReturnType<typeof at>, copies: Copies, subject: typeof live | typeof target) =>
  planProbes([check], copies, subject).map((probe) => [probe.id, 'url' in probe.check ? probe.check.url : ''])

describe('which checks say something', () => {
  const HERE = 'https://api.example.com/health'

  test.each([
    ['active', NO_SLOTS, live, [['api', HERE]]],
    ['active', NO_SLOTS, target, []],
    ['preview', NO_SLOTS, live, []],
    ['preview', NO_SLOTS, target, [['api', HERE]]],
    ['all', NO_SLOTS, live, [['api', HERE]]],
    ['all', NO_SLOTS, target, []],
    ['all', SLOTS, target, [['api@blue', HERE]]],
    ['green', SLOTS, live, [['api', HERE]]],
    ['green', SLOTS, target, []],
    ['blue', SLOTS, live, []],
    ['blue', SLOTS, target, [['api', HERE]]],
    ['blue', NO_SLOTS, target, []],
    ['green', { ...SLOTS, active: null }, live, []],
  ] as const)('of the target %s', (checkTarget, copies, subject, expected) => {
    expect(planned(at(checkTarget), copies, subject)).toEqual(expected)
  })

  test('a check of all copies asks another one only where its address says which', () => {
    const versioned = at('all', 'https://${version}.example.com/')
    const hosted = at('all', 'https://${target_host}/')

    expect(planned(versioned, NO_SLOTS, target)).toEqual([['api@preview', 'https://1.2.0.example.com/']])
    expect(planned(hosted, NO_SLOTS, target)).toEqual([])
    expect(planned(hosted, { ...NO_SLOTS, preview: 'https://p.example.com' }, target)).toEqual([
      ['api@preview', 'https://p.example.com/'],
    ])
    expect(planned(hosted, SLOTS, live)).toEqual([['api', 'https://10.0.0.12:8080/']])
    expect(planned(hosted, SLOTS, target)).toEqual([['api@blue', 'https://10.0.0.11:8080/']])
  })

  test('everything in a check is filled in for its copy', () => {
    const expect200 = { statuses: [200], maxLatencyMs: null }
    const check = anHttpCheck('http://${target_host}/${app}', {
      target: 'all',
      headers: { 'x-slot': '${slot}' },
      body: '${version}',
      expect: {
        ...expect200,
        headers: [['x-app-version', '${version}']],
        json: [
          ['$.v', '${version}'],
          ['$.n', 1],
        ],
      },
    })

    const [probe] = planProbes([check], SLOTS, target)

    expect(probe).toMatchObject({
      id: 'api@blue',
      target: 'blue',
      problem: '',
      check: {
        url: 'http://10.0.0.11:8080/myapp',
        headers: { 'x-slot': 'blue' },
        body: '1.2.0',
        expect: {
          headers: [['x-app-version', '1.2.0']],
          json: [
            ['$.v', '1.2.0'],
            ['$.n', 1],
          ],
        },
      },
    })
  })

  test('commands and ports too', () => {
    const probes = planProbes(
      [aCommandCheck(['./check.sh', '${version}']), aTcpCheck('${target_host}', 5432)],
      { ...SLOTS, green: 'http://green:1' },
      live,
    )

    expect(probes.map(({ check }) => check)).toMatchObject([{ words: ['./check.sh', '1.3.0'] }, { host: 'green' }])
  })

  test('what is not known here is said, and nothing is asked', () => {
    const [probe] = planProbes([at('active', 'https://${target_host}/${slot}')], NO_SLOTS, live)

    expect(probe?.problem).toBe('${target_host}, ${slot} is not known here')
  })
})
