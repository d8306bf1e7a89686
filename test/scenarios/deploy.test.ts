import { expect, onTestFinished, test } from 'vitest'
import { missingHaproxy } from '../support/real/haproxy.ts'
import {
  aDeployOf,
  createDeployProject,
  eventsOf,
  readDeployEvents,
  type DeployProject,
  type DeployProjectOptions,
} from '../support/deploy-project.ts'

async function aProject(options: DeployProjectOptions = {}): Promise<DeployProject> {
  const project = await createDeployProject(options)
  onTestFinished(() => project.close())
  return project
}

test.skipIf(missingHaproxy() !== undefined)(
  'a good version goes to the idle slot and gets all of the traffic',
  async () => {
    const project = await aProject()
    const { engine } = await project.open()

    const plan = await engine.planDeploy(aDeployOf('v1.4.0'))
    const handle = engine.deploy(plan)
    const events = await readDeployEvents(handle, (e) => console.log(JSON.stringify(e).slice(0, 300)))
    const outcome = await handle.result

    expect(outcome).toMatchObject({ result: 'promoted', exitCode: 0 })
    expect(await project.split()).toEqual({ blue: 0, green: 100 })
    expect(project.deployed()).toEqual(['1.4.0 green abc1234'])
    expect(eventsOf(events, 'traffic.moved').map(({ split }) => split.green)).toEqual([10, 50, 100])
    const { deployments, held } = await project.history()
    expect(deployments[0]).toMatchObject({
      version: 'v1.4.0',
      status: 'active',
      healthVerdict: 'healthy',
      run: plan.id,
    })
    expect(held).toEqual([])
  },
  60_000,
)
