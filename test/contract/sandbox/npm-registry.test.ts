import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNpmRegistry, type NpmRegistry } from '../../../src/sandbox/servers/npm/npm-registry.ts'
import { clientOutput, npmEnvironment, runClient } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const TOKEN = 'write-token'
let registry: NpmRegistry
let env: Readonly<Record<string, string>>
const folder = temporaryFolder('npm')

beforeAll(async () => {
  registry = await startNpmRegistry({ token: TOKEN, readOnlyToken: 'read-token' })
  env = npmEnvironment(folder, registry, TOKEN)
  await publish('hello', '1.0.0')
  await publish('hello', '1.1.0')
})
afterAll(() => registry.close())

async function publish(name: string, version: string): Promise<string> {
  const project = join(folder, `${name.replace('/', '-')}-${version}`)
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }))
  writeFileSync(join(project, 'index.js'), `module.exports = '${version}'\n`)
  return clientOutput('npm', ['publish', '--access', 'public'], { cwd: project, env })
}

function request(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${registry.url}${path}`, init)
}

const AUTHORIZED = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }

describe('npm registry, with the npm command', () => {
  it('shows what npm published', async () => {
    const seen = JSON.parse(await clientOutput('npm', ['view', 'hello', '--json'], { env })) as Record<string, unknown>

    expect(seen['version']).toBe('1.1.0')
    expect(seen['versions']).toEqual(['1.0.0', '1.1.0'])
    expect(seen['dist-tags']).toEqual({ latest: '1.1.0' })
  })

  it('moves a dist-tag and moves it back', async () => {
    await clientOutput('npm', ['dist-tag', 'add', 'hello@1.0.0', 'latest'], { env })

    const moved = await clientOutput('npm', ['dist-tag', 'ls', 'hello'], { env })

    expect(moved.trim()).toBe('latest: 1.0.0')
    await clientOutput('npm', ['dist-tag', 'add', 'hello@1.1.0', 'latest'], { env })
    expect(registry.state.packages.get('hello')?.distTags.get('latest')).toBe('1.1.0')
  })

  it('removes a dist-tag', async () => {
    await clientOutput('npm', ['dist-tag', 'add', 'hello@1.0.0', 'beta'], { env })

    await clientOutput('npm', ['dist-tag', 'rm', 'hello', 'beta'], { env })

    expect((await clientOutput('npm', ['dist-tag', 'ls', 'hello'], { env })).trim()).toBe('latest: 1.1.0')
  })

  it('deprecates a version and takes it back with an empty message', async () => {
    await clientOutput('npm', ['deprecate', 'hello@1.1.0', 'broken, use 1.0.0'], { env })
    const deprecated = await clientOutput('npm', ['view', 'hello@1.1.0', 'deprecated'], { env })

    await clientOutput('npm', ['deprecate', 'hello@1.1.0', ''], { env })

    expect(deprecated.trim()).toBe('broken, use 1.0.0')
    expect((await clientOutput('npm', ['view', 'hello@1.1.0', 'deprecated'], { env })).trim()).toBe('')
  })

  it('installs what was published, byte for byte', async () => {
    const project = join(folder, 'consumer')
    mkdirSync(project)
    writeFileSync(join(project, 'package.json'), '{"name":"consumer","private":true}')

    await clientOutput('npm', ['install', 'hello@1.0.0'], { cwd: project, env })

    expect(readFileSync(join(project, 'node_modules/hello/index.js'), 'utf8')).toBe("module.exports = '1.0.0'\n")
  })

  it('publishes and tags a scoped package', async () => {
    await publish('@acme/tool', '2.0.0')
    await publish('@acme/tool', '2.1.0')

    await clientOutput('npm', ['dist-tag', 'add', '@acme/tool@2.0.0', 'latest'], { env })

    expect((await clientOutput('npm', ['view', '@acme/tool', 'version'], { env })).trim()).toBe('2.0.0')
  })

  it('refuses a version number a second time with 403', async () => {
    const project = join(folder, 'hello-1.1.0')

    const { exitCode, stderr } = await runClient('npm', ['publish', '--tag', 'again'], { cwd: project, env })

    expect(exitCode).not.toBe(0)
    expect(stderr).toMatch(/previously published/u)
  })

  it('tells the npm command who the token belongs to', async () => {
    expect((await clientOutput('npm', ['whoami'], { env })).trim()).toBe('publisher')
  })
})

describe('npm registry, request by request', () => {
  it('serves the short document to installers, and 304 to who has it', async () => {
    const headers = { accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8' }
    const first = await request('/hello', { headers })

    const again = await request('/hello', { headers: { ...headers, 'if-none-match': first.headers.get('etag') ?? '' } })

    expect(first.headers.get('content-type')).toBe('application/vnd.npm.install-v1+json')
    expect(Object.keys((await first.json()) as object)).toEqual(['name', 'modified', 'dist-tags', 'versions'])
    expect(again.status).toBe(304)
  })

  it.each([
    ['no token', '/-/package/hello/dist-tags/latest', { 'content-type': 'application/json' }, '"1.0.0"', 401],
    [
      'a token that may only read',
      '/-/package/hello/dist-tags/latest',
      { ...AUTHORIZED, authorization: 'Bearer read-token' },
      '"1.0.0"',
      403,
    ],
    ['an unknown version', '/-/package/hello/dist-tags/latest', AUTHORIZED, '"9.0.0"', 404],
    ['an unknown package', '/-/package/nothing/dist-tags/latest', AUTHORIZED, '"1.0.0"', 404],
    ['a body that is not JSON', '/-/package/hello/dist-tags/latest', AUTHORIZED, '1.0.0', 400],
    [
      'another content type',
      '/-/package/hello/dist-tags/latest',
      { ...AUTHORIZED, 'content-type': 'text/plain' },
      '"1.0.0"',
      415,
    ],
    ['a document without its versions', '/hello', AUTHORIZED, '{"name":"hello","versions":{}}', 409],
  ])('refuses a write with %s', async (_, path, headers, body, status) => {
    const before = await (await request('/-/package/hello/dist-tags')).json()

    const answer = await request(path, { method: 'PUT', headers, body })

    expect(answer.status).toBe(status)
    expect(await (await request('/-/package/hello/dist-tags')).json()).toEqual(before)
  })

  it('asks for a one-time password when it is set up so', async () => {
    const careful = await startNpmRegistry({ token: TOKEN, oneTimePassword: '123456' })
    const put = (headers: Record<string, string>) =>
      fetch(`${careful.url}/-/package/hello/dist-tags/latest`, { method: 'PUT', headers, body: '"1.0.0"' })

    const [without, withIt] = [await put(AUTHORIZED), await put({ ...AUTHORIZED, 'npm-otp': '123456' })]
    await careful.close()

    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'OTP'])
    expect(withIt.status).toBe(404)
  })
})
