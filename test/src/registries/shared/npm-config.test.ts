import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  findNpmCredentials,
  findNpmRegistry,
  parseNpmrc,
  readNpmConfig,
} from '../../../../src/registries/shared/npm-config.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { platformWith } from '../../../support/test-platform.ts'

interface Files {
  readonly project?: string
  readonly user?: string
  readonly env?: Readonly<Record<string, string>>
}

async function createConfig({ project = '', user = '', env = {} }: Files) {
  const root = temporaryFolder('npm-config')
  mkdirSync(join(root, 'home'))
  writeFileSync(join(root, '.npmrc'), project)
  writeFileSync(join(root, 'home/.npmrc'), user)
  const platform = platformWith({ HOME: join(root, 'home'), ...env })
  const request = { platform, root, signal: new AbortController().signal, timeoutMs: 20_000 }
  const config = await readNpmConfig(request)
  return { config, find: (written: string, name = 'myapp') => findNpmRegistry(written, name, config, request) }
}

test('reads keys, quotes, comments and variables; a key of an unset variable does not exist', () => {
  const text = [
    '; comment',
    '# comment',
    'a = 1 ',
    'b="two words"',
    "c='x'",
    'd=${SET}-${SET}',
    'e=${UNSET}',
    'nonsense',
    '',
  ].join('\r\n')

  const entries = parseNpmrc(text, { SET: 'v' })

  expect(Object.fromEntries(entries)).toEqual({ a: '1', b: 'two words', c: 'x', d: 'v-v' })
})

test('the environment wins over the project, the project over the user', async () => {
  const files = {
    project: 'registry=https://project.example.com/',
    user: 'registry=https://user.example.com/\ntag=next',
  }

  const [project, env] = [
    await createConfig(files),
    await createConfig({ ...files, env: { NPM_CONFIG_REGISTRY: 'https://env.example.com' } }),
  ]

  expect(await project.find('')).toBe('https://project.example.com')
  expect(await env.find('')).toBe('https://env.example.com')
  expect(project.config.get('tag')).toBe('next')
})

test('a registry that the history names is used as it is', async () => {
  const { find } = await createConfig({ project: 'registry=https://project.example.com/' })

  const found = [
    await find('https://npm.example.com/'),
    await find('npm.example.com/api/npm/'),
    await find('http://127.0.0.1:4873'),
  ]

  expect(found).toEqual(['https://npm.example.com', 'https://npm.example.com/api/npm', 'http://127.0.0.1:4873'])
})

test('a scope has a registry of its own', async () => {
  const { find } = await createConfig({
    project: '@acme:registry=https://acme.example.com/\nregistry=https://npm.example.com/',
  })

  expect([await find('npm', '@acme/cli'), await find('npm', 'cli')]).toEqual([
    'https://acme.example.com',
    'https://npm.example.com',
  ])
})

test('where no file names a registry, npm is asked', async () => {
  const { find, config } = await createConfig({})
  const folder = temporaryFolder('npm-stub')
  writeFileSync(
    join(folder, 'npm'),
    `#!/bin/sh\n[ "$*" = 'config get registry' ] && echo https://global.example.com/\n`,
    { mode: 0o755 },
  )
  const stubbed = await createConfig({ env: { PATH: `${folder}:${process.env['PATH']}` } })

  expect(config.get('registry')).toBeUndefined()
  expect(await stubbed.find('')).toBe('https://global.example.com')
  expect(await find('')).toMatch(/^https?:\/\/[^/]+/u)
})

test.each([
  'ftp://npm.example.com',
  'https://me:secret@npm.example.com',
  'https://npm.example.com/?x=1',
  'https://',
  'https://npm.example.com/\u001b[2J',
  'https://npm.example.com/$(id)',
])('refuses the registry %j', async (written) => {
  const { find } = await createConfig({})

  await expect(find(written)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

test.each([
  ['a token', '//npm.example.com/:_authToken=t0', {}, 'Bearer t0'],
  ['a token from the environment', '//npm.example.com/:_authToken=${NPM_TOKEN}', { NPM_TOKEN: 't1' }, 'Bearer t1'],
  ['a token in a variable of its own', '', { 'npm_config_//npm.example.com/:_authToken': 't2' }, 'Bearer t2'],
  [
    'a token of a longer path',
    '//npm.example.com/:_authToken=root\n//npm.example.com/api/:_authToken=t3',
    {},
    'Bearer t3',
  ],
  ['basic credentials', `//npm.example.com/:_auth=${btoa('me:s')}`, {}, `Basic ${btoa('me:s')}`],
  [
    'a user and a password',
    `//npm.example.com/:username=me\n//npm.example.com/:_password=${btoa('s')}`,
    {},
    `Basic ${btoa('me:s')}`,
  ],
  ['a token of another host', '//other.example.com/:_authToken=t4', {}, undefined],
  ['a token of another port', '//npm.example.com:8443/:_authToken=t5', {}, undefined],
  ['a token without a host', '_authToken=t6', {}, undefined],
  ['a token whose variable is not set', '//npm.example.com/:_authToken=${NPM_TOKEN}', {}, undefined],
] as const)('finds %s', async (_what, project, env, authorization) => {
  const { config } = await createConfig({ project, env })

  expect(findNpmCredentials('https://npm.example.com/api', config)?.authorization).toBe(authorization)
})
