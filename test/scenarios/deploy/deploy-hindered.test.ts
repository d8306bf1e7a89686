import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { asNobody } from '../../support/harness/as-nobody.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import {
  aDeployOf,
  createDeployProject,
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

describe.skipIf(missing)(`a deploy that is hindered ${missing ?? ''}`, () => {
  test('a balancer that is down when a deploy is planned changes nothing and is named', async () => {
    const project = await aProject()
    const { engine } = await project.open()
    await project.balancer.close()

    await expect(engine.planDeploy(aDeployOf('v1.4.0'))).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })

    expect(await engine.deploys()).toEqual([])
  })

  test('a balancer that goes down in the middle leaves the deploy open, and nothing else begins', async () => {
    const project = await aProject({ traffic: { steps: [{ weight: 10 }, { pause: '200ms' }] } })
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, async (event) => {
      if (event.type === 'stage.started' && event.stage === 3) await project.balancer.close()
    })
    const left = await handle.result

    expect(left).toMatchObject({ result: null, exitCode: 6 })
    expect(left.view.question).toMatchObject({ kind: 'provider', choices: ['resume', 'abort'] })
    expect((await engine.openDeploys()).map(({ version }) => version)).toEqual(['v1.4.0'])
    await expect(engine.planDeploy(aDeployOf('v1.5.0'))).rejects.toMatchObject({ code: 'RUN_OPEN' })
  })

  test('a socket that may not be opened is an error with its remedy, and nothing is changed', async () => {
    const project = await aProject()
    chmodSync(String(project.balancer.keys['socket']), 0o600)
    const { platform } = project
    const { engine } = await project.open({
      ...platform,
      exchange: (request, signal) => asNobody(() => platform.exchange(request, signal)),
    })

    await expect(engine.planDeploy(aDeployOf('v1.4.0'))).rejects.toMatchObject({
      code: 'REGISTRY_FORBIDDEN',
      hint: expect.stringContaining('socket') as string,
    })
    await expect(engine.traffic()).rejects.toMatchObject({ code: 'REGISTRY_FORBIDDEN' })
    expect(await engine.deploys()).toEqual([])
  })

  test('a socket that may only be read shows the traffic and refuses to move it', async () => {
    const project = await aProject()
    writeFileSync(
      join(project.root, 'bagboy.yaml'),
      readFileSync(join(project.root, 'bagboy.yaml'), 'utf8').replace(
        String(project.balancer.keys['socket']),
        String(project.balancer.readOnlyKeys?.['socket']),
      ),
    )
    const { engine } = await project.open()

    expect(await engine.traffic()).toMatchObject({ split: { blue: 100, green: 0 }, access: 'denied', open: null })
    await expect(engine.planShift({ slot: null, percent: 10, reason: '' })).rejects.toMatchObject({
      code: 'REGISTRY_FORBIDDEN',
    })
  })

  test('nobody starts something else while a deploy is open', async () => {
    const project = await aProject({ traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    const { engine } = await project.open()
    const plan = await engine.planDeploy(aDeployOf('v1.4.0'))
    const shift = await engine.planShift({ slot: 'green', percent: 5, reason: '' })

    const handle = engine.deploy(plan)
    await readDeployEvents(handle, (event) => {
      if (event.type === 'stage.started' && event.stage === 3) handle.stop('for now')
    })
    await handle.result

    await expect(engine.deploy(shift).result).rejects.toMatchObject({ code: 'RUN_OPEN' })
    await expect(engine.deploy({ ...plan, id: '01JK8Q4Z7T5V00000000000000' }).result).rejects.toMatchObject({
      code: 'RUN_OPEN',
    })
  })
})
