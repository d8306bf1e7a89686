import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { countAnswers } from '../../support/servers/slot-services.ts'
import type { DeployCommand } from '../../../src/domain/traffic/deploy-plan.ts'
import type { DeployResult } from '../../../src/events/deploy-events.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import {
  aDeployOf,
  createDeployProject,
  eventsOf,
  readDeployEvents,
  type DeployProject,
  type DeployProjectOptions,
} from '../../support/projects/deploy-project.ts'

const missing = missingHaproxy()

async function aProject(options: DeployProjectOptions = {}): Promise<DeployProject> {
  const project = await createDeployProject(options)
  onTestFinished(() => project.close())
  return project
}

describe.skipIf(missing)(`a deploy behind HAProxy ${missing ?? ''}`, () => {
  test('a good version goes to the idle slot, gets all of the traffic and becomes the live one', async () => {
    const project = await aProject()
    const { engine } = await project.open()

    const plan = await engine.planDeploy(aDeployOf('v1.4.0'))
    const handle = engine.deploy(plan)
    const events = await readDeployEvents(handle)
    const outcome = await handle.result

    expect(outcome).toMatchObject({ result: 'promoted', exitCode: 0 })
    expect(await project.split()).toEqual({ blue: 0, green: 100 })
    expect(await countAnswers(project.balancer.url, 20)).toEqual({ blue: 0, green: 20 })
    expect(project.deployed()).toEqual(['1.4.0 green abc1234'])
    expect(eventsOf(events, 'traffic.moved').map(({ split }) => split.green)).toEqual([10, 50, 100])
    const { deployments, held } = await project.history()
    expect(deployments[0]).toMatchObject({
      version: 'v1.4.0',
      status: 'active',
      healthVerdict: 'healthy',
      run: plan.id,
      commit: 'abc1234',
      packages: [{ format: 'traffic', registry: 'haproxy', name: 'shop', status: 'deployed', ref: { slot: 'green' } }],
    })
    expect([deployments[1]?.status, held]).toEqual(['superseded', []])
    expect(outcome.view.kept).toMatchObject({ slot: 'blue', version: 'v1.3.0' })
  })

  test('the next deploy goes to the slot that is idle now, whatever anybody remembers', async () => {
    const project = await aProject({ traffic: { steps: [] } })
    const { engine } = await project.open()
    await project.balancer.moveByHand(100)

    const plan = await engine.planDeploy(aDeployOf('v1.4.0'))

    expect([plan.slot, plan.before]).toEqual(['blue', { blue: 0, green: 100 }])
  })

  test('an analysis that fails at half of the traffic sends all of it back, holds the version and keeps the evidence', async () => {
    const project = await aProject()
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const events = await readDeployEvents(handle, (event) => {
      if (event.type === 'traffic.moved' && event.split.green === 50) project.services.bad.add('green')
    })
    const outcome = await handle.result

    expect(outcome).toMatchObject({ result: 'reverted', exitCode: 11 })
    expect(eventsOf(events, 'traffic.moved').map(({ split }) => split.green)).toEqual([10, 50, 0])
    expect(await countAnswers(project.balancer.url, 20)).toEqual({ blue: 20, green: 0 })
    const { deployments, held } = await project.history()
    expect(deployments[0]).toMatchObject({
      version: 'v1.4.0',
      status: 'failed',
      healthVerdict: 'unhealthy',
      trigger: { kind: 'analysis', check: 'errors', threshold: 'at most 5%', source: 'probes' },
    })
    expect(deployments.find(({ status }) => status === 'active')?.version).toBe('v1.3.0')
    expect(held).toMatchObject([{ version: 'v1.4.0', run: outcome.id }])
    await expect(engine.planDeploy(aDeployOf('v1.4.0'))).rejects.toMatchObject({ code: 'TARGET_UNSAFE' })
  })

  test('a version that fails once it has all of the traffic gives it back, and the one before is live again', async () => {
    const project = await aProject({ traffic: { steps: [] } })
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, (event) => {
      if (event.type === 'history.committed') project.services.bad.add('green')
    })
    const outcome = await handle.result

    expect(outcome).toMatchObject({ result: 'reverted', exitCode: 11 })
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
    const { deployments, held } = await project.history()
    expect(deployments.map(({ version, status }) => `${version} ${status}`)).toEqual([
      'v1.4.0 failed',
      'v1.3.0 active',
      'v1.2.0 superseded',
    ])
    expect(deployments[0]?.trigger).toBeDefined()
    expect(held.map(({ version }) => version)).toEqual(['v1.4.0'])
  })

  test.for([
    ['nothing that is configured says anything of what is live', 'preview', 'promoted', 'its health was not proved'],
    ['what is configured could not be asked', 'blue', 'aborted', 'ended: nobody knows'],
  ] as const)('a version is never called healthy when %s', async ([, target, result, summary]) => {
    const project = await aProject({ traffic: { steps: [] } })
    const file = join(project.root, 'bagboy.yaml')
    const config = readFileSync(file, 'utf8')
      .replace(/ {4}- name: live\n/u, `$&      target: ${target}\n`)
      .replace(/( {8})source: probes\n/u, '$&$1dry_run: true\n')
    writeFileSync(file, config)
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const events = await readDeployEvents(handle, async (event) => {
      if (event.type === 'deploy.asked') await engine.commandDeploy(handle.id, 'abort', 'nobody knows')
    })
    const outcome = await handle.result

    expect(outcome).toMatchObject({ result, view: { summary: expect.stringContaining(summary) as string } })
    expect(eventsOf(events, 'stage.finished').at(-1)).toMatchObject({ detail: 'nothing was asked that counts' })
    expect((await project.history()).deployments[0]?.healthVerdict).toBeUndefined()
  })

  test('traffic is never sent back to a slot that fails its own checks: it stops, says so and asks', async () => {
    const project = await aProject()
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, (event) => {
      if (event.type !== 'traffic.moved' || event.split.green !== 50) return
      project.services.bad.add('green')
      project.services.bad.add('blue')
    })
    const stopped = await handle.result
    const splitThen = await project.split()
    project.services.bad.delete('blue')
    const resumed = await engine.resumeDeploy(stopped.id, { command: 'resume', reason: 'blue is repaired' }).result

    expect(stopped).toMatchObject({ result: null, exitCode: 5 })
    expect(stopped.view.question).toMatchObject({ kind: 'other-slot-failing', choices: ['resume', 'take-theirs'] })
    expect(stopped.view.question?.detail).toContain('blue fails its own checks')
    expect(splitThen).toEqual({ blue: 50, green: 50 })
    expect(resumed).toMatchObject({ result: 'reverted', exitCode: 11 })
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
  })

  test.for([
    ['checks', 'a slot that fails its checks gets nothing', true],
    ['command', 'a deploy command that fails is not held against the version', false],
  ] as const)('%s: %s', async ([kind, , isHeld]) => {
    const project = await aProject()
    const { engine } = await project.open()
    if (kind === 'checks') project.services.bad.add('green')
    else writeFileSync(join(project.root, 'break-deploy'), '')

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const events = await readDeployEvents(handle)
    const outcome = await handle.result

    expect(outcome).toMatchObject({ result: 'refused', exitCode: 5 })
    expect(eventsOf(events, 'traffic.intended')).toEqual([])
    const { deployments, held } = await project.history()
    expect(deployments[0]).toMatchObject({ version: 'v1.4.0', status: 'failed' })
    expect(deployments[0]?.trigger).toMatchObject(
      isHeld
        ? { kind: 'health_check', check: 'ready', value: '500' }
        : { kind: 'deploy_command', value: 'sh ended with 3', detail: 'no space left for ***' },
    )
    expect(held.length).toBe(isHeld ? 1 : 0)
  })

  test('smoke tests that fail stop a version before it gets any traffic, and are the evidence', async () => {
    const smoke = { run_smoke_tests: { command: 'sh -c "echo no login for ${target_version}; exit 1"' } }
    const project = await aProject({ deployment: { rollback: { validation: [smoke] } } })
    const { engine } = await project.open()

    const outcome = await engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0'))).result

    expect(outcome).toMatchObject({ result: 'refused', exitCode: 5 })
    const { deployments, held } = await project.history()
    expect(deployments[0]?.trigger).toMatchObject({ kind: 'smoke_test' })
    expect(JSON.stringify(deployments[0]?.trigger)).toContain('no login for 1.4.0')
    expect(held.map(({ version }) => version)).toEqual(['v1.4.0'])
  })

  test('smoke tests that could not be run stop a version too, and are not held against it', async () => {
    const smoke = { run_smoke_tests: { command: './gone.sh ${target_version}' } }
    const project = await aProject({ deployment: { rollback: { validation: [smoke] } } })
    const { engine } = await project.open()

    const outcome = await engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0'))).result

    expect(outcome).toMatchObject({ result: 'refused', exitCode: 5 })
    expect(outcome.view.decision?.reason).toMatch(
      /could not be run: \.\/gone\.sh 1\.4\.0\..* the program was not found/u,
    )
    const { deployments, held } = await project.history()
    expect([deployments[0]?.healthVerdict, deployments[0]?.trigger, held]).toEqual([undefined, undefined, []])
  })

  test.for([
    ['passes, and not for long enough', 'success', []],
    ['fails, and not for long enough', 'failure', ['v1.4.0']],
  ] as const)('a check that %s when its time is over', async ([, threshold, versions]) => {
    const project = await aProject({ deployment: { rollback: { timeout: '1s', request_timeout: '1s' } } })
    if (threshold === 'failure') project.services.bad.add('green')
    const file = join(project.root, 'bagboy.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace(new RegExp(`${threshold}_threshold: \\d`, 'u'), '$&000'))
    const { engine } = await project.open()

    const outcome = await engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0'))).result

    expect(outcome).toMatchObject({ result: 'refused', exitCode: 5 })
    expect(outcome.view.decision?.reason).toContain('not the same for long within 1s')
    expect((await project.history()).held.map(({ version }) => version)).toEqual(versions)
  })

  test('nobody moves traffic by hand to a slot whose checks have not passed for long enough', async () => {
    const project = await aProject({ deployment: { rollback: { timeout: '1s', request_timeout: '1s' } } })
    const file = join(project.root, 'bagboy.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('success_threshold: 1', '$&000'))
    const { engine } = await project.open()

    const outcome = await engine.deploy(await engine.planShift({ slot: 'green', percent: 10, reason: '' })).result

    expect([outcome.result, await project.split()]).toEqual(['refused', { blue: 100, green: 0 }])
  })

  test('with on_failure: pause a bad version keeps its traffic until a person has decided', async () => {
    const project = await aProject({ traffic: { on_failure: 'pause' } })
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const splits: unknown[] = []
    await readDeployEvents(handle, async (event) => {
      if (event.type === 'traffic.moved' && event.split.green === 50) project.services.bad.add('green')
      if (event.type !== 'deploy.asked') return
      splits.push(event.question.kind, await project.split())
      await engine.commandDeploy(handle.id, 'abort', 'as I thought')
    })

    expect(splits).toEqual(['failed', { blue: 50, green: 50 }])
    expect(await handle.result).toMatchObject({ result: 'reverted', exitCode: 11 })
    expect((await project.history()).held.map(({ version }) => version)).toEqual(['v1.4.0'])
  })

  test('a slot that the balancer has not seen come up yet is waited for', async () => {
    const project = await aProject({ traffic: { steps: [] } })
    const { engine } = await project.open()
    await project.balancer.command?.('set server app/app2 health down')
    expect((await engine.traffic()).slots.green.state).toBe('down')

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, async (event) => {
      if (event.type === 'stage.started' && event.stage === 2) {
        await project.balancer.command?.('set server app/app2 health up')
      }
    })

    expect(await handle.result).toMatchObject({ result: 'promoted' })
  })

  test('a slot that somebody took out of the balancer gets nothing, and its version is not held for that', async () => {
    const project = await aProject({ traffic: { steps: [] } })
    const { engine } = await project.open()
    await project.balancer.command?.('set server app/app2 state maint')

    const outcome = await engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0'))).result

    expect(outcome).toMatchObject({ result: 'refused', exitCode: 5 })
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
    const { deployments, held } = await project.history()
    expect(deployments[0]).toMatchObject({ status: 'failed', trigger: { kind: 'balancer', value: 'stopped' } })
    expect(held).toEqual([])
  })

  test('a slot whose version is held is not switched to', async () => {
    const project = await aProject()
    const { engine } = await project.open()
    project.services.bad.add('green')
    await engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0'))).result

    expect((await engine.traffic()).slots.green.version).toBe('v1.4.0')
    await expect(engine.planShift({ slot: 'green', percent: 10, reason: '' })).rejects.toMatchObject({
      code: 'TARGET_UNSAFE',
    })
  })

  test('a gate waits for a person, who answers from another process', async () => {
    const project = await aProject({ blueGreen: { auto_promote: false }, traffic: { steps: [] } })
    const [first, other] = [await project.open(), await project.open()]

    const handle = first.engine.deploy(await first.engine.planDeploy(aDeployOf('v1.4.0')))
    const receipts: unknown[] = []
    const events = await readDeployEvents(handle, async (event) => {
      if (event.type !== 'stage.started' || event.stage !== 2) return
      receipts.push(await other.engine.commandDeploy(handle.id, 'resume', ''))
      receipts.push(await other.engine.commandDeploy(handle.id, 'promote', 'looks good'))
    })

    expect(await handle.result).toMatchObject({ result: 'promoted' })
    expect(receipts).toEqual([
      { status: 'refused', why: 'it is not paused' },
      { status: 'obeyed', why: '' },
    ])
    expect(eventsOf(events, 'deploy.commanded').map(({ command, refusal }) => [command, refusal])).toEqual([
      ['resume', 'it is not paused'],
      ['promote', ''],
    ])
  })

  test('a pause for a person can be ended with all traffic back', async () => {
    const project = await aProject({ traffic: { steps: [{ weight: 20 }, { pause: {} }] } })
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, async (event) => {
      if (event.type === 'traffic.moved' && event.split.green === 20) {
        await engine.commandDeploy(handle.id, 'abort', 'not today')
      }
    })

    expect(await handle.result).toMatchObject({ result: 'aborted', exitCode: 12 })
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
    const { deployments, held } = await project.history()
    expect(deployments[0]).toMatchObject({ version: 'v1.4.0', status: 'failed', reason: 'not today' })
    expect(held).toEqual([])
  })

  test.for([
    ['revert', { result: 'aborted', exitCode: 12 }, { blue: 100, green: 0 }],
    ['promote', { result: 'promoted', exitCode: 0 }, { blue: 0, green: 100 }],
  ] as const)('a pause that nobody ends in time: %s', async ([onTimeout, ending, split]) => {
    const project = await aProject({
      traffic: { steps: [{ weight: 20 }, { pause: { timeout: '300ms', on_timeout: onTimeout } }] },
    })
    const { engine } = await project.open()

    const outcome = await engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0'))).result

    expect(outcome).toMatchObject(ending)
    expect(await project.split()).toEqual(split)
  })

  const CHANGES: readonly (readonly [DeployCommand, readonly number[], DeployResult])[] = [
    ['take-theirs', [10, 50, 100], 'promoted'],
    ['put-ours-back', [10, 10, 20, 50, 100], 'promoted'],
    ['abort', [10, 0], 'aborted'],
  ]

  test.for(CHANGES)('somebody changes the traffic by hand: %s', async ([command, moves, result]) => {
    const steps = [{ weight: 10 }, { pause: '3s' }, { weight: 20 }, { weight: 50 }]
    const project = await aProject({ traffic: { steps } })
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const events = await readDeployEvents(handle, async (event) => {
      if (event.type === 'stage.started' && event.stage === 3) await project.balancer.moveByHand(33)
      if (event.type === 'deploy.asked') await engine.commandDeploy(handle.id, command, '')
    })

    expect(await handle.result).toMatchObject({ result })
    expect(eventsOf(events, 'traffic.changed').map(({ expected, found }) => [expected.green, found.green])).toEqual([
      [10, 33],
    ])
    expect(eventsOf(events, 'traffic.moved').map(({ split }) => split.green)).toEqual(moves)
  })
})
