import { afterAll, describe, expect, test } from 'vitest'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import { missingSinopia, startSinopia } from '../../support/servers/real/sinopia.ts'
import { clientOutput, npmEnvironment } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openSession } from './driver-session.ts'
import { createNpmFixture } from './npm-fixture.ts'

/**
 * Another make of npm registry. It keeps a tag at the highest version that it ever led to, and says so to nobody: a write
 * that leads to an older one is answered with 201. So it is no registry for the whole contract, and a good one for honesty.
 */
const missing = await missingSinopia()
describe.skipIf(missing)(`sinopia ${missing ?? ''}`, () => {
  const starting = missing === undefined ? startSinopia() : undefined
  let fixtureCount = 0
  afterAll(async () => (await starting)?.close())

  async function open(deprecates: boolean) {
    const sinopia = await (starting ?? startSinopia())
    fixtureCount += 1
    const name = `myapp-${fixtureCount}`
    const env = npmEnvironment(temporaryFolder('npm-client'), sinopia, sinopia.basic, '_auth')
    const npm = async (...args: readonly string[]) => (await clientOutput('npm', args, { env })).trim()
    const fixture = await createNpmFixture({
      registry: { ...sinopia, token: sinopia.basic, scheme: 'Basic', close: async () => undefined },
      name,
      deprecates,
      servedVersion: () => npm('view', name, 'version'),
      unpublish: async (_name, version) => void (await npm('unpublish', `${name}@${version}`, '--force')),
    })
    const latest = (pointer: unknown) => (pointer as Record<string, { tags: { latest: string } }>)[name]?.tags.latest
    return { fixture, name, npm, latest, session: openSession(fixture) }
  }

  test('is read with a user and a password: versions, archives and tags', async () => {
    const { fixture, session, latest } = await open(true)

    const { pointer, target, access } = await session.inspect()

    expect(fixture.versions.old.pin).toMatchObject({
      version: '1.2.0',
      integrity: expect.stringMatching(/^sha512-/u) as string,
    })
    expect([latest(pointer), target.status, access]).toEqual(['1.3.0', 'present', 'unknown'])
  })

  test('answers a move to an older version well and does not make it: a read says so', async () => {
    const { fixture, session, latest } = await open(false)
    const before = await session.inspect()

    await session.execute(session.draft(before).actions, before.pointer)

    expect(session.acceptedWriteCount()).toBe(1)
    expect(latest((await session.inspect()).pointer)).toBe('1.3.0')
    expect(await fixture.world.servedVersion()).toBe('1.3.0')
  })

  test('is moved by hand, by removing the tag first, and moved forward again by undo', async () => {
    const { fixture, session, npm, name, latest } = await open(false)
    const before = await session.inspect()
    const step = session.draft(before)

    await npm('dist-tag', 'rm', name, 'latest')
    await npm('dist-tag', 'add', `${name}@1.2.0`, 'latest')
    const moved = await session.inspect()
    await session.execute(step.undo, step.want)

    expect(session.plan(moved)).toBeUndefined()
    expect([latest(moved.pointer), latest((await session.inspect()).pointer)]).toEqual(['1.2.0', '1.3.0'])
    expect(await fixture.world.servedVersion()).toBe('1.3.0')
  })

  test('takes no deprecations: the reason and the setting that helps are told', async () => {
    const { session } = await open(true)
    const before = await session.inspect()
    const deprecations = session.draft(before).actions.filter(({ kind }) => kind === 'custom')

    const report = toErrorReport(await session.execute(deprecations, before.pointer).catch((error: unknown) => error))

    expect(report).toMatchObject({
      code: 'REGISTRY_REJECTED',
      message: expect.stringContaining('unsupported registry call') as string,
      hint: expect.stringContaining('deprecate_bad: false') as string,
    })
  })
})
