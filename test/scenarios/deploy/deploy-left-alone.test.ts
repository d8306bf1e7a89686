import { describe, expect, onTestFinished, test } from 'vitest'
import type { DeployHandle } from '../../../src/engine/deploy/deploy.ts'
import type { Clock } from '../../../src/platform/platform.ts'
import { anHourLater } from '../../support/clocks/an-hour-later.ts'
import { stoppedWhen } from '../../support/engine/deploy-circumstances.ts'
import {
  aDeployOf,
  createDeployProject,
  eventsOf,
  readDeployEvents,
  type DeployProject,
} from '../../support/projects/deploy-project.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'

const missing = missingHaproxy()

/** Somebody goes on with it an hour later. */
async function anHourLaterOf({ open, platform }: DeployProject, deployId: string): Promise<DeployHandle> {
  const { engine } = await open({ ...platform, clock: anHourLater(platform.clock) })
  return engine.resumeDeploy(deployId)
}

describe.skipIf(missing)(`a deploy that was left alone ${missing ?? ''}`, () => {
  test('an analysis nobody went on with for an hour is begun again, with the whole of its time', async () => {
    const [project, { id: deployId }] = await stoppedWhen(
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
    const [project, { id: deployId }] = await stoppedWhen(
      (event) => event.type === 'analysis.measured' && event.progress.status === 'failed',
      { traffic: { steps: [{ weight: 10 }, { analysis: 'errors' }] }, measurements: 10 },
      (event, { services }) => event.type === 'traffic.moved' && services.bad.add('green'),
    )
    project.services.bad.delete('green')

    expect(await (await anHourLaterOf(project, deployId)).result).toMatchObject({ result: 'reverted' })
  })

  test('a watch that was broken off is watched whole, and the history says how long', async () => {
    const [project, { id: deployId }] = await stoppedWhen(
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
})
