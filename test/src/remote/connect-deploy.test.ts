import { knownSecrets } from '../../support/builders/known-secrets.ts'
import { MessageChannel } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import type { DeployOutcome } from '../../../src/engine/deploy/deploy.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { connectEngine } from '../../../src/remote/connect-engine.ts'
import { serveEngine } from '../../../src/remote/serve-engine.ts'
import { aDeployPlan, aDeployView, AT_TEN, stampDeploy, started } from '../../support/builders/a-deploy.ts'
import { readDeployEvents } from '../../support/projects/deploy-project.ts'
import { scriptedEngine } from '../../support/engine/scripted-engine.ts'

function remote(script: Partial<Engine>) {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => {
    port1.close()
    port2.close()
  })
  serveEngine(port1, scriptedEngine(script), knownSecrets())
  return connectEngine(port2)
}

const EVENTS = stampDeploy([started(), ...AT_TEN])

/** A deploy that goes on until it is told to stop. */
function openDeploy() {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<string>()
  const view = aDeployView(AT_TEN)
  const result = stopped.then((): DeployOutcome => ({ id: view.id, result: null, exitCode: 12, view }))
  return {
    stopped,
    handle: {
      id: view.id,
      result,
      stop,
      async *[Symbol.asyncIterator]() {
        yield* EVENTS
        await stopped
      },
    },
  }
}

test('a deploy through a port shows every event, and ends as it does without one', async () => {
  const { handle, stopped } = openDeploy()
  const { engine } = remote({ deploy: () => handle })

  const far = engine.deploy(aDeployPlan())
  const events = await readDeployEvents(far, (event) => {
    if (event.seq === EVENTS.length) far.stop('enough')
  })

  expect(events).toEqual(EVENTS)
  expect(await stopped).toBe('enough')
  expect(await far.result).toMatchObject({ result: null, exitCode: 12, view: { expected: { green: 10 } } })
})

test('a refusal keeps its code on the way', async () => {
  const { engine } = remote({
    resumeDeploy: () => {
      throw new BagboyError('RUN_NOT_OPEN', 'it is over')
    },
  })

  const far = engine.resumeDeploy('01JKX7M3Q8ZB7F3W0000000000')

  await expect(far.result).rejects.toMatchObject({ code: 'RUN_NOT_OPEN' })
  expect(await readDeployEvents(far)).toEqual([])
})

test('when the other side is gone, whoever waits for a deploy is told', async () => {
  const { engine, fail } = remote({ followDeploy: () => openDeploy().handle })
  const far = engine.followDeploy('01JKX7M3Q8ZB7F3W0000000000')

  fail(new BagboyError('BUG', 'the thread is gone'))

  await expect(far.result).rejects.toMatchObject({ message: 'the thread is gone' })
})

test('commands and what is read cross as calls do', async () => {
  const told: unknown[] = []
  const seen = { position: 2, askedSeq: 0 }
  const { engine } = remote({
    commandDeploy: (...args) => {
      told.push(args.slice(0, 4))
      return Promise.resolve({ status: 'obeyed', why: '' })
    },
    openDeploys: () => Promise.resolve([]),
  })

  expect(await engine.commandDeploy('01JK', 'promote', 'looks good', seen)).toEqual({ status: 'obeyed', why: '' })
  expect(told).toEqual([['01JK', 'promote', 'looks good', seen]])
  expect(await engine.openDeploys()).toEqual([])
})
