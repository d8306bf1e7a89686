import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { DeployHandle, DeployOutcome } from '../../src/engine/deploy/deploy.ts'
import type { StampedDeploy } from '../../src/events/deploy-events.ts'
import type { Clock } from '../../src/platform/platform.ts'
import { anHourLater } from '../support/an-hour-later.ts'
import { cli } from '../support/cli-harness.ts'
import {
  aDeployOf,
  createDeployProject,
  eventsOf,
  readDeployEvents,
  type DeployProject,
  type DeployProjectOptions,
} from '../support/deploy-project.ts'
import { startSocketProxy } from '../support/socket-proxy.ts'
import { missingHaproxy } from '../support/real/haproxy.ts'

const missing = missingHaproxy()

/** A deploy whose process was told to stop as soon as a stage began. */
const stoppedAt = (stage: number, options: DeployProjectOptions) =>
  stoppedWhen((event) => event.type === 'stage.started' && event.stage === stage, options)

/** A deploy whose process was told to stop as soon as something had happened. */
async function stoppedWhen(
  happened: (event: StampedDeploy, events: readonly StampedDeploy[]) => boolean,
  options: DeployProjectOptions,
  onEvent: (event: StampedDeploy, project: DeployProject) => unknown = () => undefined,
): Promise<[DeployProject, DeployOutcome]> {
  const project = await createDeployProject(options)
  onTestFinished(() => project.close())
  const { engine } = await project.open()
  const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
  const events: StampedDeploy[] = []
  await readDeployEvents(handle, (event) => {
    events.push(event)
    onEvent(event, project)
    if (happened(event, events)) handle.stop('for now')
  })
  return [project, await handle.result]
}

/** Somebody goes on with it an hour later. */
async function anHourLaterOf({ open, platform }: DeployProject, deployId: string): Promise<DeployHandle> {
  const { engine } = await open({ ...platform, clock: anHourLater(platform.clock) })
  return engine.resumeDeploy(deployId)
}

/** A project whose runtime API is reached through a proxy. */
async function behindProxy() {
  const project = await createDeployProject({ traffic: { steps: [{ weight: 10 }, { pause: '200ms' }] } })
  const proxy = await startSocketProxy(String(project.balancer.keys['socket']))
  onTestFinished(async () => {
    await proxy.close()
    await project.close()
  })
  edit(project, String(project.balancer.keys['socket']), proxy.path)
  return { project, proxy }
}

function edit(project: DeployProject, from: string | RegExp, to: string): void {
  const file = join(project.root, 'bagboy.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
}

describe.skipIf(missing)(`a deploy and what changes meanwhile ${missing ?? ''}`, () => {
  test('it is not gone on with behind another balancer', async () => {
    const [project, { deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    edit(
      project,
      /traffic:[\s\S]*?(?=\n {2}\S)/u,
      'traffic: { provider: command, status: [./status.sh], switch: [./switch.sh] }',
    )
    const { engine } = await project.open()

    await expect(engine.resumeDeploy(deployId).result).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('begun behind haproxy') as string,
    })
  })

  test('an analysis whose check is gone from the configuration says nothing, and never passes', async () => {
    const steps = [{ weight: 10 }, { pause: {} }, { analysis: 'errors' }]
    const [project, { deployId }] = await stoppedAt(3, { traffic: { steps } })
    edit(project, '- analysis: errors', '- weight: 50')
    edit(project, '- name: errors', '- name: others')
    const { engine } = await project.open()

    const handle = engine.resumeDeploy(deployId)
    const asked: string[] = []
    await readDeployEvents(handle, async (event) => {
      if (event.type === 'deploy.adopted') await engine.commandDeploy(deployId, 'promote', '')
      if (event.type !== 'deploy.asked') return
      asked.push(event.question.detail)
      await engine.commandDeploy(deployId, 'abort', '')
    })

    expect(asked).toEqual(['errors is not configured any more'])
    expect(await handle.result).toMatchObject({ result: 'aborted' })
  })

  test('an analysis nobody went on with for an hour is begun again, with the whole of its time', async () => {
    const [project, { deployId }] = await stoppedWhen(
      ({ type }, events) => type === 'analysis.measured' && eventsOf(events, 'analysis.measured').length === 3,
      { traffic: { steps: [{ weight: 10 }, { analysis: 'errors' }] }, measurements: 10 },
    )

    const handle = await anHourLaterOf(project, deployId)
    const events = await readDeployEvents(handle)

    expect(await handle.result).toMatchObject({ result: 'promoted' })
    expect(eventsOf(events, 'stage.started').map(({ stage }) => stage)).toEqual([0, 1, 2, 3, 3, 4, 5, 6])
    expect((await handle.result).view.stages[3]?.measurements).toHaveLength(10)
  })

  test('an analysis that had failed when its process ended has failed, whatever the slot says an hour later', async () => {
    const [project, { deployId }] = await stoppedWhen(
      (event) => event.type === 'analysis.measured' && event.progress.status === 'failed',
      { traffic: { steps: [{ weight: 10 }, { analysis: 'errors' }] }, measurements: 10 },
      (event, { services }) => event.type === 'traffic.moved' && services.bad.add('green'),
    )
    project.services.bad.delete('green')

    expect(await (await anHourLaterOf(project, deployId)).result).toMatchObject({ result: 'reverted' })
  })

  test('a watch that was broken off is watched whole, and the history says how long', async () => {
    const [project, { deployId }] = await stoppedWhen(
      (event, events) => event.type === 'stage.started' && eventsOf(events, 'stage.finished').length === 4,
      { traffic: { steps: [] } },
    )

    const outcome = await (await anHourLaterOf(project, deployId)).result

    expect(outcome).toMatchObject({
      result: 'promoted',
      view: { summary: expect.stringMatching(/healthy for 600ms$/u) },
    })
    expect((await project.history()).deployments[0]).toMatchObject({
      healthVerdict: 'healthy',
      healthWatched: '600ms',
    })
  })

  test('the time of a pause is over when the clock says so, also while its timer stood still', async () => {
    const project = await createDeployProject({ traffic: { steps: [{ weight: 10 }, { pause: '1h' }] } })
    onTestFinished(() => project.close())
    const { platform } = project
    const later = anHourLater(platform.clock)
    let isPausing = false
    let isLater = false
    const clock: Clock = {
      ...platform.clock,
      now: () => (isLater ? later : platform.clock).now(),
      sleep(ms, signal, options) {
        isLater ||= isPausing && ms >= 1000 && !options?.isBackground
        return platform.clock.sleep(ms, signal, options)
      },
    }
    const { engine } = await project.open({ ...platform, clock })

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, (event) => {
      isPausing ||= event.type === 'stage.started' && event.stage === 3
    })

    expect(await handle.result).toMatchObject({ result: 'promoted' })
  })

  test('the traffic moved between the plan and the start: nothing is begun', async () => {
    const project = await createDeployProject()
    onTestFinished(() => project.close())
    const { engine } = await project.open()
    const plan = await engine.planDeploy(aDeployOf('v1.4.0'))
    await project.balancer.moveByHand(25)

    await expect(engine.deploy(plan).result).rejects.toMatchObject({ code: 'PLAN_STALE' })
    expect(await engine.deploys()).toEqual([])
  })

  test('both slots get something: there is no idle one to deploy into', async () => {
    const project = await createDeployProject()
    onTestFinished(() => project.close())
    const { engine } = await project.open()
    await project.balancer.moveByHand(25)

    await expect(engine.planDeploy(aDeployOf('v1.4.0'))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  })

  test('the slot that is kept is said to be given up before the next deploy goes there', async () => {
    const project = await createDeployProject({ traffic: { steps: [] } })
    onTestFinished(() => project.close())
    const { engine } = await project.open()
    await engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0'))).result

    const next = await engine.planDeploy(aDeployOf('v1.5.0'))

    expect(next.warnings.join('\n')).toContain('blue keeps v1.3.0 to go back to until')
  })

  test('a damaged journal of a deploy is found, and nothing else is begun over it', async () => {
    const [project, { deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    const file = join(project.root, '.bagboy/deploys', deployId, 'journal.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"green":10', '"green":11'))
    const { engine } = await project.open()

    expect(await engine.verifyHistory()).toContainEqual(
      expect.objectContaining({ what: `deploy ${deployId}`, state: 'bad' }),
    )
    await expect(engine.planDeploy(aDeployOf('v1.5.0'))).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' })
  })

  test('what is no command is passed over', async () => {
    const [project, { deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    const folder = join(project.root, '.bagboy/deploys', deployId)
    writeFileSync(join(folder, '01JK8Q4Z7T5V00000000000000.command.json'), '{"command":"explode","by":"x","reason":""}')
    writeFileSync(join(folder, '01JK8Q4Z7T5V00000000000001.command.json'), '{"command":"abort"')
    const { engine } = await project.open()

    const handle = engine.resumeDeploy(deployId)
    await readDeployEvents(handle, async (event) => {
      if (event.type === 'deploy.adopted') await engine.commandDeploy(deployId, 'promote', '')
    })

    expect(await handle.result).toMatchObject({ result: 'promoted' })
    expect(readdirSync(join(project.root, '.bagboy/deploys'))).toEqual(['closed'])
  })

  test('the lock of a deploy says what it is held for, and how to go on with it', async () => {
    const project = await createDeployProject({ traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    onTestFinished(() => project.close())
    const { engine, config } = await project.open()
    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const said: string[] = []
    await readDeployEvents(handle, async (event) => {
      if (event.type !== 'stage.started' || event.stage !== 3) return
      said.push((await cli(['lock', 'status'], { openApp: () => Promise.resolve({ engine, config }) })).stdout)
      handle.stop('enough')
    })

    expect(said[0]).toContain('deploy v1.4.0 to green')
    expect(said[0]).toContain('bagboy-tui traffic status --watch')
  })

  test('a slot that answers now this way and now that has not passed when its time is over', async () => {
    const check = { name: 'ready', url: 'http://${target_host}/health', target: 'preview', interval: '100ms' }
    const project = await createDeployProject({
      deployment: {
        health_checks: [{ ...check, success_threshold: 2, failure_threshold: 2 }],
        rollback: { timeout: '1s', request_timeout: '1s' },
      },
    })
    onTestFinished(() => project.close())
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, (event) => {
      if (event.type !== 'health.sampled') return
      if (event.sample.verdict === 'passing') project.services.bad.add('green')
      else project.services.bad.delete('green')
    })

    expect(await handle.result).toMatchObject({ result: 'refused', exitCode: 5 })
    expect((await project.history()).deployments[0]?.trigger).toMatchObject({
      check: 'ready',
      value: 'not the same for long within 1s',
    })
  })

  test('the way back looks at the balancer first: somebody may have moved it while nobody was at work', async () => {
    const [project, { deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    await project.balancer.moveByHand(100)
    project.services.bad.add('blue')
    const { engine } = await project.open()

    const outcome = await engine.resumeDeploy(deployId, { command: 'abort', reason: '' }).result

    expect(outcome).toMatchObject({ result: null, exitCode: 5, view: { question: { kind: 'other-slot-failing' } } })
    expect(await project.split()).toEqual({ blue: 0, green: 100 })
  })

  test('answers that are lost decide nothing: what is read does', async () => {
    const { project, proxy } = await behindProxy()
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, (event) => {
      if (event.type === 'stage.started' && event.stage === 3) proxy.setMode('lose')
    })

    expect(await handle.result).toMatchObject({ result: 'promoted', exitCode: 0 })
    expect(await project.split()).toEqual({ blue: 0, green: 100 })
  })

  test('a runtime API that answers no more leaves the deploy open; when it answers again, it goes on', async () => {
    const { project, proxy } = await behindProxy()
    const { engine, config } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, (event) => {
      if (event.type === 'stage.started' && event.stage === 3) proxy.setMode('stall')
    })
    const left = await handle.result
    const status = await cli(['traffic', 'status'], { openApp: () => Promise.resolve({ engine, config }) })
    proxy.setMode('pass')
    const outcome = await engine.resumeDeploy(left.deployId, { command: 'resume', reason: '' }).result

    expect(left).toMatchObject({ result: null, exitCode: 6, view: { question: { kind: 'provider' } } })
    expect([status.exitCode, status.stderr]).toEqual([
      6,
      expect.stringContaining('The deploy of v1.4.0 is open at traffic 100 %') as string,
    ])
    expect(outcome).toMatchObject({ result: 'promoted', exitCode: 0 })
    expect(await project.split()).toEqual({ blue: 0, green: 100 })
  })
})
