import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aDeployment } from '../../../support/builders/a-history.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'
import { createMemoryWorld } from '../../../support/registries/memory-driver.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const REGISTRIES = ['one']
const PACKAGES = [{ format: 'memory', registry: 'one', name: 'hello' }]

async function createBoth() {
  const folder = temporaryFolder('shared-folder')
  const open = (environment: string) =>
    createEngineFixture({ folder, environment, registries: REGISTRIES, world: createMemoryWorld('v1.3.0') })
  return { production: await open('production'), staging: await open('staging') }
}
type Both = Awaited<ReturnType<typeof createBoth>>

async function rollBack({ engine }: Both['production']) {
  return engine.run(await engine.plan(aRequest('previous')), defaultApprover).result
}

describe('a run of another environment', () => {
  test('is found by its id, and neither resumed, undone, ended nor looked into from here', async () => {
    const { production, staging } = await createBoth()
    staging.world.registry('one').faults.push('forbidden')
    const { id: runId, result } = await rollBack(staging)
    const { engine } = production

    expect(result).toBe('failed')
    const ours = {
      code: 'USAGE',
      message: `The run ${runId} is of staging, and this is production of hello.`,
      hint: expect.stringContaining('--env staging'),
    }
    await expect(engine.resume(runId, defaultApprover).result).rejects.toMatchObject(ours)
    await expect(engine.undo(runId, defaultApprover, 'wrong').result).rejects.toMatchObject(ours)
    await expect(engine.recovery(runId)).rejects.toMatchObject(ours)
    await expect(engine.handOver(runId, 'wrong')).rejects.toMatchObject(ours)
    await expect(engine.handOver(runId, 'wrong', 'takeover')).rejects.toMatchObject(ours)
    expect((await engine.runs()).map(({ id }) => id)).toEqual([])
    expect((await engine.runs({ allEnvironments: true })).map(({ id }) => id)).toEqual([runId])
    expect((await engine.readRun(runId)).view.plan.environment).toBe('staging')
  })

  test('that lies open is in the way of its own environment only, and the refusal names it', async () => {
    const { production, staging } = await createBoth()
    staging.world.registry('one').faults.push('forbidden')
    await rollBack(staging)

    expect(await rollBack(production)).toMatchObject({ result: 'complete' })
    await expect(rollBack(staging)).rejects.toMatchObject({
      code: 'RUN_OPEN',
      message: expect.stringMatching(/^The run \w+ of hello in staging is not finished\.$/u),
    })
  })
})

test('a plan is as good as before when something was recorded in another environment', async () => {
  const { production, staging } = await createBoth()
  const plan = await production.engine.plan(aRequest('previous'))

  await staging.engine.record({
    version: 'v1.4.0',
    commit: '',
    packages: PACKAGES,
    notes: '',
    acceptsNotServed: true,
  })

  expect(await production.another().run(plan, defaultApprover).result).toMatchObject({ result: 'complete' })
})

test('what is live is found behind many newer entries of another environment', async () => {
  const { production, staging } = await createBoth()
  const { id: _id, ...entry } = aDeployment('v1.4.0', { notes: 'x'.repeat(20_000) })
  const edits = Array.from({ length: 60 }, () => ({ kind: 'insert', deployment: entry }) as const)
  await staging.history.commit(() => edits, { run: '', epoch: 0, purpose: 'a long history', actor: {} })

  const [here, there] = [await production.engine.overview({ newest: 2 }), await staging.engine.overview({ newest: 2 })]

  // So long that only its beginning is read at first.
  expect(statSync(join(production.folder, '.bagboy/deployment-history.yml')).size).toBeGreaterThan(1024 * 1024)
  expect([here.active?.version, here.isPartial]).toEqual(['v1.3.0', false])
  expect([there.history.deployments.length, there.isPartial]).toEqual([2, true])
})

describe('history verify', () => {
  test('says what is live in each environment, and what another one had ended', async () => {
    const { production, staging } = await createBoth()
    const live = (await production.readHistory()).deployments[0]
    const note = { run: '', epoch: 0, purpose: 'as earlier versions wrote it', actor: {} }
    await production.history.commit(() => [{ kind: 'set-status', id: live?.id ?? 0, status: 'superseded' }], note)

    const found = (await staging.engine.verifyHistory()).filter(({ what }) => what === 'environments')

    expect(found.map(({ detail }) => detail)).toEqual([
      'production: 3 entries, v1.3.0 (@3) is live',
      'staging: 3 entries, v1.3.0 (@6) is live',
      '@3 v1.3.0 counts as live in production: another environment took its status',
    ])
  })
})
