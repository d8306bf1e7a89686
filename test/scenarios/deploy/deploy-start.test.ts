import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { holdOn } from '../../../src/domain/deployment.ts'
import {
  aDeployOf,
  createDeployProject,
  eventsOf,
  readDeployEvents,
  type DeployProject,
  type DeployProjectOptions,
} from '../../support/projects/deploy-project.ts'
import { isAlive } from '../../support/processes/is-alive.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'

const missing = missingHaproxy()
const AT_ONCE: DeployProjectOptions = { traffic: { steps: [{ weight: 100 }] } }

async function aProject(options: DeployProjectOptions = AT_ONCE): Promise<DeployProject> {
  const project = await createDeployProject(options)
  onTestFinished(() => project.close())
  return project
}

describe.skipIf(missing)(`a slot that was just deployed ${missing ?? ''}`, () => {
  test('fails its checks while it starts, and is promoted', async () => {
    const project = await aProject({ ...AT_ONCE, blueGreen: { startup: { timeout: '20s', interval: '100ms' } } })
    project.services.bad.add('green')
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const events = await readDeployEvents(handle, (event) => {
      // More rounds than failure_threshold have failed by then.
      if (event.type === 'health.sampled' && event.seq > 8) project.services.bad.delete('green')
    })

    expect(await handle.result).toMatchObject({ result: 'promoted', exitCode: 0 })
    const samples = eventsOf(events, 'health.sampled').map(({ sample }) => `${sample.verdict}: ${sample.detail}`)
    expect(samples.slice(0, 4)).toEqual(Array(4).fill('failing: starting: 500'))
    expect((await project.history()).deployments[0]).toMatchObject({ version: 'v1.4.0', status: 'active' })
  })

  test('that does not start in its time is refused and held', async () => {
    const project = await aProject({
      ...AT_ONCE,
      deployment: {
        health_checks: [
          {
            name: 'ready',
            url: 'http://${target_host}/health',
            target: 'preview',
            startup: { timeout: '400ms', interval: '100ms' },
          },
        ],
      },
    })
    project.services.bad.add('green')
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle)

    expect(await handle.result).toMatchObject({ result: 'refused', exitCode: 5 })
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
    const history = await project.history()
    expect(history.deployments[0]).toMatchObject({ version: 'v1.4.0', status: 'failed' })
    expect(holdOn(history, 'v1.4.0', '')?.reason).toContain('500, not started within 400ms')
  })

  test('gets no time when traffic is moved to it by hand', async () => {
    const project = await aProject({ blueGreen: { startup: { timeout: '60s', interval: '100ms' } } })
    project.services.bad.add('green')
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planShift({ percent: 10, slot: 'green', reason: '' }))
    const events = await readDeployEvents(handle)

    expect(await handle.result).toMatchObject({ result: 'refused' })
    expect(eventsOf(events, 'health.sampled').map(({ sample }) => sample.detail)).toEqual(['500', '500'])
  })

  test('goes on running when the command that started it has ended', async () => {
    const project = await aProject()
    const [script, pidFile] = ['deploy.sh', 'pid'].map((name) => join(project.root, name))
    // Without redirection: what it prints later has no reader any more.
    writeFileSync(script ?? '', `while :; do echo still here; sleep 0.05; done &\necho $! > ${pidFile}\n`)
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle)

    const pid = Number(readFileSync(pidFile ?? '', 'utf8'))
    onTestFinished(() => void (isAlive(pid) && process.kill(pid)))
    expect(await handle.result).toMatchObject({ result: 'promoted' })
    expect(isAlive(pid)).toBe(true)
  })
})
