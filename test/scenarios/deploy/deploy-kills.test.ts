import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { DeployOutcome } from '../../../src/engine/deploy/deploy.ts'
import { startProgram, type RunningProgram } from '../../support/harness/built-program.ts'
import {
  createDeployProject,
  eventsOf,
  readDeployEvents,
  type DeployProject,
  type DeployProjectOptions,
} from '../../support/projects/deploy-project.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { until } from '../../support/clocks/until.ts'

const missing = missingHaproxy()

const DOOMED = join(import.meta.dirname, '../../chaos/doomed-deploy.ts')

async function aProject(options: DeployProjectOptions = {}): Promise<DeployProject> {
  const project = await createDeployProject(options)
  onTestFinished(() => project.close())
  return project
}

/** A deploy of v1.4.0 in a process of its own. */
function startDoomed({ root }: DeployProject, where = ''): RunningProgram {
  return startProgram(DOOMED, [root, 'v1.4.0', where], { cwd: root })
}

/** Takes the open deploy up, when there is one, as `traffic resume` does. */
async function takeUp(project: DeployProject): Promise<DeployOutcome | undefined> {
  const { engine } = await project.open()
  const [open] = await engine.openDeploys()
  return open && engine.resumeDeploy(open.id, { command: 'resume', reason: '' }).result
}

async function versions(project: DeployProject): Promise<readonly string[]> {
  return (await project.history()).deployments.map(({ version, status }) => `${version} ${status}`)
}

describe.skipIf(missing)(`a deploy whose process dies ${missing ?? ''}`, () => {
  test('a process that dies in a pause leaves its deadline: the next one waits for what is left', async () => {
    const project = await aProject({ traffic: { steps: [{ weight: 30 }, { pause: '4s' }] } })
    const doomed = startDoomed(project)
    await until('the pause', () => doomed.stdout().includes('"type":"stage.started","stage":3'), 30_000)
    doomed.child.kill('SIGKILL')
    await doomed.finished
    const { engine } = await project.open()
    const [open] = await engine.openDeploys()

    const handle = engine.resumeDeploy(open?.id ?? '', { command: 'resume', reason: '' })
    const events = await readDeployEvents(handle)

    expect(await handle.result).toMatchObject({ result: 'promoted' })
    const begun = eventsOf(events, 'stage.started').filter(({ stage }) => stage === 3)
    const [over] = eventsOf(events, 'stage.expired')
    expect(begun.length).toBe(1)
    const lateMs = Date.parse(over?.at ?? '') - Date.parse(begun[0]?.endsAt ?? '')
    expect(lateMs).toBeGreaterThanOrEqual(0)
  })

  test('a deadline that passed while nobody was at work is over at once', async () => {
    const project = await aProject({
      traffic: { steps: [{ weight: 30 }, { pause: { timeout: '1s', on_timeout: 'revert' } }] },
    })
    const doomed = startDoomed(project)
    await until('the pause', () => doomed.stdout().includes('"type":"stage.started","stage":3'), 30_000)
    doomed.child.kill('SIGKILL')
    await doomed.finished
    const deadline = /"stage":3,"endsAt":"([^"]+)"/u.exec(doomed.stdout())?.[1] ?? 'never'
    await until('the deadline', () => new Date().toISOString() > deadline)

    const outcome = await takeUp(project)

    expect(outcome).toMatchObject({ result: 'aborted', exitCode: 12 })
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
  })

  test.for([
    'deploy:command',
    'deploy:intended',
    'command:1',
    'command:2',
    'deploy:moved',
    'deploy:history-committed',
    'deploy:finishing',
  ])('a process that dies at %s: the balancer is read, and the deploy converges', async (where) => {
    const project = await aProject({ traffic: { steps: [{ weight: 40 }] } })
    expect(await startDoomed(project, where).finished).toMatchObject({ signal: 'SIGKILL' })

    const outcome = await takeUp(project)

    expect(outcome).toMatchObject({ result: 'promoted', exitCode: 0 })
    expect(await project.split()).toEqual({ blue: 0, green: 100 })
    expect(await versions(project)).toEqual(['v1.4.0 active', 'v1.3.0 superseded', 'v1.2.0 superseded'])
  })

  test.for(['command:3', 'command:4'])(
    'a process that dies on the way back at %s: everything goes back all the same',
    async (where) => {
      const project = await aProject({ traffic: { steps: [{ weight: 40 }, { analysis: 'errors' }] }, measurements: 20 })
      const doomed = startDoomed(project, where)
      await until('the traffic', () => doomed.stdout().includes('"type":"traffic.moved"'), 30_000)
      project.services.bad.add('green')
      expect(await doomed.finished).toMatchObject({ signal: 'SIGKILL' })

      const outcome = await takeUp(project)

      expect(outcome).toMatchObject({ result: 'reverted', exitCode: 11 })
      expect(await project.split()).toEqual({ blue: 100, green: 0 })
      expect(await versions(project)).toEqual(['v1.4.0 failed', 'v1.3.0 active', 'v1.2.0 superseded'])
      expect((await project.history()).held.map(({ version }) => version)).toEqual(['v1.4.0'])
    },
  )

  test('a process that dies in the deploy command runs it again', async () => {
    const project = await aProject({ traffic: { steps: [] } })
    const hold = join(project.root, 'hold-deploy')
    writeFileSync(hold, '')
    const doomed = startDoomed(project)
    await until('the command', () => project.deployed().length === 1, 30_000)
    doomed.child.kill('SIGKILL')
    await doomed.finished
    rmSync(hold)

    const outcome = await takeUp(project)

    expect(outcome).toMatchObject({ result: 'promoted' })
    expect(project.deployed()).toEqual(['1.4.0 green abc1234', '1.4.0 green abc1234'])
  })

  test('whoever takes it up may die as well: the next one goes on', async () => {
    const project = await aProject({ traffic: { steps: [{ weight: 40 }] } })
    for (const where of ['deploy:intended', 'deploy:adopted', 'command:1', 'deploy:adopted', 'deploy:moved']) {
      expect(await startDoomed(project, where).finished).toMatchObject({ signal: 'SIGKILL' })
    }

    expect(await takeUp(project)).toMatchObject({ result: 'promoted' })
    expect(await versions(project)).toEqual(['v1.4.0 active', 'v1.3.0 superseded', 'v1.2.0 superseded'])
  })

  test('whatever record it dies at, before or behind it, the deploy that is taken up ends the same', async () => {
    const endings: (string | null)[] = []
    for (let record = 1; ; record += 3) {
      const project = await aProject({
        traffic: { steps: [{ weight: 50 }] },
        deployment: { analysis: { window: '0s' } },
      })
      const { signal } = await startDoomed(project, `${record % 2 === 0 ? 'before' : 'after'}:${record}`).finished
      if (signal === null) break

      const outcome = await takeUp(project)
      endings.push(outcome?.result ?? 'never began')
      expect(await project.split()).toEqual({ blue: 0, green: 100 })
      expect(await versions(project)).toEqual(['v1.4.0 active', 'v1.3.0 superseded', 'v1.2.0 superseded'])
      await project.close()
    }

    expect(new Set(endings)).toEqual(new Set(['promoted']))
    expect(endings.length).toBeGreaterThan(5)
  }, 180_000)

  test("a process that dies before its first record did nothing and is in nobody's way", async () => {
    const project = await aProject({ traffic: { steps: [] } })
    expect(await startDoomed(project, 'before:1').finished).toMatchObject({ signal: 'SIGKILL' })

    const again = await startDoomed(project).finished

    expect(again.exitCode).toBe(0)
    expect(await versions(project)).toEqual(['v1.4.0 active', 'v1.3.0 superseded', 'v1.2.0 superseded'])
  })
})
