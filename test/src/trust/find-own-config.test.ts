import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findOwnConfig } from '../../../src/trust/find-own-config.ts'
import { trustProject } from '../../support/projects/trust-project.ts'

const CHECK = '  health_checks:\n    - { name: up, command: "./up.sh" }\n'

/** A project that belongs to another user, and a folder of ours in it. */
function foreignProject() {
  const project = trustProject(CHECK)
  const inside = join(project.root, 'inside')
  mkdirSync(inside)
  const { platform } = project
  const other = { ...platform, host: { ...platform.host, userId: (platform.host.userId ?? 0) + 1 } }
  return { project, inside, other }
}

test('a configuration above that is the user’s own is found', async () => {
  const { project, inside } = foreignProject()

  expect(await findOwnConfig(project.platform, inside)).toBe(project.file)
})

test('a configuration above that is another user’s is refused, with both ways to use it', async () => {
  const { project, inside, other } = foreignProject()

  await expect(findOwnConfig(other, inside)).rejects.toMatchObject({
    code: 'NOT_TRUSTED',
    hint: expect.stringContaining(`--config ${project.file}, or trust it: bagboy-tui trust ${project.root}`),
  })
})

test('it is used once it was trusted, when it is in the very folder, and where the environment trusts', async () => {
  const { project, inside, other } = foreignProject()

  expect(await findOwnConfig(other, project.root)).toBe(project.file)
  expect(await findOwnConfig({ ...other, env: { BAGBOY_TRUST: '1' } }, inside)).toBe(project.file)
  const trust = await project.open({ host: other.host })
  await trust.giveTrust((await trust.trust()).hash)
  expect(await findOwnConfig(other, inside)).toBe(project.file)
})

test.each([
  ['4242', true],
  ['4243', false],
  [undefined, false],
])('root finds what belongs to the user who called sudo: 4242, by SUDO_UID=%s: %s', async (sudoUser, isFound) => {
  const { project, inside } = foreignProject()
  const { files, host } = project.platform
  const stat: typeof files.stat = async (path) => {
    const status = await files.stat(path)
    return status && { ...status, owner: 4242 }
  }
  const root = {
    ...project.platform,
    host: { ...host, userId: 0 },
    files: { ...files, stat },
    env: { SUDO_UID: sudoUser },
  }

  const found = await findOwnConfig(root, inside).catch(() => undefined)

  expect(found === project.file).toBe(isFound)
})

test('a link to a folder of another user is judged by the folder', async () => {
  const { project, other } = foreignProject()
  const link = join(project.root, 'inside', 'link')
  symlinkSync(project.root, link)

  await expect(findOwnConfig(other, join(link, 'inside'))).rejects.toMatchObject({ code: 'NOT_TRUSTED' })
})
