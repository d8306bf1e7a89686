import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fillSecrets } from '../../../src/platform/fill-secrets.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { guardPlatform } from '../../../src/trust/guard-platform.ts'
import { sourceFiles } from '../../support/harness/source-files.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const signal = new AbortController().signal

function aGuardedPlatform(isGiven: () => boolean) {
  return guardPlatform(createNodePlatform(), { isGiven, isChosen: isGiven, coversFile: () => true })
}

test('a program of the project runs with trust, and not without', async () => {
  let isGiven = false
  const { exec } = aGuardedPlatform(() => isGiven)
  const request = { file: 'true', args: ['--words'], timeoutMs: 10_000 }

  await expect(exec(request, signal)).rejects.toMatchObject({
    code: 'NOT_TRUSTED',
    message: 'This folder is not trusted: true --words was not run.',
  })
  isGiven = true
  expect((await exec(request, signal)).exitCode).toBe(0)
})

test('a program of our own choice runs without trust', async () => {
  const { exec } = aGuardedPlatform(() => false)

  expect((await exec({ file: 'true', args: [], timeoutMs: 10_000, isOwnProgram: true }, signal)).exitCode).toBe(0)
})

test.each(['${env:PATH}', '${file:FILE}'])('%s is read with trust, and not without', async (reference) => {
  const file = join(temporaryFolder('secret'), 'secret')
  writeFileSync(file, 'hidden')
  const text = `Bearer ${reference.replace('FILE', file)}`

  await expect(
    fillSecrets(
      text,
      aGuardedPlatform(() => false),
    ),
  ).rejects.toMatchObject({ code: 'NOT_TRUSTED' })
  expect(
    await fillSecrets(
      text,
      aGuardedPlatform(() => true),
    ),
  ).toMatch(/^Bearer [^$]/u)
})

test('only git, npm and test are chosen by us: every other program is named by a project', () => {
  const choosing = sourceFiles('src').filter(({ text }) => text.includes('isOwnProgram: true'))

  expect(choosing.map(({ path }) => path).sort()).toEqual([
    'src/git/git-access.ts',
    'src/git/git-command.ts',
    'src/git/project-git.ts',
    'src/registries/npmrc/npm-config.ts',
  ])
})

test('the command line starts no program by itself, where the platform knows no project', () => {
  const starting = sourceFiles('src').filter(
    ({ path, text }) => path.startsWith('src/cli/') && /platform\.exec\b|\{[^{}]*\bexec\b[^{}]*\}: /u.test(text),
  )

  expect(starting.map(({ path }) => path)).toEqual([])
})
