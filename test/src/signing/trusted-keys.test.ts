import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { openKeyRing } from '../../../src/signing/key-ring.ts'
import { readTrustedKeys, trustKey } from '../../../src/signing/trusted-keys.ts'
import { keyOf } from '../../support/test-keys.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function aUser() {
  const root = temporaryFolder('user')
  const userFolders = { config: join(root, 'config'), state: join(root, 'state'), cache: join(root, 'cache') }
  return {
    platform: { ...createNodePlatform(), userFolders },
    file: join(userFolders.config, 'trusted-keys'),
    userFolders,
  }
}

test('a key that is trusted is found with its name, from then on and once', async () => {
  const { platform, file } = aUser()
  const ring = openKeyRing(platform)

  const before = await ring.find(keyOf('b').id)
  await trustKey(platform, keyOf('b').text, 'bob on\nbuild-1')
  await trustKey(platform, keyOf('b').text, 'bob again')

  expect(before).toBeUndefined()
  expect(await ring.find(keyOf('b').id)).toMatchObject({ owner: 'colleague', name: 'bob on build-1' })
  expect(readFileSync(file, 'utf8')).toBe(`${keyOf('b').text} bob on build-1\n`)
})

test('comments and lines of a person stay, and a line that is no key is named', async () => {
  const { platform, file, userFolders } = aUser()
  mkdirSync(userFolders.config, { recursive: true })
  writeFileSync(file, `# ours\n\n${keyOf('b').text}   bob`)
  await trustKey(platform, keyOf('c').text, '')

  expect((await readTrustedKeys(platform)).map(({ key, name }) => [key.id, name])).toEqual([
    [keyOf('b').id, 'bob'],
    [keyOf('c').id, ''],
  ])
  writeFileSync(file, `# ours\n${keyOf('b').text.slice(0, -1)} bob\n`)
  await expect(readTrustedKeys(platform)).rejects.toMatchObject({
    code: 'KEY_UNUSABLE',
    message: expect.stringContaining(`${file}:2:`),
  })
})

test('a list that others may have written is refused', async () => {
  const { platform, file } = aUser()
  await trustKey(platform, keyOf('b').text, 'bob')

  chmodSync(file, 0o666)

  await expect(openKeyRing(platform).find(keyOf('b').id)).rejects.toMatchObject({ code: 'KEY_UNUSABLE' })
})

test.each(['', 'ed25519:', 'ssh-ed25519 AAAA', `${keyOf('b').text}x`, 'ed25519:…'])(
  '%j is not taken for a key',
  async (text) => {
    await expect(trustKey(aUser().platform, text, 'x')).rejects.toMatchObject({ code: 'USAGE' })
  },
)
