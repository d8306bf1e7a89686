import { Agent, get } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  aDeployOf,
  createDeployProject,
  eventsOf,
  readDeployEvents,
  type DeployProject,
  type DeployProjectOptions,
} from '../../support/projects/deploy-project.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { countAnswers } from '../../support/servers/slot-services.ts'

const missing = missingHaproxy()
const STICKY = ['stick-table type ip size 1k expire 30m', 'stick on src']
const AT_ONCE = { steps: [{ weight: 100 }] }

async function aProject(options: DeployProjectOptions): Promise<DeployProject> {
  const project = await createDeployProject({ haproxy: { mode: 'tcp', more: STICKY }, ...options })
  onTestFinished(() => project.close())
  return project
}

async function deploy(project: DeployProject) {
  const { engine } = await project.open()
  const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
  const events = await readDeployEvents(handle)
  return { outcome: await handle.result, events }
}

/** A user whose connection stays open; each call gives the slot that answers on it, or why none does. */
function aUserOf({ balancer }: DeployProject): () => Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return () =>
    new Promise((resolve) => {
      get(balancer.url, { agent }, (response) => {
        response.resume()
        response.once('end', () => resolve(String(response.headers['x-slot'])))
      }).once('error', (error) => resolve(error.message))
    })
}

describe.skipIf(missing)(`behind HAProxy with mode tcp ${missing ?? ''}`, () => {
  test.for([
    ['without a table', []],
    ['with clients kept by their address', STICKY],
  ] as const)('%s, a version that answers 500 is not promoted by a check through it', async ([, more]) => {
    const steps = [{ weight: 20 }, { analysis: 'errors' }, { weight: 100 }]
    const project = await aProject({
      haproxy: { mode: 'tcp', more },
      asksThroughBalancer: true,
      traffic: { steps },
      measurements: 3,
    })
    project.services.bad.add('green')
    expect(await countAnswers(project.balancer.url, 1)).toEqual({ blue: 1, green: 0 })

    const { outcome } = await deploy(project)

    expect(outcome).toMatchObject({ result: 'reverted', exitCode: 11 })
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
    expect(await countAnswers(project.balancer.url, 10)).toEqual({ blue: 10, green: 0 })
  })

  test('clients who are kept by their address go along when a slot loses all of its traffic, and not before', async () => {
    const project = await aProject({ traffic: { steps: [{ weight: 50 }, { pause: '1s' }, { weight: 100 }] } })
    await countAnswers(project.balancer.url, 1)
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const atHalf: unknown[] = []
    const events = await readDeployEvents(handle, async (event) => {
      if (event.type === 'traffic.moved' && event.split.green === 50) {
        atHalf.push(await countAnswers(project.balancer.url, 5))
      }
    })

    expect(await handle.result).toMatchObject({ result: 'promoted' })
    expect(atHalf).toEqual([{ blue: 5, green: 0 }])
    expect(await countAnswers(project.balancer.url, 5)).toEqual({ blue: 0, green: 5 })
    const warnings = eventsOf(events, 'traffic.observed').flatMap((event) => event.warnings)
    expect(warnings).toContainEqual(expect.stringContaining('a check through it asks one slot'))
  })

  test('a rollback takes the clients along who were kept on the bad version', async () => {
    const project = await aProject({ traffic: AT_ONCE, asksThroughBalancer: true })
    expect((await deploy(project)).outcome).toMatchObject({ result: 'promoted' })
    project.services.bad.add('green')
    expect(await countAnswers(project.balancer.url, 1)).toEqual({ blue: 0, green: 1 })
    const { engine } = await project.open()

    const shift = engine.deploy(await engine.planShift({ percent: 100, slot: 'blue', reason: 'errors' }))
    await readDeployEvents(shift)

    expect(await shift.result).toMatchObject({ result: 'shifted' })
    expect(await countAnswers(project.balancer.url, 5)).toEqual({ blue: 5, green: 0 })
  })

  test('a session that stays on the old slot is counted, and ended when its time is over', async () => {
    const project = await aProject({ traffic: AT_ONCE, blueGreen: { drain: '300ms' } })
    const user = aUserOf(project)
    expect(await user()).toBe('blue')

    const { outcome, events } = await deploy(project)

    expect(outcome).toMatchObject({ result: 'promoted' })
    expect(eventsOf(events, 'traffic.moved').at(-1)?.sessions).toMatchObject({ blue: 1 })
    expect(eventsOf(events, 'stage.finished').at(-1)).toMatchObject({ detail: '1 session on blue was ended' })
    await expect.poll(user).toBe('green')
  })

  test('on the way back the sessions of the bad version are ended', async () => {
    const steps = [{ weight: 100 }, { pause: {} }]
    const project = await aProject({ traffic: { steps }, blueGreen: { drain: '300ms' } })
    const user = aUserOf(project)
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const events = await readDeployEvents(handle, async (event) => {
      if (event.type !== 'stage.started' || event.stage !== 3) return
      expect(await user()).toBe('green')
      await engine.commandDeploy(handle.id, 'abort', 'errors')
    })

    expect(await handle.result).toMatchObject({ result: 'aborted' })
    expect(eventsOf(events, 'traffic.drained')).toMatchObject([
      { slot: 'green', detail: '1 session on green was ended' },
    ])
    await expect.poll(user).toBe('blue')
  })
})
