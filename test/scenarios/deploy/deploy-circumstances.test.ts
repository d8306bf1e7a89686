import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cli } from '../../support/harness/cli-harness.ts'
import { aDeployOf, createDeployProject, readDeployEvents } from '../../support/projects/deploy-project.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { behindProxy, edit, stoppedAt } from '../../support/engine/deploy-circumstances.ts'

const missing = missingHaproxy()

describe.skipIf(missing)(`a deploy and what changes meanwhile ${missing ?? ''}`, () => {
  test('it is not gone on with behind another balancer', async () => {
    const [project, { id: deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
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
    const [project, { id: deployId }] = await stoppedAt(3, { traffic: { steps } })
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

  test('the traffic moved between the plan and the start: nothing is begun', async () => {
    const project = await createDeployProject()
    onTestFinished(() => project.close())
    const { engine } = await project.open()
    const plan = await engine.planDeploy(aDeployOf('v1.4.0'))
    await project.balancer.moveByHand(25)

    await expect(engine.deploy(plan).result).rejects.toMatchObject({ code: 'PLAN_STALE' })
    expect(await engine.deploys()).toEqual([])
  })

  test.for([
    ['what is in the slot', 'PLAN_STALE', 'green had v1.2.0 and has v1.4.0'],
    ['what is live', 'PLAN_STALE', 'v1.3.0 was live and v1.2.0 is'],
    ['whether its version may be gone to', 'TARGET_UNSAFE', 'v1.2.0'],
  ] as const)('%s changed between the plan and the start of a shift: nothing is begun', async ([what, code, text]) => {
    const project = await createDeployProject({ traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    onTestFinished(() => project.close())
    const { engine } = await project.open()
    const plan = await engine.planShift({ slot: 'green', percent: 100, reason: '' })
    if (what === 'what is live') {
      await engine.deploy(plan).result
      await project.balancer.moveByHand(0)
    } else if (what === 'what is in the slot') {
      const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
      await readDeployEvents(handle, async (event) => {
        if (event.type === 'stage.started' && event.stage === 3) await engine.commandDeploy(handle.id, 'abort', '')
      })
    } else {
      await engine.mark({ mark: 'hold', version: 'v1.2.0', reason: 'loses orders' })
    }
    const begun = (await engine.deploys()).length

    await expect(engine.deploy({ ...plan, id: '01JK8Q4Z7T5V00000000000000' }).result).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text) as string,
    })
    expect((await engine.deploys()).length).toBe(begun)
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
    const [project, { id: deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    const file = join(project.root, '.bagboy/deploys', deployId, 'journal.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"green":10', '"green":11'))
    const { engine } = await project.open()

    expect(await engine.verifyHistory()).toContainEqual(
      expect.objectContaining({ what: `deploy ${deployId}`, state: 'bad' }),
    )
    await expect(engine.planDeploy(aDeployOf('v1.5.0'))).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' })
  })

  test('who has lost the lock does not wait on in a pause that has no end', async () => {
    const project = await createDeployProject({
      traffic: { steps: [{ weight: 10 }, { pause: {} }] },
      deployment: { lock: { ttl: '2s', heartbeat: '100ms' } },
    })
    onTestFinished(() => project.close())
    const { engine } = await project.open()
    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))

    let isPaused = false
    await readDeployEvents(handle, async (event) => {
      isPaused ||= event.type === 'stage.started' && event.stage === 3
      // The last thing that there is to say: whoever says something would find out anyway.
      if (!isPaused || event.type !== 'traffic.observed') return
      await engine.breakLock((await engine.lockInfo()).epoch, 'it is said to be gone')
    })

    await expect(handle.result).rejects.toMatchObject({ code: 'LOCK_LOST' })
  })

  test('what is no command is passed over', async () => {
    const [project, { id: deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
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

  test('a command that came along with a checkout is answered with a refusal', async () => {
    const [project, { id: deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    const { engine } = await project.open()
    const { position, askedSeq } = (await engine.readDeploy(deployId)).view
    const planted = { command: 'abort', by: 'mallory', reason: '', place: { position, askedSeq } }
    const file = join(project.root, '.bagboy/deploys', deployId, '01JK8Q4Z7T5V00000000000001.command.json')
    writeFileSync(file, JSON.stringify(planted))

    const handle = engine.resumeDeploy(deployId)
    const refusals: string[] = []
    await readDeployEvents(handle, async (event) => {
      if (event.type !== 'deploy.commanded') return
      refusals.push(event.refusal)
      if (event.by === 'mallory') void engine.commandDeploy(deployId, 'promote', '')
    })

    expect(await handle.result).toMatchObject({ result: 'promoted' })
    expect(refusals).toEqual([expect.stringContaining('it is not signed'), ''])
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
    const [project, { id: deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
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
    const outcome = await engine.resumeDeploy(left.id, { command: 'resume', reason: '' }).result

    expect(left).toMatchObject({ result: null, exitCode: 6, view: { question: { kind: 'provider' } } })
    expect([status.exitCode, status.stderr]).toEqual([
      6,
      expect.stringContaining('The deploy of v1.4.0 is open at traffic 100 %') as string,
    ])
    expect(outcome).toMatchObject({ result: 'promoted', exitCode: 0 })
    expect(await project.split()).toEqual({ blue: 0, green: 100 })
  })
})
