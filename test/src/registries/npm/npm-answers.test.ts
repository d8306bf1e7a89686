import fc from 'fast-check'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { toErrorReport } from '../../../../src/errors/bagboy-error.ts'
import { createNpmClient } from '../../../../src/registries/npm/npm-client.ts'
import { deprecationOf, readPackument } from '../../../../src/registries/npm/npm-packument.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { platformWith } from '../../../support/test-platform.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A server of the test's own, and what it was asked. */
async function serve(answer: Answer) {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

async function clientOf(url: string, npmrc = '') {
  const root = temporaryFolder('npm-answers')
  const { host } = new URL(url)
  writeFileSync(join(root, '.npmrc'), `//${host}/:_authToken=npm_secret\n${npmrc}`)
  return createNpmClient(
    { format: 'npm', registry: url, name: 'myapp' },
    {
      platform: platformWith({ HOME: join(root, 'home') }),
      options: {},
      root,
      cacheFolder: root,
      signal: new AbortController().signal,
      timeoutMs: 20_000,
      oneTimePassword: () => Promise.resolve(''),
    },
  )
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

const isTags = ({ url = '' }: IncomingMessage) => url.startsWith('/-/package/')
const DOCUMENT = { 'dist-tags': { latest: '1.3.0' }, versions: { '1.3.0': { dist: { integrity: 'sha512-x' } } } }

async function reasonOf(work: Promise<unknown>) {
  return work.then(
    () => undefined,
    (error: unknown) => toErrorReport(error),
  )
}

describe('a document', () => {
  test.each([
    ['dependencies as a list', { dependencies: [] }],
    ['dependencies of null', { dependencies: null, optionalDependencies: null }],
    ['dependencies that are no texts', { dependencies: { left: null, right: { version: '1' } } }],
    ['an integrity of null', { dist: { integrity: null } }],
    ['a dist of null', { dist: null }],
    ['deprecated: false', { deprecated: false }],
  ])('with %s in another version is read', async (_what, old) => {
    const { url } = await serve((request, response) =>
      json(response, isTags(request) ? {} : { ...DOCUMENT, versions: { ...DOCUMENT.versions, '0.0.1': old } }),
    )

    const packument = await readPackument(await clientOf(url), 'myapp')

    expect(Object.keys(packument?.versions ?? {})).toEqual(['1.3.0', '0.0.1'])
    expect(packument && deprecationOf(packument, '0.0.1')).toBeNull()
  })

  test('keeps what is used of it, whatever its other members are', async () => {
    let document: unknown
    const { url } = await serve((request, response) =>
      isTags(request) ? json(response, {}, 404) : json(response, document),
    )
    const client = await clientOf(url)
    const odd = fc.jsonValue()

    await fc.assert(
      fc.asyncProperty(odd, odd, odd, odd, odd, async (time, tag, version, dist, dependencies) => {
        document = {
          ...DOCUMENT,
          time,
          'dist-tags': { ...DOCUMENT['dist-tags'], odd: tag },
          versions: { ...DOCUMENT.versions, '0.0.1': version, '0.0.2': { dist, dependencies } },
        }

        const packument = await readPackument(client, 'myapp')

        expect(packument?.tags['latest']).toBe('1.3.0')
        expect(packument?.versions['1.3.0']?.dist?.integrity).toBe('sha512-x')
        expect(packument?.versions['0.0.2']).toBeDefined()
      }),
      { seed: 11, numRuns: 100 },
    )
  })

  test.each([null, [], 'text', 7, { versions: [] }, { 'dist-tags': 'x' }])('of %j is no package', async (document) => {
    const { url } = await serve((request, response) => json(response, isTags(request) ? {} : document))

    expect(await reasonOf(readPackument(await clientOf(url), 'myapp'))).toMatchObject({ code: 'REGISTRY_BROKEN' })
  })

  test.each([400, 404, 405, 406, 501])(
    'has the tags where the registry answers %i to the address of the tags',
    async (status) => {
      const { url } = await serve((request, response) =>
        isTags(request) ? json(response, {}, status) : json(response, DOCUMENT),
      )

      expect((await readPackument(await clientOf(url), 'myapp'))?.tags).toEqual({ latest: '1.3.0' })
    },
  )

  test('has the tags where the registry answers the address of the tags with a page', async () => {
    const { url } = await serve((request, response) =>
      isTags(request) ? void response.end('<!doctype html>') : json(response, DOCUMENT),
    )

    expect((await readPackument(await clientOf(url), 'myapp'))?.tags).toEqual({ latest: '1.3.0' })
  })

  test('is taken in another form where the registry does not have the short one', async () => {
    const { url, requests } = await serve((request, response) => {
      const { accept = '' } = request.headers
      json(response, DOCUMENT, /application\/json|\*\/\*/u.test(accept) ? 200 : 406)
    })

    expect((await readPackument(await clientOf(url), 'myapp'))?.tags).toEqual({ latest: '1.3.0' })
    expect(requests.every(({ headers }) => headers['user-agent'] === 'bagboy-tui')).toBe(true)
  })
})

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    '%i of a read is followed, without the login where it leads to another origin',
    async (status) => {
      const mirror = await serve((_request, response) => json(response, DOCUMENT))
      const { url, requests } = await serve(
        ({ url: path }, response) =>
          void response
            .writeHead(status, { location: path?.startsWith('/here') === true ? mirror.url : `/here${path ?? ''}` })
            .end(),
      )

      const packument = await readPackument(await clientOf(url), 'myapp')

      expect(packument?.versions['1.3.0']).toBeDefined()
      expect(requests.every(({ headers }) => headers.authorization === 'Bearer npm_secret')).toBe(true)
      expect(mirror.requests.length).toBeGreaterThan(0)
      expect(mirror.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true)
    },
  )

  test.each([
    ['to an address of clouds', 'https://169.254.169.254/latest', 'REGISTRY_REJECTED'],
    ['from this machine into clear text', 'http://192.0.2.1/latest', 'REGISTRY_BROKEN'],
    ['to another scheme', 'file:///etc/passwd', 'REGISTRY_BROKEN'],
    ['to nowhere', 'http://[', 'REGISTRY_BROKEN'],
    ['in a circle', '/', 'REGISTRY_BROKEN'],
  ])('%s is not followed', async (_what, location, code) => {
    const { url } = await serve((_request, response) => void response.writeHead(302, { location }).end())

    expect(await reasonOf(readPackument(await clientOf(url), 'myapp'))).toMatchObject({ code })
  })

  test('of a write is followed within the registry, with its body', async () => {
    const { url, requests } = await serve(({ url: path }, response) =>
      path === '/x' ? void response.writeHead(308, { location: '/y' }).end() : json(response, {}, 201),
    )
    const client = await clientOf(url)

    expect((await client.write({ method: 'PUT', path: '/x', body: '1', doing: 'writing' })).status).toBe(201)
    expect(requests.map(({ method, url: path, headers }) => [method, path, headers['content-length']])).toEqual([
      ['PUT', '/x', '1'],
      ['PUT', '/y', '1'],
    ])
  })

  test('of a write is not followed, and says where it leads', async () => {
    const other = await serve((_request, response) => json(response, {}))
    const { url } = await serve(
      (_request, response) => void response.writeHead(307, { location: `${other.url}/npm?sig=x` }).end(),
    )
    const client = await clientOf(url)

    const report = await reasonOf(client.write({ method: 'PUT', path: '/x', body: '1', doing: 'writing' }))

    expect(report?.message).toBe(`${url} answered 307 while writing: it sends writes to ${other.url}/npm`)
    expect(report?.hint).toContain('registry:')
    expect(other.requests).toEqual([])
  })
})

test('a request goes through the proxy that npm is configured with, also to this machine', async () => {
  const proxy = await serve((request, response) =>
    json(response, request.url?.includes('dist-tags') === true ? {} : DOCUMENT),
  )
  const registry = await serve((_request, response) => json(response, {}, 500))

  const packument = await readPackument(await clientOf(registry.url, `proxy=${proxy.url}`), 'myapp')

  expect(packument?.versions['1.3.0']).toBeDefined()
  expect(proxy.requests.map(({ url }) => url)).toContain(`${registry.url}/myapp`)
  expect(registry.requests).toEqual([])
})
