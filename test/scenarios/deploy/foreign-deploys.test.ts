import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { cli } from '../../support/harness/cli-harness.ts'
import { stoppedAt } from '../../support/engine/deploy-circumstances.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const missing = missingHaproxy()

/** A deploy of this user stands in a pause, and another user looks at the same folder. */
async function aDeployOfAnother() {
  const [project, { id: deployId }] = await stoppedAt(3, { traffic: { steps: [{ weight: 10 }, { pause: {} }] } })
  const home = temporaryFolder('bob')
  const userFolders = { config: join(home, 'c'), state: join(home, 's'), cache: join(home, 'x') }
  const platform = { ...createNodePlatform(), userFolders, env: { ...process.env, BAGBOY_TRUST: '1' } }
  const opened = await project.open(platform)
  const bob = (...argv: readonly string[]) => cli(argv, { openApp: () => Promise.resolve(opened) })
  return { project, deployId, engine: opened.engine, bob }
}

describe.skipIf(missing)(`an open deploy of another user ${missing ?? ''}`, () => {
  test('is named, told nothing, gone on with by nothing, and in the way of no other', async () => {
    const { deployId, engine, bob } = await aDeployOfAnother()

    const status = await bob('traffic', 'status')
    const promoted = await bob('traffic', 'promote')
    const aborted = await bob('traffic', 'abort', '--yes')
    const before = (await engine.traffic()).split
    const shift = await engine.planShift({ slot: null, percent: 0, reason: '' })

    expect(status.stderr).toContain(`An open deploy is not yours and is skipped: ${deployId}`)
    for (const refused of [promoted, aborted]) {
      expect([refused.exitCode, refused.stderr]).toEqual([9, expect.stringContaining('RUN_FOREIGN')])
    }
    await expect(engine.resumeDeploy(deployId).result).rejects.toMatchObject({ code: 'RUN_FOREIGN' })
    expect((await engine.traffic()).open).toBeNull()
    expect((await engine.traffic()).split).toEqual(before)
    expect(await engine.deploy(shift).result).toMatchObject({ result: 'shifted' })
  })

  test('is ended after a takeover, which its journal tells with the reason', async () => {
    const { deployId, engine, bob } = await aDeployOfAnother()

    const unexplained = await bob('traffic', 'abort', '--yes', '--takeover')
    const ended = await bob(
      'traffic',
      'abort',
      '--yes',
      '--takeover',
      '--reason',
      'alice is away',
      '--deploy',
      deployId,
    )
    const { events, view } = await engine.readDeploy(deployId)

    expect([unexplained.exitCode, unexplained.stderr]).toEqual([5, expect.stringContaining('REASON_REQUIRED')])
    expect(ended.exitCode, ended.stderr).toBe(0)
    expect(view.result).toBe('aborted')
    expect((await engine.traffic()).split).toEqual({ blue: 100, green: 0 })
    expect(events.find(({ type }) => type === 'deploy.adopted')).toMatchObject({
      takeover: { reason: 'alice is away' },
    })
  })
})
