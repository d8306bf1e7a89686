import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findDockerLogin } from '../../../../../src/registries/oci/login/docker-login.ts'
import { toErrorReport } from '../../../../../src/errors/bagboy-error.ts'
import { platformWith } from '../../../../support/test-platform.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A home with docker's configuration and with helpers, each a shell script that gets the server on stdin. */
function createHome(config: unknown, helpers: Readonly<Record<string, string>> = {}) {
  const home = temporaryFolder('docker-home')
  mkdirSync(join(home, '.docker'))
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  writeFileSync(join(home, '.docker/config.json'), text)
  for (const [name, script] of Object.entries(helpers)) {
    const file = join(home, `docker-credential-${name}`)
    writeFileSync(file, `#!/bin/sh\nread -r server\n${script}\n`)
    chmodSync(file, 0o755)
  }
  const platform = platformWith({ HOME: home, PATH: `${home}:${process.env['PATH']}`, AWS_PROFILE: 'release' })
  const find = (keys: readonly string[]) =>
    findDockerLogin(
      { loginKeys: keys, repository: 'team/app' },
      { platform, signal: new AbortController().signal, timeoutMs: 5000 },
    )
  return { home, find }
}

test('finds what docker login stored, under any of the names', async () => {
  const { find } = createHome({ auths: { 'https://r.example.com': { auth: base64('me:se:cret') } } })

  const found = [await find(['r.example.com', 'https://r.example.com']), await find(['other.example.com'])]

  expect(found).toEqual([{ user: 'me', secret: 'se:cret' }, undefined])
})

test('finds nothing where docker was never used', async () => {
  const platform = platformWith({ HOME: temporaryFolder('empty-home') })
  const request = { platform, signal: new AbortController().signal, timeoutMs: 5000 }

  expect(await findDockerLogin({ loginKeys: ['r.example.com'], repository: 'app' }, request)).toBeUndefined()
})

test('takes an identity token as a login without a user', async () => {
  const { find } = createHome({ auths: { 'r.example.com': { auth: '', identitytoken: 'idt' } } })

  expect(await find(['r.example.com'])).toEqual({ user: '', secret: 'idt' })
})

test('asks the helper of a registry with its name on stdin, and lets it see its own settings', async () => {
  const { find } = createHome(
    {
      credHelpers: { 'r.example.com': 'cloud' },
      credsStore: 'store',
      auths: { 'r.example.com': { auth: base64('a:b') } },
    },
    { cloud: `echo "{\\"Username\\":\\"$server\\",\\"Secret\\":\\"$AWS_PROFILE\\"}"`, store: 'exit 9' },
  )

  expect(await find(['r.example.com'])).toEqual({ user: 'r.example.com', secret: 'release' })
})

test('asks the common store for each name, then looks into the file', async () => {
  const { find } = createHome(
    { credsStore: 'store', auths: { 'in-file.example.com': { auth: base64('file:kept') } } },
    {
      store: `case $server in
        https://stored.example.com) echo '{"Username":"<token>","Secret":"idt"}';;
        *) echo 'credentials not found in native keychain'; exit 1;;
      esac`,
    },
  )

  const found = [
    await find(['stored.example.com', 'https://stored.example.com']),
    await find(['in-file.example.com']),
    await find(['nowhere.example.com']),
  ]

  expect(found).toEqual([{ user: '', secret: 'idt' }, { user: 'file', secret: 'kept' }, undefined])
})

test.each([
  [
    'a helper that fails',
    { credsStore: 'store' },
    'echo "the vault is locked"; exit 1',
    'REGISTRY_UNAUTHORIZED',
    /vault is locked/u,
  ],
  [
    'a helper that talks',
    { credsStore: 'store' },
    'echo "welcome s3cret"',
    'REGISTRY_UNAUTHORIZED',
    /did not answer with credentials/u,
  ],
  [
    'a helper that is not installed',
    { credsStore: 'absent' },
    'exit 0',
    'REGISTRY_UNREACHABLE',
    /could not be started/u,
  ],
  ['a helper with a path for a name', { credsStore: '../../evil' }, 'exit 0', 'CONFIG_INVALID', /names the helper/u],
  [
    'a broken configuration',
    '{"auths":{"r":{"auth":"s3cret',
    'exit 0',
    'CONFIG_INVALID',
    /not a configuration of docker/u,
  ],
  ['a foreign configuration', { auths: 's3cret' }, 'exit 0', 'CONFIG_INVALID', /not a configuration of docker/u],
] as const)('says so, without a secret: %s', async (_, config, script, code, message) => {
  const { find } = createHome(config, { store: script })

  const report = await find(['r.example.com']).catch((error: unknown) => toErrorReport(error))

  expect(report).toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
    hint: expect.stringMatching(/\S/u) as string,
  })
  expect(JSON.stringify(report)).not.toContain('s3cret')
})
