import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { DeployOutcome } from '../../../src/engine/deploy/deploy.ts'
import type { StampedDeploy } from '../../../src/events/deploy-events.ts'
import {
  aDeployOf,
  createDeployProject,
  readDeployEvents,
  type DeployProject,
  type DeployProjectOptions,
} from '../projects/deploy-project.ts'
import { startSocketProxy } from '../servers/socket-proxy.ts'

/** A deploy whose process was told to stop as soon as a stage began. */
export const stoppedAt = (stage: number, options: DeployProjectOptions): Promise<[DeployProject, DeployOutcome]> =>
  stoppedWhen((event) => event.type === 'stage.started' && event.stage === stage, options)

/** A deploy whose process was told to stop as soon as something had happened. */
export async function stoppedWhen(
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

/** A project whose runtime API is reached through a proxy. */
export async function behindProxy(
  options: DeployProjectOptions = { traffic: { steps: [{ weight: 10 }, { pause: '200ms' }] } },
) {
  const project = await createDeployProject(options)
  const proxy = await startSocketProxy(String(project.balancer.keys['socket']))
  onTestFinished(async () => {
    await proxy.close()
    await project.close()
  })
  edit(project, String(project.balancer.keys['socket']), proxy.path)
  return { project, proxy }
}

/** Of `bagboy.yaml`. */
export function edit(project: DeployProject, from: string | RegExp, to: string): void {
  const file = join(project.root, 'bagboy.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
}
