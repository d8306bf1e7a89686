import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import {
  aDeployOf,
  createDeployProject,
  readDeployEvents,
  type DeployProject,
  type DeployProjectOptions,
} from '../../support/projects/deploy-project.ts'
import { until } from '../../support/clocks/until.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { behindProxy, stoppedAt } from '../../support/engine/deploy-circumstances.ts'

const missing = missingHaproxy()

function commandFiles({ root }: DeployProject, deploy: string): readonly string[] {
  return readdirSync(join(root, '.bagboy/deploys', deploy)).filter((name) => name.endsWith('.command.json'))
}

/** The lock is a process's of another machine, of which nothing is ever heard. */
function claimElsewhere({ root }: DeployProject, run: string): void {
  const claim = {
    who: 'bob',
    host: 'elsewhere',
    pid: 7,
    processStart: '',
    bootId: '',
    run,
    purpose: 'deploy',
    since: '',
  }
  writeFileSync(join(root, '.bagboy/locks/shop/production/0000000099.json'), JSON.stringify(claim))
}

describe.skipIf(missing)(`a deploy, and who can still end it ${missing ?? ''}`, () => {
  test('two people let it through at the same gate: the second is not obeyed at the pause behind it', async () => {
    const steps = [{ weight: 20 }, { pause: {} }]
    const project = await createDeployProject({ blueGreen: { auto_promote: false }, traffic: { steps } })
    onTestFinished(() => project.close())
    const [first, other] = [await project.open(), await project.open()]

    const handle = first.engine.deploy(await first.engine.planDeploy(aDeployOf('v1.4.0')))
    const gate = { position: 2, askedSeq: 0 }
    const receipts: unknown[] = []
    await readDeployEvents(handle, async (event) => {
      if (event.type !== 'stage.started' || (event.stage !== 2 && event.stage !== 4)) return
      receipts.push(await other.engine.commandDeploy(handle.id, 'promote', '', gate))
      if (event.stage === 4) await other.engine.commandDeploy(handle.id, 'abort', '', gate)
    })

    expect(receipts).toEqual([
      { status: 'obeyed', why: '' },
      { status: 'refused', why: 'it stands elsewhere now' },
    ])
    expect(await handle.result).toMatchObject({ result: 'aborted' })
  })

  const RETRY = { attempts: 2, backoff: '20ms', max_backoff: '100ms' }
  const AT_HALF: DeployProjectOptions = {
    traffic: { steps: [{ weight: 50 }, { pause: {} }] },
    deployment: { rollback: { timeout: '5s', request_timeout: '2s', retry: RETRY } },
  }

  test.for([
    ['comes again', { result: 'aborted', exitCode: 12 }, { blue: 100, green: 0 }],
    ['is gone for good', { result: 'left', exitCode: 12 }, { blue: 50, green: 50 }],
  ] as const)('on the way back a balancer is waited for until it %s', async ([what, ending, split]) => {
    const { project, proxy } = await behindProxy(AT_HALF)
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    let retries = 0
    await readDeployEvents(handle, async (event) => {
      if (event.type === 'stage.started' && event.stage === 3) {
        await proxy.goDown()
        await engine.commandDeploy(handle.id, 'abort', 'errors')
      }
      retries += event.type === 'traffic.retrying' ? 1 : 0
      if (event.type !== 'traffic.retrying' || retries !== 3 * RETRY.attempts) return
      if (what === 'comes again') await proxy.goUp()
      else await engine.commandDeploy(handle.id, 'take-theirs', 'HAProxy is gone')
    })

    expect(await handle.result).toMatchObject(ending)
    await proxy.goUp().catch(() => undefined)
    expect(await project.split()).toEqual(split)
    expect(await engine.openDeploys()).toEqual([])
    expect((await project.history()).deployments[0]?.status).toBe(ending.result === 'left' ? 'partial' : 'failed')
  })

  test('where the traffic stands is drift as soon as nobody works on the deploy any more', async () => {
    const project = await createDeployProject({ traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    onTestFinished(() => project.close())
    const { engine } = await project.open()
    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const states: unknown[] = []
    await readDeployEvents(handle, async (event) => {
      if (event.type !== 'stage.started' || event.stage !== 3) return
      states.push(...(await engine.status()).map(({ state }) => state))
      handle.stop('for now')
    })
    await handle.result

    states.push(...(await engine.status()).map(({ state }) => state))

    expect(states).toEqual(['moving', 'drift'])
  })

  test.for([
    ['pause', ['v1.4.0 partial', 'v1.3.0 active']],
    ['watch', ['v1.4.0 failed', 'v1.3.0 active']],
  ] as const)('nothing is promoted that lost its traffic at its %s', async ([kind, statuses]) => {
    const project = await createDeployProject({ traffic: { steps: [{ weight: 100 }, { pause: {} }] } })
    onTestFinished(() => project.close())
    const { engine } = await project.open()
    const plan = await engine.planDeploy(aDeployOf('v1.4.0'))

    const handle = engine.deploy(plan)
    const green = kind === 'watch' ? 0 : 30
    await readDeployEvents(handle, async (event) => {
      const stage = event.type === 'stage.started' ? plan.stages[event.stage]?.kind : undefined
      if (stage === kind) await project.balancer.moveByHand(green)
      if (stage === 'pause') await engine.commandDeploy(handle.id, 'promote', '')
      if (event.type === 'deploy.asked') await engine.commandDeploy(handle.id, 'take-theirs', '')
    })

    expect(await handle.result).toMatchObject({ result: 'left', exitCode: 12 })
    expect(await project.split()).toEqual({ blue: 100 - green, green })
    const { deployments } = await project.history()
    expect(deployments.slice(0, 2).map(({ version, status }) => `${version} ${status}`)).toEqual(statuses)
  })

  test('a share that the balancer refused cannot be let through', async () => {
    const project = await createDeployProject({ traffic: { steps: [{ weight: 10 }], on_failure: 'pause' } })
    onTestFinished(() => project.close())
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    const receipts: unknown[] = []
    await readDeployEvents(handle, async (event) => {
      if (event.type === 'stage.finished' && event.stage === 2) {
        await project.balancer.command?.('set server app/app2 state maint')
      }
      if (event.type !== 'deploy.asked') return
      receipts.push(event.question.choices, await engine.commandDeploy(handle.id, 'promote', ''))
      await engine.commandDeploy(handle.id, 'abort', '')
    })

    expect(receipts).toEqual([['resume', 'abort'], { status: 'refused', why: 'it waits for one of: resume, abort' }])
    expect(await handle.result).toMatchObject({ result: 'aborted', exitCode: 12 })
  })

  test('whoever works on it and is silent is named, and the command is taken back', async () => {
    const lock = { ttl: '1s', heartbeat: '200ms' }
    const options = { traffic: { steps: [{ weight: 10 }, { pause: {} }] }, deployment: { lock } }
    const [project, { id: deployId }] = await stoppedAt(3, options)
    claimElsewhere(project, deployId)
    const { engine } = await project.open()

    await expect(engine.commandDeploy(deployId, 'abort', '')).rejects.toMatchObject({
      code: 'LOCKED',
      hint: expect.stringContaining('bagboy-tui lock release 99') as string,
    })
    expect(commandFiles(project, deployId)).toEqual([])
  })

  test('a command that nobody waits for any more is taken back', async () => {
    const [project, { id: deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
    claimElsewhere(project, deployId)
    const { engine } = await project.open()
    const impatience = new AbortController()

    const telling = engine.commandDeploy(deployId, 'abort', '', undefined, impatience.signal)
    const losePatience = async (): Promise<void> => {
      await until('the command is there', () => commandFiles(project, deployId).length === 1)
      impatience.abort(new BagboyError('ABORTED', 'never mind'))
    }
    const [told] = await Promise.allSettled([telling, losePatience()])

    expect(told).toMatchObject({ status: 'rejected', reason: { code: 'ABORTED' } })

    expect(commandFiles(project, deployId)).toEqual([])
  })

  test('it can be ended while the balancer takes a step and does not do it', async () => {
    const { project, proxy } = await behindProxy({
      traffic: { steps: [{ weight: 10 }, { pause: '200ms' }] },
      deployment: { rollback: { timeout: '300s', request_timeout: '2s' } },
    })
    const { engine } = await project.open()

    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    await readDeployEvents(handle, async (event) => {
      if (event.type === 'stage.started' && event.stage === 4) proxy.setMode('swallow')
      if (event.type !== 'traffic.intended' || event.to.green !== 100) return
      const written = proxy.commands.length
      await until('both shares are written', () => {
        return proxy.commands.slice(written).filter((command) => command.startsWith('set ')).length > 1
      })
      proxy.setMode('pass')
      await engine.commandDeploy(handle.id, 'abort', 'enough')
    })

    expect(await handle.result).toMatchObject({ result: 'aborted', exitCode: 12 })
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
  })
})
