import { expect, test } from 'vitest'
import { splitBars } from '../../../src/planner/split-bars.ts'
import { trafficDriver, trafficPackage } from '../../../src/planner/traffic-driver.ts'
import type { PinnedVersion } from '../../../src/domain/plan.ts'
import { version } from '../../support/builders/a-history.ts'
import { createMemoryBalancer, type MemoryBalancer } from '../../support/servers/memory-provider.ts'
import { platformWith } from '../../support/test-platform.ts'

const TO: PinnedVersion = { version: version('v1.2.0'), pin: { slot: 'green' } }
const FROM: PinnedVersion = { version: version('v1.3.0'), pin: { slot: 'blue' } }

/** Everything goes to blue. */
function open(parts: Partial<Pick<MemoryBalancer, 'weights' | 'states' | 'isApplied'>> = {}, to = TO) {
  const balancer = Object.assign(createMemoryBalancer(), parts)
  const traffic = { provider: balancer.provider, options: {} }
  const driver = trafficDriver(traffic)
  const ref = trafficPackage(traffic, 'hello')
  const subject = { package: ref, from: FROM, to }
  const context = {
    platform: platformWith({}),
    options: {},
    signal: new AbortController().signal,
    timeoutMs: 1000,
    root: '/',
    cacheFolder: '/',
    oneTimePassword: async () => '',
  }
  const inspect = () => driver.inspect(subject, context)
  const plan = async () => driver.plan({ subject, snapshot: await inspect(), options: {} })
  return { balancer, driver, subject, context, inspect, plan }
}

test('a split that is written down and not done is planned for once more', async () => {
  const there = { weights: { blue: 0, green: 100 } }

  expect(await open(there).plan()).toBeUndefined()
  expect(await open({ ...there, isApplied: false }).plan()).toMatchObject({ want: { blue: 0, green: 100 } })
})

test('where nobody gets anything there is nothing to go back to', async () => {
  const draft = await open({ weights: { blue: 0, green: 0 } }).plan()

  expect(draft).toMatchObject({ reversibility: 'one-way', undo: [] })
})

test.each([
  ['down', { blue: 100, green: 0 }, 'closed'],
  ['stopped', { blue: 50, green: 50 }, 'closed'],
  ['stopped', { blue: 0, green: 100 }, 'present'],
  ['unknown', { blue: 100, green: 0 }, 'present'],
] as const)('a slot that is %s is no target unless it has everything already: %o', async (state, weights, status) => {
  const { inspect } = open({ weights, states: { blue: 'up', green: state } })

  expect((await inspect()).target.status).toBe(status)
})

test('a version without a slot is nowhere', async () => {
  const { inspect, plan } = open({}, { version: version('v1.2.0'), pin: null })

  expect((await inspect()).target).toMatchObject({ status: 'missing', remedy: 'Deploy v1.2.0 again to serve it.' })
  await expect(plan()).rejects.toMatchObject({ code: 'PLAN_INVALID' })
})

test('a history of another switch is not read through this one', async () => {
  const { driver, subject, context } = open()
  const other = { ...subject, package: { ...subject.package, registry: 'haproxy' } }

  await expect(driver.inspect(other, context)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

test('nobody can say which slot a version is while both get something', async () => {
  const { driver, subject, context } = open({ weights: { blue: 9, green: 1 } })

  const captured = driver.capture({ package: subject.package, version: 'v1.3.0' }, context)

  await expect(captured).rejects.toMatchObject({ code: 'REGISTRY_REJECTED', message: expect.stringContaining('90 %') })
})

test('a share between the two is only ours where a write is not there at once', () => {
  const [before, want] = [
    { blue: 100, green: 0 },
    { blue: 0, green: 100 },
  ]
  const { balancer, driver } = open()
  const inSteps = trafficDriver({
    provider: {
      ...balancer.provider,
      capabilities: (options) => ({ ...balancer.provider.capabilities(options), isAtomic: false }),
    },
    options: {},
  })

  expect(driver.isIntermediate?.({ blue: 50, green: 50 }, before, want)).toBe(false)
  expect(inSteps.isIntermediate?.({ blue: 50, green: 50 }, before, want)).toBe(true)
  expect(inSteps.isIntermediate?.({ blue: 95, green: 5 }, { blue: 90, green: 10 }, want)).toBe(false)
  expect(() => inSteps.isIntermediate?.('half', before, want)).toThrow(/what should be a split is none/u)
})

test('a bar is empty for nobody and full for everybody only', () => {
  const versionOf = (slot: string) => (slot === 'blue' ? '1.2.0' : '')

  expect(splitBars({ blue: 1, green: 99 }, versionOf).split('\n')).toEqual([
    'blue   █···········    1 %  1.2.0',
    'green  ███████████·   99 %',
  ])
  expect(splitBars({ blue: 0, green: 100 }, versionOf).split('\n')).toEqual([
    'blue   ············    0 %  1.2.0',
    'green  ████████████  100 %',
  ])
})
