import { describe, expect, test } from 'vitest'
import { toErrorReport } from '../../../../src/errors/bagboy-error.ts'
import { codeOf } from '../../../contract/registries/driver-session.ts'
import { NPM_READER, openNpmRegistry, writePaths } from '../../../support/registries/npm-session.ts'

const PLATFORMS = { packages: ['@myapp/cli-*'] }
const linux = (version: string) => ({ optionalDependencies: { '@myapp/cli-linux': version, unrelated: '^1.0.0' } })

describe('the order of a release in several packages', () => {
  test('goes platforms, main package, deprecations; and the same backwards', async () => {
    const { publish, session, latest, deprecated } = await openNpmRegistry()
    for (const version of ['1.2.0', '1.3.0']) {
      publish('@myapp/cli-linux', version)
      publish('myapp', version, linux(version))
    }
    const { inspect, draft, execute, writes } = session({ options: PLATFORMS })
    const before = await inspect()
    const step = draft(before)

    await execute(step.actions, before.pointer)
    const done = [latest(), latest('@myapp/cli-linux'), deprecated('1.3.0'), deprecated('1.3.0', '@myapp/cli-linux')]
    await execute(step.undo, step.want)

    const text = '1.3.0 was withdrawn; use 1.2.0 instead.'
    const forth = [
      'PUT /-/package/@myapp/cli-linux/dist-tags/latest',
      'PUT /-/package/myapp/dist-tags/latest',
      'PUT /@myapp/cli-linux',
      'PUT /myapp',
    ]
    expect(done).toEqual(['1.2.0', '1.2.0', text, text])
    expect(writePaths(writes())).toEqual([...forth, ...forth.toReversed()])
    expect((await inspect()).pointer).toEqual(before.pointer)
  })

  test('takes what was recorded before what can be found, and reads only what belongs to it', async () => {
    const { publish, session, proxy } = await openNpmRegistry()
    for (const version of ['1.2.0', '1.3.0']) {
      publish('@myapp/cli-linux', version)
      publish('myapp', version, linux(version))
    }
    const pins = {
      bad: { version: '1.3.0', packages: {} },
      old: { version: '1.2.0', packages: { '@myapp/cli-linux': { version: '1.2.0' } } },
    }

    const { pointer } = await session({ options: PLATFORMS, pins }).inspect()

    expect(pointer).toEqual({
      '@myapp/cli-linux': { tags: { latest: '1.3.0' }, deprecated: { '1.2.0': null } },
      myapp: { tags: { latest: '1.3.0' }, deprecated: { '1.2.0': null, '1.3.0': null } },
    })
    expect(proxy.requests.some(({ path }) => path.includes('unrelated'))).toBe(false)
  })

  test('leaves the tag of a package alone that the target did not have, and deprecates it', async () => {
    const { publish, session, latest, deprecated } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('@myapp/cli-linux', '1.3.0')
    publish('myapp', '1.3.0', linux('1.3.0'))
    const { inspect, draft, execute } = session({ options: PLATFORMS })
    const before = await inspect()

    await execute(draft(before).actions, before.pointer)

    expect([latest(), latest('@myapp/cli-linux')]).toEqual(['1.2.0', '1.3.0'])
    expect(deprecated('1.3.0', '@myapp/cli-linux')).toBe('1.3.0 was withdrawn.')
  })

  test('stops at a platform package that is gone', async () => {
    const { publish, session, state } = await openNpmRegistry()
    publish('myapp', '1.2.0', linux('1.2.0'))
    publish('myapp', '1.3.0')
    const { target } = await session({ options: PLATFORMS }).inspect()

    expect(state.packages.has('@myapp/cli-linux')).toBe(false)
    expect(target).toMatchObject({
      status: 'missing',
      detail: expect.stringContaining('@myapp/cli-linux@1.2.0') as string,
    })
  })
})

describe('credentials', () => {
  test('a one-time password is asked for once and serves all writes', async () => {
    const { publish, session, latest, deprecated } = await openNpmRegistry({ oneTimePassword: '123456' })
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { inspect, draft, execute } = session()
    const before = await inspect()
    let askedCount = 0
    const oneTimePassword = async () => {
      askedCount += 1
      return '123456'
    }

    await execute(draft(before).actions, before.pointer, { oneTimePassword })

    expect([latest(), deprecated('1.3.0') !== null, askedCount]).toEqual(['1.2.0', true, 1])
  })

  test('a one-time password that nobody gives, or a wrong one, ends it', async () => {
    const { publish, session, latest } = await openNpmRegistry({ oneTimePassword: '123456' })
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { inspect, draft, execute } = session()
    const before = await inspect()
    const reports = await Promise.all(
      ['', '654321'].map((password) =>
        execute(draft(before).actions, before.pointer, { oneTimePassword: async () => password }).catch(
          (error: unknown) => toErrorReport(error),
        ),
      ),
    )

    expect(reports).toMatchObject([
      { code: 'REGISTRY_UNAUTHORIZED', message: expect.stringContaining('one-time password') as string },
      { code: 'REGISTRY_UNAUTHORIZED', message: expect.stringContaining('401') as string },
    ])
    expect(JSON.stringify(reports)).not.toContain('654321')
    expect(latest()).toBe('1.3.0')
  })

  test.each([
    ['none', '', 'denied'],
    ['a token that the registry does not know', 'npm_unknown', 'unknown'],
    ['a token of which only the registry knows what it may', NPM_READER, 'unknown'],
  ])('%s: the access is told before anything is written', async (_what, token, access) => {
    const { publish, session } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')

    expect((await session({ token }).inspect()).access).toBe(access)
  })

  test('none: that is what is said, with where it was looked for and how to log in', async () => {
    const { publish, session, proxy } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')

    const { accessNote } = await session({ token: '' }).inspect()

    expect(accessNote?.detail).toMatch(
      /^No credentials for .* were found in npm's configuration \(the environment, .*\.npmrc/u,
    )
    expect(accessNote?.remedy).toBe(`Log in: npm login --registry ${proxy.url}`)
  })

  test('a token that may only read is refused as forbidden', async () => {
    const { publish, session, latest } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { inspect, draft, execute } = session({ token: NPM_READER })
    const before = await inspect()

    expect(await codeOf(execute(draft(before).actions, before.pointer))).toBe('REGISTRY_FORBIDDEN')
    expect(latest()).toBe('1.3.0')
  })

  test('go to no other place than the registry, whatever a plan says', async () => {
    const { publish, session, proxy } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { execute } = session()
    const action = { kind: 'http', title: 'forged', method: 'PUT', headers: {}, body: '"1.2.0"' } as const
    const urls = [
      'http://127.0.0.1:9/-/package/myapp/dist-tags/latest',
      `${proxy.url}.example.com/x`,
      `${proxy.url.replace('127.0.0.1', '127.0.0.2')}/x`,
      'ftp://x',
      '',
    ]

    const codes = await Promise.all(urls.map((url) => codeOf(execute([{ ...action, url }], null))))

    expect(codes).toEqual(urls.map(() => 'PLAN_INVALID'))
    expect(proxy.requests).toEqual([])
  })
})

describe('what is pinned', () => {
  test('an archive that is not the recorded one stops it', async () => {
    const { publish, session } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const pin = await session().capture('1.2.0')
    const swapped = { ...(pin as object), integrity: 'sha512-AAAA' }

    const { target } = await session({ pins: { bad: null, old: swapped } }).inspect()

    expect(pin).toMatchObject({
      tag: 'latest',
      version: '1.2.0',
      integrity: expect.stringMatching(/^sha512-/u) as string,
    })
    expect(target).toMatchObject({ status: 'changed', detail: expect.stringContaining('myapp@1.2.0') as string })
  })

  test('a pin that is no version is no pin: nothing of it gets into a command', async () => {
    const { publish, session } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { inspect, draft } = session({ pins: { bad: null, old: { version: '1.2.0; rm -rf ~' } } })

    const step = draft(await inspect())

    expect(JSON.stringify(step)).not.toContain('rm -rf')
    expect(step.want).toMatchObject({ myapp: { tags: { latest: '1.2.0' } } })
  })

  test('a version that was never published cannot be captured', async () => {
    const { publish, session } = await openNpmRegistry()
    publish('myapp', '1.3.0')

    await expect(session().capture('1.2.0')).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
      message: expect.stringContaining('myapp@1.2.0') as string,
    })
  })

  test('a tag that did not exist is removed again by undo', async () => {
    const { publish, session, state } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { inspect, draft, execute } = session({ options: { tag: 'stable' } })
    const before = await inspect()
    const step = draft(before)
    await execute(step.actions, before.pointer)
    const between = state.packages.get('myapp')?.distTags.get('stable')

    await execute(step.undo, step.want)

    expect([between, state.packages.get('myapp')?.distTags.get('stable')]).toEqual(['1.2.0', undefined])
    expect((await inspect()).pointer).toEqual(before.pointer)
  })
})

test('a registry that the history only calls npm is the one npm is configured for', async () => {
  const { publish, session, proxy, latest } = await openNpmRegistry()
  publish('myapp', '1.2.0')
  publish('myapp', '1.3.0')
  const npmrc = `registry=${proxy.url}/\n//${proxy.host}/:_authToken=npm_mayWrite0000\n`
  const { inspect, draft, execute } = session({ registry: 'npm', npmrc })
  const before = await inspect()

  await execute(draft(before).actions, before.pointer)

  expect(latest()).toBe('1.2.0')
})

test.each([
  [400, 'REGISTRY_REJECTED'],
  [422, 'REGISTRY_REJECTED'],
  [409, 'REGISTRY_CONFLICT'],
] as const)('a tag whose write is answered %i stays, as %s', async (status, code) => {
  const { publish, session, proxy, latest } = await openNpmRegistry()
  publish('myapp', '1.2.0')
  publish('myapp', '1.3.0')
  const { inspect, draft, execute } = session()
  const before = await inspect()
  proxy.inject({ kind: 'status', applied: false, status, method: 'PUT' })

  expect(await codeOf(execute(draft(before).actions, before.pointer))).toBe(code)
  expect(latest()).toBe('1.3.0')
})

test('a version that was unpublished since it was read cannot be tagged', async () => {
  const { publish, session, state, latest } = await openNpmRegistry()
  publish('myapp', '1.2.0')
  publish('myapp', '1.3.0')
  const { inspect, draft, execute } = session()
  const before = await inspect()
  state.packages.get('myapp')?.versions.delete('1.2.0')

  expect(await codeOf(execute(draft(before).actions, before.pointer))).toBe('REGISTRY_NOT_FOUND')
  expect(latest()).toBe('1.3.0')
})

test('a registry without the address of the tags is read from its document', async () => {
  const { publish, session, proxy } = await openNpmRegistry()
  publish('myapp', '1.2.0')
  publish('myapp', '1.3.0')
  proxy.inject({ kind: 'status', applied: false, status: 404, path: /dist-tags/u, method: 'GET' })

  expect((await session().inspect()).serving).toBe('1.3.0')
})

describe('the document that installs read', () => {
  const document = { path: /^\/myapp$/u, method: 'GET' } as const

  test('has to lead where the tags lead: a write that only the tags show is not settled, and it is told what installs get', async () => {
    const { publish, session, proxy } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    const { inspect, draft, execute, plan } = session({ options: { deprecate_bad: false } })
    const before = await inspect()
    await execute(draft(before).actions, before.pointer)
    const readCount = proxy.requests.length
    proxy.inject({ kind: 'stale', ...document })

    const after = await inspect()

    expect(before.isApplied).toBeUndefined()
    expect(after).toMatchObject({
      pointer: { myapp: { tags: { latest: '1.2.0' } } },
      serving: null,
      isApplied: false,
      notAppliedNote:
        'installs of myapp still get 1.3.0: the dist-tag latest leads to 1.2.0, and the document that installs read is older',
    })
    expect(plan(after)).toBeUndefined()
    expect(proxy.requests.slice(readCount).filter(({ path }) => path.includes('myapp'))).toHaveLength(2)
    proxy.heal()
    expect(await inspect()).toMatchObject({ serving: '1.2.0' })
    expect((await inspect()).isApplied).toBeUndefined()
  })

  test('decides for every package that moves with the main one', async () => {
    const { publish, session, proxy } = await openNpmRegistry()
    for (const version of ['1.2.0', '1.3.0']) {
      publish('@myapp/cli-linux', version)
      publish('myapp', version, linux(version))
    }
    const { inspect, draft, execute } = session({ options: { ...PLATFORMS, deprecate_bad: false } })
    const before = await inspect()
    await execute(draft(before).actions, before.pointer)
    proxy.inject({ kind: 'stale', path: /^\/@myapp%2fcli-linux$/u, method: 'GET' })

    expect(await inspect()).toMatchObject({
      isApplied: false,
      notAppliedNote: expect.stringContaining('installs of @myapp/cli-linux still get 1.3.0') as string,
    })
  })

  test('is all there is where the address of the tags is unknown', async () => {
    const { publish, session, proxy } = await openNpmRegistry()
    publish('myapp', '1.2.0')
    publish('myapp', '1.3.0')
    proxy.inject({ kind: 'status', applied: false, status: 404, path: /dist-tags/u, method: 'GET' })

    const { isApplied, serving } = await session().inspect()

    expect([isApplied, serving]).toEqual([undefined, '1.3.0'])
  })
})

test.each(['; rm -rf /', '../evil', '@scope', 'a b', 'x'.repeat(215)])('the name %j goes nowhere', async (name) => {
  const { session, proxy } = await openNpmRegistry()

  expect(await codeOf(session({ options: { package: name } }).inspect())).toBe('CONFIG_INVALID')
  expect(proxy.requests).toEqual([])
})
