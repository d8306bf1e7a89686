import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import { ensureMachineKey, readMachineKey } from '../../../src/signing/machine-key.ts'
import { publicKeyFromText } from '../../../src/signing/signing-key.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function aUser(more: Partial<Platform> = {}) {
  const root = temporaryFolder('user')
  const userFolders = { config: join(root, 'config'), state: join(root, 'state'), cache: join(root, 'cache') }
  const platform = { ...createNodePlatform(), userFolders, ...more }
  return { platform, folder: userFolders.state, file: join(userFolders.state, 'machine-key.pem') }
}

describe('the key of a user on a machine', () => {
  test('is made when it is first needed, for this user alone, and stays the same', async () => {
    const { platform, folder, file } = aUser()

    const before = await readMachineKey(platform)
    const made = await ensureMachineKey(platform)
    const again = await ensureMachineKey(platform)

    expect(before).toBeUndefined()
    expect(again.text).toBe(made.text)
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600])
  })

  test('is one key, however many processes need it first', async () => {
    const { platform } = aUser()

    const made = await Promise.all(Array.from({ length: 8 }, () => ensureMachineKey(platform)))

    expect(new Set(made.map(({ text }) => text)).size).toBe(1)
  })

  test('signs what its public key verifies, and nothing else', async () => {
    const { platform } = aUser()
    const other = await ensureMachineKey(aUser().platform)

    const key = await ensureMachineKey(platform)
    const signature = key.sign('message')
    const known = publicKeyFromText(key.text)

    expect(known?.id).toBe(key.id)
    expect(known?.verifies('message', signature)).toBe(true)
    expect(known?.verifies('massage', signature)).toBe(false)
    expect(known?.verifies('message', other.sign('message'))).toBe(false)
    expect(known?.verifies('message', 'x'.repeat(86))).toBe(false)
    expect(other.id).not.toBe(key.id)
  })

  test.each<[string, (file: string, folder: string) => void, string, string]>([
    ['open to a group', (file) => chmodSync(file, 0o640), 'open to other users (mode 0640)', 'chmod 600'],
    ['open to everybody', (file) => chmodSync(file, 0o604), 'open to other users (mode 0604)', 'chmod 600'],
    [
      'in a folder that others may write to',
      (_file, folder) => chmodSync(folder, 0o770),
      'open to other users',
      'chmod 700',
    ],
    ['empty', (file) => writeFileSync(file, ''), 'not an Ed25519 private key', '--takeover'],
    ['no key', (file) => writeFileSync(file, 'hello\n'), 'not an Ed25519 private key', 'mv '],
    ['cut off', (file) => writeFileSync(file, readFileSync(file).subarray(0, 60)), 'not an Ed25519 private key', 'mv '],
    ['a folder', (file) => (rmSync(file), mkdirSync(file)), 'is not a file', 'Replace it'],
    [
      'a link',
      (file) => (
        writeFileSync(`${file}.real`, readFileSync(file), { mode: 0o600 }),
        rmSync(file),
        symlinkSync(`${file}.real`, file)
      ),
      'is a link',
      'Replace it',
    ],
  ])('is refused with a remedy when it is %s', async (_title, damage, message, hint) => {
    const { platform, file, folder } = aUser()
    await ensureMachineKey(platform)

    damage(file, folder)

    for (const use of [readMachineKey, ensureMachineKey]) {
      await expect(use(platform)).rejects.toMatchObject({
        code: 'KEY_UNUSABLE',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      })
    }
  })

  test('is refused when it belongs to another user', async () => {
    const { platform, file } = aUser()
    await ensureMachineKey(platform)
    const asOther = { ...platform, host: { ...platform.host, userId: 65_533 } }

    await expect(readMachineKey(asOther)).rejects.toMatchObject({
      code: 'KEY_UNUSABLE',
      message: expect.stringMatching(/belongs to the user with the id \d+, not to this one \(65533\)/u),
    })
    expect(file).not.toBe('')
  })

  test('that cannot be written says where it would be kept, and nothing is signed without it', async () => {
    const root = temporaryFolder('no-home')
    writeFileSync(join(root, 'home'), 'a file')
    const userFolders = { config: join(root, 'home/c'), state: join(root, 'home/s'), cache: join(root, 'home/x') }
    const platform = { ...createNodePlatform(), userFolders }

    await expect(ensureMachineKey(platform)).rejects.toMatchObject({
      code: 'KEY_UNUSABLE',
      message: expect.stringContaining(join(root, 'home/s')),
      hint: expect.stringContaining('XDG_STATE_HOME'),
    })
  })
})
