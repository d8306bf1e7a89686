import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/create-engine.ts'
import { BagboyError } from '../../../../src/errors/bagboy-error.ts'
import type { StampedWatch } from '../../../../src/events/watch-events.ts'
import { anHttpCheck } from '../../../support/builders/a-probe.ts'
import { ALWAYS_TRUSTED } from '../../../support/engine/always-trusted.ts'
import { collect } from '../../../support/engine/engine-fixture.ts'
import {
  auto,
  aWatchedProject,
  watching,
  watchToEnd,
  type WatchedProject,
} from '../../../support/projects/watched-project.ts'

const types = (events: readonly StampedWatch[]) => events.map(({ type }) => type)
const only = <T extends StampedWatch['type']>(events: readonly StampedWatch[], type: T) =>
  events.filter((event): event is Extract<StampedWatch, { type: T }> => event.type === type)

describe('a watch until something is decided', () => {
  test('of a healthy release ends after one round, and nothing is done', async () => {
    const project = await aWatchedProject()

    const { result, view, phases } = await watchToEnd(project.engine.watch(watching()))

    expect(result).toEqual({ kind: 'quiet' })
    expect(phases).toEqual(['deployed', 'monitoring'])
    expect(view.probes.map(({ probe, role }) => [probe, role])).toEqual([
      ['login', 'live'],
      ['version', 'target'],
    ])
    expect(view.probes[0]?.state.state).toBe('passing')
  })

  test('of a bad one approves its rollback after three failing rounds, with the evidence', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')

    let writesBefore = -1

    const { result, phases, events } = await watchToEnd(project.engine.watch(watching()), ({ type }) => {
      if (type === 'rollback.approved') writesBefore = project.world.registry('one').writes.length
    })

    expect(phases).toEqual(['deployed', 'monitoring', 'healthCheckFailed', 'autoRollbackTrigger', 'planning'])
    expect(result).toMatchObject({
      kind: 'approved',
      plan: {
        from: 'v1.3.0',
        to: 'v1.2.0',
        reason: 'automatic: health_check_failures of login 3 ≥ 3 (500)',
        trigger: {
          kind: 'health_check_failures',
          value: '3',
          threshold: '3',
          source: 'probes',
          check: 'login',
          detail: '500',
        },
      },
    })
    expect(types(events)).not.toContain('countdown.started')
    expect(writesBefore).toBe(0)
    expect(only(events, 'trigger.evaluated').map(({ rules }) => rules[0]?.conditions[0]?.done)).toEqual([1, 2, 3])
  })

  test('cannot say anything when nobody can be asked, and does nothing', async () => {
    const project = await aWatchedProject()
    project.outage.isOn = true

    const { result, events } = await watchToEnd(project.engine.watch(watching()))

    expect(result).toMatchObject({ kind: 'inconclusive', why: expect.stringContaining('the name was not found') })
    expect(types(events)).not.toContain('trigger.fired')
  })

  test('says so when there is nothing to watch', async () => {
    const project = await aWatchedProject({ checks: [] })

    await expect(project.engine.watch(watching()).result).rejects.toMatchObject({ code: 'HEALTH_NOT_CONFIGURED' })
  })
})

describe('a countdown', () => {
  test('is given to whoever can veto, and lasts as long as configured', async () => {
    const project = await aWatchedProject(auto({ countdownMs: 10_000 }))
    project.bad.add('1.3.0')

    const { result, events } = await watchToEnd(project.engine.watch(watching({ hasOperator: true })))

    const [started] = only(events, 'countdown.started')
    const [ended] = only(events, 'countdown.ended')
    expect(result.kind).toBe('approved')
    expect(ended?.by).toBe('time')
    expect(Date.parse(ended?.at ?? '') - Date.parse(started?.at ?? '')).toBe(10_000)
    expect(started?.endsAt).toBe(ended?.at)
  })

  test('is stopped by a veto: nothing is done, and nothing will be by itself', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')

    const { result, view, phases } = await watchToEnd(
      project.engine.watch(watching({ hasOperator: true })),
      (event, handle) => {
        if (event.type === 'countdown.started') handle.command('veto')
      },
    )

    expect(result).toEqual({ kind: 'vetoed' })
    expect(phases.slice(-2)).toEqual(['autoRollbackTrigger', 'monitoring'])
    expect([view.mode, view.countdown]).toEqual(['propose', null])
    expect(project.world.registry('one').writes).toEqual([])
  })

  test('is broken off when the release recovers meanwhile', async () => {
    const project = await aWatchedProject(auto({ countdownMs: 60_000 }))
    project.bad.add('1.3.0')

    const { result, events, phases } = await watchToEnd(
      project.engine.watch(watching({ until: 'stopped', hasOperator: true, endsWithDecision: false })),
      (event, handle) => {
        if (event.type === 'countdown.started') project.bad.clear()
        if (event.type === 'trigger.cleared') handle.stop('seen enough')
      },
    )

    expect(result).toEqual({ kind: 'stopped' })
    expect(only(events, 'countdown.ended').map(({ by }) => by)).toEqual(['recovery'])
    expect(phases.slice(-2)).toEqual(['autoRollbackTrigger', 'monitoring'])
  })

  test('can be started again by whoever arms it after a veto', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')
    let countdowns = 0

    const { result } = await watchToEnd(
      project.engine.watch(watching({ until: 'stopped', hasOperator: true, endsWithDecision: false })),
      (event, handle) => {
        if (event.type === 'countdown.started' && (countdowns += 1) === 1) handle.command('veto')
        if (event.type === 'mode.changed' && event.mode === 'propose') handle.command('arm')
      },
    )

    expect([result.kind, countdowns]).toEqual(['approved', 2])
  })
})

describe('a trigger that fires', () => {
  test('is refused when what was live before fails as well: it is not the deploy', async () => {
    const project = await aWatchedProject({
      checks: [anHttpCheck('http://service/${version}/health', { name: 'login', target: 'all' })],
    })
    project.bad.add('1.3.0').add('1.2.0')

    const { result, phases, events } = await watchToEnd(project.engine.watch(watching()))

    expect(result).toMatchObject({
      kind: 'refused',
      error: { code: 'NOT_THIS_DEPLOY', message: expect.stringContaining('login: 500 now, 500 on v1.2.0') },
    })
    expect(phases.slice(-2)).toEqual(['autoRollbackTrigger', 'manualIntervention'])
    expect(only(events, 'target.checked')[0]?.comparisons).toEqual([
      { what: 'login', live: '500', other: '500', isOtherBad: true },
    ])
    expect(project.world.registry('one').writes).toEqual([])
  })

  test('never leads onto a target that fails a check of its own', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0').add('1.2.0')

    const { result } = await watchToEnd(project.engine.watch(watching()))

    expect(result).toMatchObject({ kind: 'refused', error: { code: 'TARGET_UNHEALTHY' } })
  })

  test('does when the file says that neither matters', async () => {
    const project = await aWatchedProject(auto({ compareWithBaseline: false, requireHealthyTarget: false }))
    project.bad.add('1.3.0').add('1.2.0')

    expect((await watchToEnd(project.engine.watch(watching()))).result.kind).toBe('approved')
  })

  test('leads onto a target that cannot be asked: that is no target that fails', async () => {
    const project = await aWatchedProject({
      checks: [
        anHttpCheck('http://service/health', { name: 'login' }),
        anHttpCheck('http://${target_host}/health', { name: 'standby', target: 'preview' }),
      ],
    })
    project.bad.add('1.3.0')

    expect((await watchToEnd(project.engine.watch(watching()))).result.kind).toBe('approved')
  })

  test('proposes its plan and waits where the mode is propose', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')

    const { result, phases } = await watchToEnd(project.engine.watch(watching({ mode: 'propose' })))

    expect(result).toMatchObject({ kind: 'proposed', why: '', plan: { to: 'v1.2.0' } })
    expect(phases.at(-1)).toBe('autoRollbackTrigger')
  })

  test('is only said where the mode is off', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')

    const { result, phases } = await watchToEnd(project.engine.watch(watching({ mode: 'off' })))

    expect(result).toMatchObject({ kind: 'refused', error: { code: 'AUTO_SUPPRESSED' } })
    expect(phases.at(-1)).toBe('manualIntervention')
  })

  test('goes on where it is only one of many decisions', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')

    const { result, events } = await watchToEnd(
      project.engine.watch(watching({ until: 'stopped', mode: 'off', endsWithDecision: false })),
      (event, handle) => {
        if (event.type === 'health.sampled' && event.seq > 30) handle.stop('enough')
      },
    )

    expect(result.kind).toBe('stopped')
    expect(only(events, 'rollback.refused')).toHaveLength(1)
  })

  test('finds no target that lies further back than the window allows', async () => {
    const project = await aWatchedProject(auto({ maxRevisions: 0 }))
    project.bad.add('1.3.0')

    const { result } = await watchToEnd(project.engine.watch(watching()))

    expect(result).toMatchObject({
      kind: 'refused',
      error: { code: 'TARGET_UNSAFE', message: expect.stringContaining('1 versions back') },
    })
  })
})

describe('an approved rollback', () => {
  async function approved(project: WatchedProject) {
    project.bad.add('1.3.0')
    const { result } = await watchToEnd(project.engine.watch(watching()))
    if (result.kind !== 'approved') throw new Error(`not approved: ${result.kind}`)
    return project.engine.attach(result.plan.id)
  }

  test('is run by the engine, without a reader', async () => {
    const project = await aWatchedProject()
    const run = await approved(project)

    expect(await run.result).toMatchObject({ result: 'complete', exitCode: 0, view: { plan: { to: 'v1.2.0' } } })
    expect(project.world.registry('one').tags.latest).toBe('v1.2.0')
  })

  test('shows every event to a reader that comes late, and can be followed as any run', async () => {
    const project = await aWatchedProject()
    const run = await approved(project)
    await run.result

    const events = await collect(project.engine.attach(run.id))

    expect(events[0]).toMatchObject({ type: 'run.started', seq: 1 })
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', result: 'complete' })
    expect(await collect(project.engine.follow(run.id))).toEqual(events)
  })

  test('goes on when only its following is stopped', async () => {
    const project = await aWatchedProject()
    const run = await approved(project)
    const following = project.engine.follow(run.id)
    following.stop('left')

    expect(await run.result).toMatchObject({ result: 'complete' })
    await expect(following.result).rejects.toMatchObject({ code: 'ABORTED' })
    expect(() => project.engine.attach('01JDXA7Q2M3N4P5R6S7T8V9ZZZ')).toThrow('No watch of this process')
  })

  test('is stopped through the handle that is attached to it', async () => {
    const project = await aWatchedProject()
    const run = await approved(project)
    run.stop('not now')

    expect(await run.result).toMatchObject({ result: 'aborted', exitCode: 12 })
    expect(project.world.registry('four').writes).toEqual([])
  })

  test('is refused in a project that is not trusted, however it was armed', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')
    const refuse = (what: string) => {
      throw new BagboyError('NOT_TRUSTED', `${what} did not start`)
    }
    const engine = createEngine({ ...project.parts, trust: { ...ALWAYS_TRUSTED, require: refuse } })

    const { result } = await watchToEnd(
      engine.watch(watching({ mode: 'propose', until: 'stopped' })),
      (event, handle) => {
        if (event.type === 'watch.started') handle.command('arm')
      },
    )

    expect(result).toMatchObject({ kind: 'refused', error: { code: 'NOT_TRUSTED' } })
    expect(project.world.registry('one').writes).toEqual([])
  })
})

describe('after an automatic rollback', () => {
  async function rolledBack(parts: Parameters<typeof auto>[0] = {}) {
    const project = await aWatchedProject(auto(parts))
    project.bad.add('1.3.0')
    const { result } = await watchToEnd(project.engine.watch(watching()))
    if (result.kind !== 'approved') throw new Error(`not approved: ${result.kind}`)
    const outcome = await project.engine.attach(result.plan.id).result
    return { project, outcome }
  }

  test('the history says what set it off, and the version that was left is held', async () => {
    const { project, outcome } = await rolledBack()
    const history = await project.readHistory()

    expect(outcome.exitCode).toBe(0)
    expect(history.deployments[0]).toMatchObject({
      kind: 'rollback',
      version: 'v1.2.0',
      from: 'v1.3.0',
      status: 'active',
      trigger: { kind: 'health_check_failures', value: '3', check: 'login', at: expect.stringMatching(/Z$/u) },
    })
    expect(history.held.map(({ version }) => version)).toEqual(['v1.3.0'])
  })

  test('another one has to be approved by a person: soon after, and also later on', async () => {
    const { project } = await rolledBack({ cooldownMs: 1_800_000 })
    project.bad.add('1.2.0')

    const soon = await watchToEnd(project.engine.watch(watching()))
    await project.clock.pass(1_800_000)
    const later = await watchToEnd(project.engine.watch(watching()))

    expect(soon.result).toMatchObject({ kind: 'proposed', why: expect.stringContaining('was less than 30m ago') })
    expect(later.result).toMatchObject({
      kind: 'proposed',
      why: 'it was rolled back by itself once since the last deployment',
    })
    expect(soon.result).toMatchObject({ plan: { to: 'v1.1.0' } })
  })

  test('attacks on the health of one version after the other move nothing twice', async () => {
    const { project } = await rolledBack()
    const before = project.world.registry('one').writes.length
    for (const version of ['1.2.0', '1.1.0', '1.3.0']) project.bad.add(version)

    for (let turn = 0; turn < 100; turn += 1) {
      const { result } = await watchToEnd(project.engine.watch(watching()))
      expect(result.kind).not.toBe('approved')
      await project.clock.pass(3_600_000)
    }

    expect(project.world.registry('one').writes).toHaveLength(before)
  })
})
