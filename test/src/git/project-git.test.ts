import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { readGitHead } from '../../../src/cli/git-head.ts'
import { readOrigin } from '../../../src/git/git-origin.ts'
import { readProjectGit } from '../../../src/git/project-git.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { packagerKeysAt } from '../../../src/validation/packager-keys.ts'
import { plantClone } from '../../support/planted-clone.ts'

const platform = createNodePlatform()
const signal = new AbortController().signal

test('what the repository of a project says is read, and no program of its configuration is run', async () => {
  const { root, ran } = plantClone('127.0.0.1:9')
  const read = async (...args: readonly string[]) =>
    (await readProjectGit(platform, { args, cwd: root, timeoutMs: 20_000 }, signal)).exitCode

  const head = await readGitHead(platform, root, signal)
  const keys = await packagerKeysAt(head.commit, { file: `${root}/bagboy.yaml`, root }, platform, signal)
  const origin = await readOrigin(platform, root, signal)
  await read('verify-tag', 'refs/tags/v1.1.0')
  await read('verify-commit', '--', head.commit)

  expect(head.tag).toBe('v1.1.0')
  expect(keys).toEqual({ binaries: [], dependencies: new Map() })
  expect(origin?.address).toMatch(/origin\.git$/u)
  expect(origin?.settings.map(([key]) => key)).toEqual(['core.sshcommand', 'credential.helper'])
  expect(ran()).toEqual([])
})

test('what is missing in a partial clone is missing: nothing is fetched through the remote that it names', async () => {
  const { root, ran } = plantClone('127.0.0.1:9')
  const missing = '0123456789012345678901234567890123456789'

  const { exitCode } = await readProjectGit(
    platform,
    { args: ['cat-file', 'blob', missing], cwd: root, timeoutMs: 20_000 },
    signal,
  )

  expect(exitCode).not.toBe(0)
  expect(ran()).toEqual([])
  // The same question asked as git is by default: the trap works.
  try {
    execFileSync('git', ['-C', root, 'cat-file', 'blob', missing], { stdio: 'ignore' })
  } catch {
    // That the object is not there is expected; what counts is what ran meanwhile.
  }
  expect(ran()).not.toEqual([])
})
