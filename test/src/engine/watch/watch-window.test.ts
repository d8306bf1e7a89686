import { describe, expect, test } from 'vitest'
import type { StampedWatch } from '../../../../src/events/watch-events.ts'
import { anHttpCheck } from '../../../support/builders/a-probe.ts'
import { failures } from '../../../support/builders/health-facts.ts'
import { aWatchedProject, watching, watchToEnd } from '../../../support/projects/watched-project.ts'

const types = (events: readonly StampedWatch[]) => events.map(({ type }) => type)
const only = <T extends StampedWatch['type']>(events: readonly StampedWatch[], type: T) =>
  events.filter((event): event is Extract<StampedWatch, { type: T }> => event.type === type)

describe('a watch of a window', () => {
  const settle = watching({ until: 'window', mode: 'off', judges: 3 })

  test('finds a version healthy when it was so to the end, and writes that down', async () => {
    const project = await aWatchedProject()

    const { result, events, phases } = await watchToEnd(project.engine.watch(settle))
    const [entry] = (await project.readHistory()).deployments

    expect(result).toEqual({ kind: 'judged', verdict: 'healthy', why: '' })
    expect(only(events, 'watch.judged')[0]).toMatchObject({ watchedMs: 600_000, deploymentId: 3 })
    expect(entry).toMatchObject({
      id: 3,
      healthVerdict: 'healthy',
      healthWatched: '10m',
      healthChecks: [{ label: 'login', status: 'passing' }],
    })
    expect(phases).toEqual(['rollbackComplete', 'monitoring', 'deployed'])
  })

  test('finds it unhealthy as soon as a trigger fires', async () => {
    const project = await aWatchedProject()
    project.onRequest.hook = (count) => {
      if (count === 40) project.bad.add('1.3.0')
    }

    const { result, events } = await watchToEnd(project.engine.watch(settle))
    const [entry] = (await project.readHistory()).deployments

    expect(result).toMatchObject({ verdict: 'unhealthy', why: 'health_check_failures of login: 3 ≥ 3' })
    expect(only(events, 'watch.judged')[0]?.watchedMs).toBeLessThan(600_000)
    expect(types(events)).not.toContain('trigger.fired')
    expect(entry).toMatchObject({ healthVerdict: 'unhealthy', healthChecks: [{ label: 'login', status: 'failing' }] })
  })

  test('does so too where the file names no trigger', async () => {
    const project = await aWatchedProject({ triggers: [] })
    project.bad.add('1.3.0')

    expect((await watchToEnd(project.engine.watch(settle))).result).toMatchObject({ verdict: 'unhealthy' })
  })

  test('says nothing, and writes nothing, when nobody could be asked', async () => {
    const project = await aWatchedProject()
    project.outage.isOn = true

    const { result } = await watchToEnd(project.engine.watch(settle))
    const [entry] = (await project.readHistory()).deployments

    expect(result).toMatchObject({ verdict: 'unknown', why: 'nothing can be said by login' })
    expect([entry?.healthVerdict, entry?.healthWatched]).toEqual([undefined, undefined])
  })

  test.for([
    ['a check of the version to go back to', { target: 'preview' }],
    ['a check that decides nothing', { severity: 'warning' }],
    ['a check of a slot, and nobody knows which one is live', { target: 'blue' }],
  ] as const)('is not proved healthy by %s', async ([, parts]) => {
    const project = await aWatchedProject({ checks: [anHttpCheck('http://service/health', parts)] })

    const { result } = await watchToEnd(project.engine.watch(settle))
    const [entry] = (await project.readHistory()).deployments

    expect(result).toEqual({ kind: 'judged', verdict: 'unknown', why: 'nothing was asked that counts' })
    expect(entry?.healthVerdict).toBeUndefined()
  })

  test('writes nothing about a version that is not live any more', async () => {
    const project = await aWatchedProject()

    const { events } = await watchToEnd(project.engine.watch({ ...settle, judges: 2 }))

    expect(only(events, 'watch.judged')[0]).toMatchObject({ verdict: 'healthy', deploymentId: null })
  })

  test('that is stopped has no verdict', async () => {
    const project = await aWatchedProject()

    const { result, events } = await watchToEnd(project.engine.watch(settle), (event, handle) => {
      if (event.type === 'health.sampled') handle.stop('the operator left')
    })

    expect(result).toEqual({ kind: 'stopped' })
    expect(types(events)).not.toContain('watch.judged')
  })
})

describe('a watch of one round', () => {
  test('asks every check once, whatever its state, and decides nothing', async () => {
    const project = await aWatchedProject({ triggers: [{ number: 1, conditions: [failures(1)] }] })
    project.bad.add('1.3.0')

    const { result, view, events } = await watchToEnd(project.engine.watch(watching({ until: 'one-round' })))

    expect(result).toEqual({ kind: 'quiet' })
    expect(view.probes.map(({ samples }) => samples.length)).toEqual([1, 1])
    expect(types(events)).not.toContain('trigger.fired')
  })
})

test('every check is asked now when somebody wants to know', async () => {
  const project = await aWatchedProject({
    checks: [anHttpCheck('http://service/health', { name: 'login', intervalMs: 3_600_000 })],
  })
  let asked = 0

  await watchToEnd(project.engine.watch(watching({ until: 'stopped' })), (event, handle) => {
    if (event.type !== 'health.sampled') return
    asked += 1
    if (asked === 1) handle.command('probe')
    else handle.stop('enough')
  })

  expect(project.asked).toHaveLength(2)
  expect(project.clock.elapsedMs()).toBeLessThan(3_600_000)
})
