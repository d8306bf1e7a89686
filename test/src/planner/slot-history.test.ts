import { expect, test } from 'vitest'
import type { Deployment, PackageStatus } from '../../../src/domain/deployment.ts'
import type { Version } from '../../../src/domain/version.ts'
import { deploymentIn, skipTaken, leftWith } from '../../../src/planner/slot-history.ts'
import { servedThrough } from '../../../src/planner/served-slots.ts'
import { trafficDriver } from '../../../src/planner/traffic-driver.ts'
import { standbyUntil } from '../../../src/planner/standby-slot.ts'
import { aDeployment } from '../../support/builders/a-history.ts'
import { createMemoryBalancer } from '../../support/servers/memory-provider.ts'

const REF = { format: 'traffic', registry: 'memory', name: 'hello' }
const DRIVER = trafficDriver({ provider: createMemoryBalancer().provider, options: {} })
const slots = DRIVER.slots ?? expect.fail('the switch has slots')
const registries = () => ({ driver: DRIVER, options: {}, isManual: false, isConfigured: true })

interface Entry {
  readonly slot?: 'blue' | 'green'
  readonly status?: PackageStatus
  readonly kind?: Deployment['kind']
  readonly timestamp?: string
}

function entry(version: string, { slot, status = 'deployed', kind = 'deploy', timestamp }: Entry): Deployment {
  const ref = slot === undefined ? {} : { ref: { slot } }
  const time = timestamp === undefined ? {} : { timestamp }
  return aDeployment(version, { kind, packages: [{ ...REF, status, ...ref }], ...time })
}

/** Newest first. */
const placed = (...deployments: readonly Deployment[]) => ({
  history: { schema: 1, environment: 'production', deployments, held: [] },
  ref: REF,
  slots,
})
const V12 = entry('v1.2.0', { slot: 'blue' })
const V13 = entry('v1.3.0', { slot: 'green' })

test('a slot runs what was deployed to it last, also when that failed', () => {
  const failed = entry('v1.4.0', { slot: 'blue', status: 'failed' })

  expect(deploymentIn(placed(V13, V12), 'blue')?.version).toBe('v1.2.0')
  expect(deploymentIn(placed(failed, V13, V12), 'blue')?.version).toBe('v1.4.0')
})

test('what never had traffic runs there all the same', () => {
  const refused = entry('v1.4.0', { slot: 'blue', status: 'skipped' })

  expect(deploymentIn(placed(refused, V13, V12), 'blue')?.version).toBe('v1.4.0')
})

test('a rollback puts nothing into a place', () => {
  const back = entry('v1.2.0', { slot: 'green', kind: 'rollback' })

  expect(deploymentIn(placed(back, V13), 'green')?.version).toBe('v1.3.0')
})

const subject = (pin: { slot: string } | null) => ({
  package: REF,
  from: { version: 'v1.4.0' as Version, pin: { slot: 'blue' } },
  to: { version: 'v1.2.0' as Version, pin },
})

test.each([
  ['the place still runs the version', { slot: 'blue' }, [V13, V12], undefined],
  [
    'another version runs there',
    { slot: 'blue' },
    [entry('v1.4.0', { slot: 'blue' }), V13, V12],
    'blue runs v1.4.0 now',
  ],
  ['the same version was deployed there again', { slot: 'blue' }, [V12, V13, V12], undefined],
  ['nobody wrote down where it runs', null, [V13, V12], 'where v1.2.0 runs was not recorded'],
])('a step is left out when it leads elsewhere: %s', (_what, pin, deployments, reason) => {
  const pairing = { subjects: [subject(pin)], excluded: [] }

  const { subjects, excluded, findings } = skipTaken(pairing, placed(...deployments).history, registries)

  expect(subjects).toHaveLength(reason === undefined ? 1 : 0)
  expect(excluded.map(({ status, reason: why }) => [status, why])).toEqual(
    reason === undefined ? [] : [['skipped', `${reason}; deploy v1.2.0 again to serve it`]],
  )
  expect(findings.map(({ code, severity }) => [code, severity])).toEqual(reason === undefined ? [] : [['V30', 'warn']])
})

test('a slot is warm from the deployment with which it lost its traffic, however many came after it there', () => {
  const left = entry('v1.3.0', { slot: 'green', timestamp: '2026-03-01T10:00:00Z' })
  const again = entry('v1.3.1', { slot: 'green', timestamp: '2026-03-01T12:00:00Z' })
  const undone = entry('v1.3.0', { slot: 'green', status: 'rolled_back', timestamp: '2026-03-01T13:00:00Z' })
  const history = placed(undone, again, left, V12)

  expect(leftWith(history, 'blue')?.version).toBe('v1.3.0')
  expect(leftWith(history, 'green')).toBeUndefined()
  expect(standbyUntil(history, subject({ slot: 'blue' }), 3_600_000)).toBe('2026-03-01T11:00:00.000Z')
})

const AT = { version: 'v1.2.0' as Version, pin: { slot: 'blue' } }
const nobody = () => false

test.each([
  ['everything where it should be', { blue: 100, green: 0 }, { serving: '1.2.0', isExpected: true }],
  ['a part elsewhere', { blue: 90, green: 10 }, { serving: '1.3.0', isExpected: false }],
  ['nobody gets anything', { blue: 0, green: 0 }, { serving: null, isExpected: false }],
])('people get %s', (_what, pointer, served) => {
  expect(servedThrough(placed(V13, V12), pointer, AT, nobody)).toMatchObject(served)
})

test('a share of a held version counts before any other, and a slot nobody deployed to cannot be told', () => {
  const unknown = servedThrough(placed(V12), { blue: 50, green: 50 }, AT, nobody)
  const held = servedThrough(
    placed(V13, entry('v1.1.0', { slot: 'blue' })),
    { blue: 50, green: 50 },
    AT,
    (version) => version === 'v1.3.0',
  )

  expect(unknown).toEqual({ serving: null, isExpected: false, text: 'blue 50 % v1.2.0, green 50 % (unknown)' })
  expect(held.serving).toBe('1.3.0')
})
