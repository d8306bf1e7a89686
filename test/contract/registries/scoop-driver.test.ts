import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scoop } from '../../../src/registries/scoop/driver.ts'
import { scoopText } from '../../support/releases/formula.ts'
import { aGitPackage } from '../../support/releases/git-package.ts'
import { createGitTap } from '../../support/releases/git-tap.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function aBucket(path: string, textOf = scoopText) {
  const folder = temporaryFolder('scoop')
  const bucket = createGitTap(join(folder, 'bucket.git'))
  for (const version of ['1.2.0', '1.3.0']) bucket.commit({ [path]: textOf(version) }, `myapp ${version}`)
  return { bucket, app: aGitPackage({ driver: scoop, remote: bucket.folder, folder }) }
}

describe('a manifest in a bucket', () => {
  test.each(['bucket/myapp.json', 'myapp.json'])('at %s is found and restored byte for byte', async (path) => {
    const { bucket, app } = aBucket(path)

    const draft = await app.rollBack()

    expect(bucket.read(path)).toBe(scoopText('1.2.0'))
    expect(draft).toMatchObject({ title: `Restore ${path} of 1.2.0 in acme/tap`, reversibility: 'reversible' })
  })

  test('is read past a byte order mark, and restored with it', async () => {
    const { bucket, app } = aBucket('bucket/myapp.json', (version) => `\uFEFF${scoopText(version)}`)

    const { serving } = await app.inspect()
    await app.rollBack()

    expect([serving, bucket.read('bucket/myapp.json')]).toEqual(['1.3.0', `\uFEFF${scoopText('1.2.0')}`])
  })

  test.each([
    ['no JSON', 'version: 1.3.0\n'],
    ['no version', '{}'],
    ['a version that is a list', '{"version": ["1.3.0"]}'],
    ['an escape sequence in its version', JSON.stringify({ version: '1.3.0\u001b[31m' })],
  ])('that is served with %s has no version, and is replaced all the same', async (_what, text) => {
    const { bucket, app } = aBucket('bucket/myapp.json')
    bucket.commit({ 'bucket/myapp.json': text }, 'damage')

    const { serving, target } = await app.inspect()
    await app.rollBack()

    expect([serving, target.status]).toEqual([null, 'present'])
    expect(bucket.read('bucket/myapp.json')).toBe(scoopText('1.2.0'))
  })

  test('tells that bots raise it again, and has no version_scheme to raise', () => {
    expect(scoop.effect.newInstalls).toMatch(/bot/u)
    expect(scoop.options.safeParse({ bump_version_scheme: true }).success).toBe(false)
  })
})
