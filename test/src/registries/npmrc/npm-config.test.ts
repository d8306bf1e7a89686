import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findNpmAddress } from '../../../../src/registries/npm/npm-address.ts'
import { readNpmConfig } from '../../../../src/registries/npmrc/npm-config.ts'
import { findNpmLogin } from '../../../../src/registries/npm/npm-login.ts'
import { hasNpmLogin } from '../../../../src/registries/npm/has-npm-login.ts'
import { npmTransport } from '../../../../src/registries/npm/npm-transport.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { platformWith } from '../../../support/test-platform.ts'

interface Sources {
  readonly project?: string
  readonly user?: string
  /** Of the machine: in `etc/npmrc` of npm's prefix. */
  readonly global?: string
  readonly env?: Readonly<Record<string, string>>
  /** Below the folder of the project, as path → text. */
  readonly files?: Readonly<Record<string, string>>
  readonly isTrusted?: boolean
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** A project, a user's home and an npm of their own, so that nothing of this machine is read. */
async function readSources({ project = '', user = '', global = '', env = {}, files = {}, isTrusted = true }: Sources) {
  const top = temporaryFolder('npm-config')
  const root = join(top, 'project')
  write(join(root, 'package.json'), '{}')
  if (project !== '') write(join(root, '.npmrc'), project)
  for (const [path, text] of Object.entries(files)) write(join(root, path), text)
  write(join(top, 'home/.npmrc'), user)
  write(join(top, 'prefix/etc/npmrc'), global)
  write(join(top, 'prefix/bin/node'), '')
  write(join(top, 'prefix/lib/npm/package.json'), '{}')
  write(join(top, 'prefix/lib/npm/bin/npm-cli.js'), '')
  symlinkSync('../lib/npm/bin/npm-cli.js', join(top, 'prefix/bin/npm'))
  const base = platformWith({ HOME: join(top, 'home'), ...env, PATH: join(top, 'prefix/bin') })
  const trust = { isGiven: () => isTrusted, isChosen: () => isTrusted, coversFile: () => true }
  const platform = { ...base, trust }
  const request = { platform, root, signal: new AbortController().signal, timeoutMs: 20_000 }
  const config = await readNpmConfig(request)
  return {
    config,
    top,
    root,
    platform,
    find: (written: string, name = 'myapp') => findNpmAddress(written, name, config, trust).url,
  }
}

describe('the layers', () => {
  const all = {
    env: { NPM_CONFIG_REGISTRY: 'https://env.example.com' },
    project: 'registry=https://project.example.com/',
    user: 'registry=https://user.example.com/',
    global: 'registry=https://global.example.com/',
  }

  test.each([
    ['the environment', {}, 'https://env.example.com'],
    ['the project', { env: {} }, 'https://project.example.com'],
    ['the user', { env: {}, project: '' }, 'https://user.example.com'],
    ['the machine', { env: {}, project: '', user: '' }, 'https://global.example.com'],
    ['npm itself', { env: {}, project: '', user: '', global: '' }, 'https://registry.npmjs.org'],
  ])('%s decides where nothing above it does', async (_what, less, registry) => {
    expect((await readSources({ ...all, ...less })).find('')).toBe(registry)
  })

  test('another user file and another global file are read where a setting names them', async () => {
    const { config } = await readSources({
      project: 'userconfig=./ci.npmrc',
      files: { 'ci.npmrc': 'globalconfig=${PWD_OF_MACHINE}/machine.npmrc\na=1' },
      env: { PWD_OF_MACHINE: '/nowhere' },
    })

    expect(config.get('a')).toBe('1')
    expect(config.layers.map(({ source }) => source)).toContain('/nowhere/machine.npmrc')
  })

  test('a prefix of the user has the global file below it', async () => {
    const { config } = await readSources({ user: 'prefix=~/.npm-global' })

    expect(config.layers.find(({ kind }) => kind === 'global')?.source).toMatch(/home\/\.npm-global\/etc\/npmrc$/u)
  })

  test('a version manager in front of npm is asked for the global file', async () => {
    const folder = temporaryFolder('npm-shim')
    write(join(folder, 'machine.npmrc'), 'registry=https://machine.example.com/')
    writeFileSync(
      join(folder, 'npm'),
      `#!/bin/sh\n[ "$*" = 'config get globalconfig' ] && echo ${folder}/machine.npmrc\n`,
      { mode: 0o755 },
    )
    const platform = platformWith({ HOME: folder, PATH: `${folder}:/usr/bin:/bin` })
    const request = { platform, root: folder, signal: new AbortController().signal, timeoutMs: 20_000 }

    expect((await readNpmConfig(request)).get('registry')).toBe('https://machine.example.com/')
  })

  test('a version manager that fails leaves the others, and is named', async () => {
    const folder = temporaryFolder('npm-shim')
    write(join(folder, '.npmrc'), 'registry=https://user.example.com/')
    writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho "no version is set" >&2\nexit 3\n', { mode: 0o755 })
    const platform = platformWith({ HOME: folder, PATH: `${folder}:/usr/bin:/bin` })
    const root = temporaryFolder('npm-project')
    const config = await readNpmConfig({ platform, root, signal: new AbortController().signal, timeoutMs: 20_000 })

    expect(config.get('registry')).toBe('https://user.example.com/')
    expect(config.layers.map(({ source }) => source)).toContain(
      'npm config get globalconfig failed: exit 3: no version is set',
    )
    expect(await hasNpmLogin('https://npm.example.com', platform)).toBe(true)
  })

  test('a project below a package has the file of the package', async () => {
    const { platform, root } = await readSources({ project: 'registry=https://project.example.com/' })
    const request = { platform, root: join(root, 'deploy/eu'), signal: new AbortController().signal, timeoutMs: 20_000 }

    expect((await readNpmConfig(request)).get('registry')).toBe('https://project.example.com/')
  })
})

describe('where a registry is', () => {
  test('a registry that the history names is used as it is', async () => {
    const { find } = await readSources({ project: 'registry=https://project.example.com/' })

    expect(
      ['https://npm.example.com/', 'npm.example.com/api/npm/', 'http://127.0.0.1:4873'].map((one) => find(one)),
    ).toEqual(['https://npm.example.com', 'https://npm.example.com/api/npm', 'http://127.0.0.1:4873'])
  })

  test('a scope has a registry of its own', async () => {
    const { find } = await readSources({
      project: '@acme:registry=https://acme.example.com/\nregistry=https://npm.example.com/',
    })

    expect([find('npm', '@acme/cli'), find('npm', 'cli')]).toEqual([
      'https://acme.example.com',
      'https://npm.example.com',
    ])
  })

  test('a variable that is not set is named, with the file', async () => {
    const { find } = await readSources({ user: 'registry=${REGISTRY_URL}' })

    expect(() => find('')).toThrow(/registry in .*home\/\.npmrc names REGISTRY_URL, which is not set/u)
  })

  test('a variable of a project that is not trusted is not filled in', async () => {
    const { find } = await readSources({
      project: 'registry=https://example.com/${SECRET}',
      env: { SECRET: 'x' },
      isTrusted: false,
    })

    expect(() => find('')).toThrow(/not trusted: registry in .*\.npmrc names SECRET, and no variable was filled in/u)
  })

  test.each([
    'ftp://npm.example.com',
    'https://me:secret@npm.example.com',
    'https://npm.example.com/?x=1',
    'https://',
    'https://npm.example.com/\u001b[2J',
    'https://npm.example.com/$(id)',
  ])('%j is refused', async (written) => {
    const { find } = await readSources({})

    expect(() => find(written)).toThrow(/is not the address of a registry/u)
  })

  test('the login in the address that npm is configured with is taken out of it', async () => {
    const { config, platform } = await readSources({ user: 'registry=https://me:s%40fe@npm.example.com/api/' })

    expect(findNpmAddress('npm', 'myapp', config, platform.trust)).toEqual({
      url: 'https://npm.example.com/api',
      login: 'me:s@fe',
    })
  })
})

describe('which login npm would send', () => {
  const HOST = '//npm.example.com'

  test.each([
    ['a token', `${HOST}/:_authToken=t0`, {}, 'Bearer t0'],
    ['a token without the slash', `${HOST}:_authToken=t0`, {}, 'Bearer t0'],
    ['a token of the path without the slash', `${HOST}/api:_authToken=t0`, {}, 'Bearer t0'],
    ['a token from the environment', `${HOST}/:_authToken=\${NPM_TOKEN}`, { NPM_TOKEN: 't1' }, 'Bearer t1'],
    ['a token in a variable of its own', '', { 'npm_config_//npm.example.com/:_authToken': 't2' }, 'Bearer t2'],
    ['a token of a longer path', `${HOST}/:_authToken=root\n${HOST}/api/:_authToken=t3`, {}, 'Bearer t3'],
    ['basic credentials', `${HOST}/:_auth=${btoa('me:s')}`, {}, `Basic ${btoa('me:s')}`],
    ['a user and a password', `${HOST}/:username=me\n${HOST}/:_password=${btoa('s')}`, {}, `Basic ${btoa('me:s')}`],
    ['a token before basic credentials', `${HOST}/:_auth=x\n${HOST}/:_authToken=t`, {}, 'Bearer t'],
    ['a key with a variable', '//${HOST_OF_NPM}/:_authToken=t', { HOST_OF_NPM: 'npm.example.com' }, 'Bearer t'],
    ['a token behind an optional variable', `${HOST}/:_authToken=\${UNSET?}t`, {}, 'Bearer t'],
    ['a token of another host', '//other.example.com/:_authToken=t4', {}, undefined],
    ['a token of another port', '//npm.example.com:8443/:_authToken=t5', {}, undefined],
    ['a token without a host', '_authToken=t6', {}, undefined],
    ['a user without a password', `${HOST}/:username=me`, {}, undefined],
    ['an empty token', `${HOST}/:_authToken=`, {}, undefined],
    ['a token whose variable is not set', `${HOST}/:_authToken=\${NPM_TOKEN}`, {}, undefined],
  ] as const)('%s', async (_what, project, env, authorization) => {
    const { config } = await readSources({ project, env })

    expect(findNpmLogin('https://npm.example.com/api', config).login?.authorization).toBe(authorization)
  })

  test.each([
    [`${HOST}/:_authToken=\${NPM_TOKEN}`, /_authToken in .*project\/\.npmrc names NPM_TOKEN, which is not set/u],
    [
      '_authToken=t6',
      /_authToken in .*\.npmrc names no registry, so npm sends it nowhere: write it as \/\/npm\.example\.com\/:_authToken/u,
    ],
    [
      '//npm.example.com:8443/:_authToken=t5',
      /There is a login for \/\/npm\.example\.com:8443\/, which is another address/u,
    ],
  ])('%s is explained', async (project, why) => {
    const { config } = await readSources({ project })

    expect(findNpmLogin('https://npm.example.com/api', config)).toMatchObject({
      login: undefined,
      why: expect.stringMatching(why) as string,
    })
  })

  test('without trust there is none of the user, and one of the project only word for word', async () => {
    const sources = {
      project: `${HOST}/:_authToken=mine\n//env.example.com/:_authToken=\${NPM_TOKEN}\n//file.example.com/:certfile=c\n//file.example.com/:keyfile=k`,
      user: '//user.example.com/:_authToken=theirs',
      env: { NPM_TOKEN: 'secret' },
    }
    const hosts = ['npm', 'env', 'file', 'user']
    const loginsOf = async (isTrusted: boolean) => {
      const { config } = await readSources({ ...sources, isTrusted })
      return hosts.map((host) => findNpmLogin(`https://${host}.example.com`, config).login?.authorization)
    }

    expect(await loginsOf(false)).toEqual(['Bearer mine', undefined, undefined, undefined])
    expect(await loginsOf(true)).toEqual(['Bearer mine', 'Bearer secret', null, 'Bearer theirs'])
  })

  test('without trust no other file that the project names is read', async () => {
    const { config } = await readSources({ project: 'userconfig=./x', files: { x: 'a=1' }, isTrusted: false })

    expect(config.get('a')).toBeUndefined()
  })

  test.each([
    ['user', { user: `${HOST}/:_authToken=t` }, true],
    ['machine', { global: `${HOST}/:_authToken=t` }, true],
    ['environment', { env: { 'npm_config_//npm.example.com/:_authToken': 't' } }, true],
    ['project', { project: `${HOST}/:_authToken=t` }, false],
  ] as const)('a login of the %s is %# the user’s own', async (_kind, sources, isOwn) => {
    const { platform } = await readSources(sources)

    expect(await hasNpmLogin('https://npm.example.com', platform)).toBe(isOwn)
  })
})

describe('the way to a registry', () => {
  async function transportOf(sources: Sources) {
    const { config, platform, root, top } = await readSources(sources)
    const { login } = findNpmLogin('https://npm.example.com', config)
    return { transport: await npmTransport(config, { platform, root, login }), top }
  }

  test('is direct, with the authorities of the system, where nothing is configured', async () => {
    expect((await transportOf({})).transport).toEqual({})
  })

  test('has the authorities of a file, of a text and of a list', async () => {
    const files = { 'ca.pem': 'of the file' }

    const [file, text, list] = [
      await transportOf({ project: 'cafile=ca.pem', files }),
      await transportOf({ user: String.raw`ca="first\nsecond"`, global: 'cafile=/none' }),
      await transportOf({ user: 'ca[]="one"\nca[]="two"' }),
    ].map(({ transport }) => transport.tls?.ca)

    expect([file, text, list]).toEqual(['of the file', 'first\nsecond', 'one\ntwo'])
  })

  test('takes a list of authorities from the environment', async () => {
    const { transport } = await transportOf({ env: { npm_config_ca: 'one\nline\n\ntwo' } })

    expect(transport.tls?.ca).toBe('one\nline\ntwo')
  })

  test('verifies nothing only where strict-ssl is false', async () => {
    const [off, on, variable] = [
      await transportOf({ user: 'strict-ssl=false' }),
      await transportOf({ user: 'strict-ssl=false', project: 'strict-ssl=true' }),
      await transportOf({ env: { npm_config_strict_ssl: 'false' } }),
    ].map(({ transport }) => transport.tls?.rejectUnauthorized)

    expect([off, on, variable]).toEqual([false, undefined, false])
  })

  test('has the client certificate that stands beside the login', async () => {
    const user = '//npm.example.com/:certfile=c.pem\n//npm.example.com/:keyfile=k.pem\n//npm.example.com/:_authToken=t'

    const { transport } = await transportOf({ user, files: { 'c.pem': 'cert', 'k.pem': 'key' } })

    expect(transport.tls).toEqual({ cert: 'cert', key: 'key' })
  })

  test.each([
    ['proxy=http://p:1', { url: 'http://p:1' }],
    ['proxy=http://p:1\nhttps-proxy=http://q:2', { url: 'http://q:2' }],
    [
      'https-proxy=http://p:1\nnoproxy=a.example.com,b.example.com',
      { url: 'http://p:1', except: 'a.example.com,b.example.com' },
    ],
    ['noproxy[]=a\nnoproxy[]=b', { except: 'a,b' }],
    ['proxy=false', undefined],
    ['proxy=null', undefined],
    ['proxy=p:1', { url: 'p:1' }],
  ])('%j makes the proxy %j', async (user, proxy) => {
    expect((await transportOf({ user })).transport.proxy).toEqual(proxy)
  })
})
