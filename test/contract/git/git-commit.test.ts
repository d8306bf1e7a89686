import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import { brew } from '../../../src/registries/brew/driver.ts'
import { formulaText } from '../../support/releases/formula.ts'
import { aGitPackage } from '../../support/releases/git-package.ts'
import { createGitTap, type GitTap } from '../../support/releases/git-tap.ts'
import { clientOutput } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PATH = 'Formula/myapp.rb'

function aTap(): { readonly tap: GitTap; readonly folder: string } {
  const folder = temporaryFolder('commit')
  const tap = createGitTap(join(folder, 'tap.git'))
  for (const version of ['1.2.0', '1.3.0']) tap.commit({ [PATH]: formulaText(version) })
  return { tap, folder }
}

/** The user's own configuration, and nothing else of this machine. */
function userWith(folder: string, config: string, env: Readonly<Record<string, string>> = {}) {
  const file = join(folder, 'gitconfig')
  writeFileSync(file, config)
  return { env: { GIT_CONFIG_GLOBAL: file, GIT_CONFIG_NOSYSTEM: '1', ...env } }
}

function hook(tap: GitTap, script: string): void {
  mkdirSync(join(tap.folder, 'hooks'), { recursive: true })
  writeFileSync(join(tap.folder, 'hooks/pre-receive'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(tap.folder, 'hooks/pre-receive'), 0o755)
}

test.each([
  [
    'user.*',
    '[user]\n\tname = Ann Müller\n\temail = ann@example.org\n',
    {},
    'Ann Müller <ann@example.org>',
    'Ann Müller',
  ],
  [
    'author.* and committer.*',
    '[author]\n\tname = Ann\n\temail = ann@example.org\n[committer]\n\tname = Bot\n\temail = bot@example.org\n',
    {},
    'Ann <ann@example.org>',
    'Bot',
  ],
  [
    'the variables of git',
    '[user]\n\tname = Ann\n\temail = ann@example.org\n',
    { GIT_AUTHOR_NAME: 'Eve', GIT_AUTHOR_EMAIL: 'eve@example.org', GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z' },
    'Eve <eve@example.org>',
    'Ann',
  ],
  ['nothing, as this program', '', {}, 'bagboy-tui <bagboy-tui@localhost>', 'bagboy-tui'],
  [
    'a name without a mail address, as this program',
    '[user]\n\tname = Ann\n',
    {},
    'bagboy-tui <bagboy-tui@localhost>',
    'bagboy-tui',
  ],
])('a commit is made by who git says it is: %s', async (_where, config, env, author, committer) => {
  const { tap, folder } = aTap()
  const platform = userWith(folder, config, env)

  await aGitPackage({ driver: brew, remote: tap.folder, folder, platform }).rollBack()

  expect(tap.git('log', '-1', '--format=%an <%ae>|%cn', 'main')).toBe(`${author}|${committer}`)
  expect(tap.git('log', '-1', '--format=%ad', 'main')).not.toContain('2001')
  expect(tap.git('fsck', '--strict')).toBe('')
})

test('a commit is signed as git is configured to, and a server that requires it takes it', async () => {
  const { tap, folder } = aTap()
  const key = join(folder, 'key')
  await clientOutput('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const publicKey = readFileSync(`${key}.pub`, 'utf8')
  writeFileSync(join(folder, 'signers'), `ann@example.org ${publicKey}`)
  tap.git('config', 'gpg.ssh.allowedSignersFile', join(folder, 'signers'))
  hook(tap, 'while read -r old new ref; do git verify-commit $new || exit 1; done')
  const user = '[user]\n\tname = Ann\n\temail = ann@example.org\n'
  const signing = `\tsigningKey = ${key}\n[gpg]\n\tformat = ssh\n[commit]\n\tgpgSign = true\n`
  const platform = userWith(folder, user + signing)
  const app = aGitPackage({ driver: brew, remote: tap.folder, folder, platform })

  const draft = await app.rollBack('bad,\nnot good')

  expect(tap.read(PATH)).toBe(formulaText('1.2.0'))
  expect(tap.git('log', '-1', '--format=%G? %an', 'main')).toBe('G Ann')
  expect(tap.messages()[0]).toBe('Roll back myapp to 1.2.0\n\nbad,^Jnot good\n\nBagboy-Op: 5f1d0c2ab94e7763')
  await app.execute(draft?.undo)
  expect([tap.read(PATH), tap.git('log', '-1', '--format=%G?', 'main')]).toEqual([formulaText('1.3.0'), 'G'])
})

test('a signature that cannot be made is named with what to do, and nothing is pushed', async () => {
  const { tap, folder } = aTap()
  const config = `[user]\n\tsigningKey = ${folder}/none\n[gpg]\n\tformat = ssh\n[commit]\n\tgpgSign = true\n`
  const head = tap.head()

  const failure = aGitPackage({
    driver: brew,
    remote: tap.folder,
    folder,
    platform: userWith(folder, config),
  }).rollBack()

  const report = await failure.then(() => undefined, toErrorReport)
  expect(report).toMatchObject({ code: 'REGISTRY_UNAUTHORIZED', hint: expect.stringContaining('commit.gpgSign') })
  expect(report?.message).toContain(`${folder}/none`)
  expect(tap.head()).toBe(head)
})

test('a server that takes commits of its members only is named with what it says', async () => {
  const { tap, folder } = aTap()
  hook(tap, 'echo "GitLab: Author \'$(git log -1 --format=%ae main)\' is not a member of team"; exit 1')
  const platform = userWith(folder, '[user]\n\tname = Ann\n\temail = ann@example.org\n')

  const failure = aGitPackage({ driver: brew, remote: tap.folder, folder, platform }).rollBack()

  expect(await failure.then(() => undefined, toErrorReport)).toMatchObject({
    code: 'REGISTRY_FORBIDDEN',
    message: expect.stringContaining('is not a member of team'),
  })
})
