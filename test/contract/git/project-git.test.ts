import { execFileSync, spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { readGitHead } from '../../../src/cli/requests/git-head.ts'
import { readOrigin } from '../../../src/git/git-origin.ts'
import { readProjectGit } from '../../../src/git/project-git.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { packagerKeysAt } from '../../../src/validation/packager-keys.ts'
import { plantClone } from '../../support/projects/planted-clone.ts'

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

  expect(head.tags).toEqual(['v1.1.0'])
  expect(keys).toEqual({ binaries: [], dependencies: new Map() })
  expect(origin?.address).toMatch(/origin\.git$/u)
  expect(origin?.settings.map(([key]) => key)).toEqual([
    'core.sshcommand',
    'credential.helper',
    'url.ext::/bin/false.insteadof',
  ])
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
  asGitIs(root, 'cat-file', 'blob', missing)
  expect(ran()).not.toEqual([])
})

test.each([
  ['PGP', 'repo-gpg'],
  ['SSH', 'repo-gpg-ssh'],
])(
  'a %s signature is verified by the program that git has for it, not by that of the repository',
  async (kind, trap) => {
    const { root, ran } = plantClone('127.0.0.1:9')
    const signed = signedCommit(root, kind)
    const args = ['verify-commit', '--', signed]

    const { exitCode } = await readProjectGit(platform, { args, cwd: root, timeoutMs: 20_000 }, signal)

    expect(exitCode).not.toBe(0)
    expect(ran()).toEqual([])
    asGitIs(root, ...args)
    expect(ran()).toContain(trap)
  },
)

test('the file-system monitor of a repository is not asked', async () => {
  const { root, ran } = plantClone('127.0.0.1:9')
  await readProjectGit(
    platform,
    { args: ['status', '--porcelain', '--', 'nothing'], cwd: root, timeoutMs: 20_000 },
    signal,
  )

  expect(ran()).toEqual([])
  asGitIs(root, 'status', '--porcelain', '--', 'nothing')
  // The file that the configuration includes names another one, and counts.
  expect(ran()).toContain('repo-included')
})

/** Git with nothing that we set: a trap that it does not fall into would prove nothing. */
function asGitIs(root: string, ...args: readonly string[]): void {
  spawnSync('git', args, { cwd: root, stdio: 'ignore' })
}

/** A commit that says it is signed, so that git has to ask a program whether it is. */
function signedCommit(root: string, kind: string): string {
  const git = (args: readonly string[], input = ''): string =>
    execFileSync('git', args, { cwd: root, input, encoding: 'utf8' })
  const [headers = '', ...message] = git(['cat-file', 'commit', 'HEAD']).split('\n\n')
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} ${kind} SIGNATURE-----`)
  const signature = `gpgsig ${begin}\n \n aGVsbG8=\n ${end}`
  return git(
    ['hash-object', '-t', 'commit', '-w', '--stdin'],
    `${headers}\n${signature}\n\n${message.join('\n\n')}`,
  ).trim()
}
