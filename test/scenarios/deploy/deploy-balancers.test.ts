import { describe, expect, onTestFinished, test } from 'vitest'
import {
  aDeployOf,
  type BalancerKind,
  createDeployProject,
  eventsOf,
  readDeployEvents,
} from '../../support/projects/deploy-project.ts'
import { missingCaddy } from '../../support/servers/real/caddy.ts'
import { missingNginx } from '../../support/servers/real/nginx.ts'
import { countAnswers } from '../../support/servers/slot-services.ts'

describe.skipIf(missingNginx())(`behind nginx ${missingNginx() ?? ''}`, () => {
  testDeploys('nginx')
})

describe.skipIf(missingCaddy())(`behind Caddy ${missingCaddy() ?? ''}`, () => {
  testDeploys('caddy')
})

function testDeploys(kind: BalancerKind): void {
  test('a good version gets all of the traffic', async () => {
    const project = await createDeployProject({ balancer: kind })
    onTestFinished(() => project.close())
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const events = await readDeployEvents(handle)

    expect(await handle.result).toMatchObject({ result: 'promoted', exitCode: 0 })
    expect(eventsOf(events, 'traffic.moved').map(({ split }) => split.green)).toEqual([10, 50, 100])
    expect(await countAnswers(project.balancer.url, 20)).toEqual({ blue: 0, green: 20 })
    expect((await project.history()).deployments[0]).toMatchObject({
      version: 'v1.4.0',
      status: 'active',
      packages: [{ format: 'traffic', registry: kind, name: 'shop', ref: { slot: 'green' } }],
    })
  })

  test('a version that fails at half of the traffic gives all of it back', async () => {
    const project = await createDeployProject({ balancer: kind })
    onTestFinished(() => project.close())
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, (event) => {
      if (event.type === 'traffic.moved' && event.split.green === 50) project.services.bad.add('green')
    })

    expect(await handle.result).toMatchObject({ result: 'reverted', exitCode: 11 })
    expect(await countAnswers(project.balancer.url, 20)).toEqual({ blue: 20, green: 0 })
    expect((await project.history()).held.map(({ version }) => version)).toEqual(['v1.4.0'])
  })

  test('a change by hand is noticed, and can be gone on from', async () => {
    const project = await createDeployProject({ balancer: kind, traffic: { steps: [{ weight: 20 }, { pause: '4s' }] } })
    onTestFinished(() => project.close())
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const events = await readDeployEvents(handle, async (event) => {
      if (event.type === 'stage.started' && event.stage === 3) await project.balancer.moveByHand(40)
      if (event.type === 'deploy.asked') await engine.commandDeploy(handle.id, 'take-theirs', '')
    })

    expect(await handle.result).toMatchObject({ result: 'promoted' })
    expect(eventsOf(events, 'traffic.changed').map(({ expected, found }) => [expected.green, found.green])).toEqual([
      [20, 40],
    ])
  })
}
