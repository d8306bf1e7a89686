import { expect, test } from 'vitest'
import { parseGitRemote } from '../../../src/git/git-remote.ts'
import { createNpmClient } from '../../../src/registries/npm/npm-client.ts'
import { openGitConnection } from '../../../src/registries/pointer-file/open-git-connection.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { platformWith } from '../../support/test-platform.ts'

function aContext() {
  const root = temporaryFolder('clear-text')
  const platform = platformWith({ HOME: root, TOKEN: 'token', LOGIN: 'me:s3cret' })
  const signal = new AbortController().signal
  return { platform, signal, root, timeoutMs: 1000, cacheFolder: root, oneTimePassword: () => Promise.resolve('') }
}

test.each([
  ['http://npm.example.com', 'npm: the login for npm.example.com would be sent in clear text'],
  ['http://10.0.0.7:4873', 'npm: the login for 10.0.0.7:4873 would be sent in clear text'],
  ['https://npm.example.com', undefined],
  ['http://127.0.0.1:4873', undefined],
  ['http://localhost:4873', undefined],
])('a token for %s leaves this machine through TLS only', async (registry, message) => {
  const open = createNpmClient(
    { format: 'npm', registry, name: 'myapp' },
    { ...aContext(), options: { token: '${env:TOKEN}' } },
  )

  expect(await open.then(() => undefined).catch((error: Error) => error.message)).toBe(message)
})

test('a registry without TLS can be read when there is no login for it', async () => {
  const ref = { format: 'npm', registry: 'http://npm.example.com', name: 'myapp' }

  expect((await createNpmClient(ref, { ...aContext(), options: {} })).lacksLogin).toBeDefined()
})

test.each([
  ['http://git.example.com/acme/tap.git', 'git: the login for git.example.com would be sent in clear text'],
  ['https://git.example.com/acme/tap.git', undefined],
  ['http://127.0.0.1:3000/acme/tap.git', undefined],
])('a login for %s leaves this machine through TLS only', async (url, message) => {
  const open = openGitConnection({ ...aContext(), options: {} }, parseGitRemote(url), '${env:LOGIN}')

  expect(await open.then(() => undefined).catch((error: Error) => error.message)).toBe(message)
})
