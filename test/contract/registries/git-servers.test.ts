import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import { brew } from '../../../src/registries/brew/driver.ts'
import { builtProgram, runProgram } from '../../support/harness/built-program.ts'
import { formulaText } from '../../support/releases/formula.ts'
import { aGitPackage } from '../../support/releases/git-package.ts'
import { createGitTap } from '../../support/releases/git-tap.ts'
import { missingApacheGit, startApacheGit } from '../../support/servers/real/apache-git.ts'
import { addressOf, type GitServer, type GitUser } from '../../support/servers/real/git-server.ts'
import { missingGitolite, startGitolite } from '../../support/servers/real/gitolite.ts'
import { missingNginxGit, startNginxGit } from '../../support/servers/real/nginx-git.ts'
import { missingSshd, startSshGit } from '../../support/servers/real/sshd.ts'
import { clientOutput, GIT_ENVIRONMENT } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PATH = 'Formula/myapp.rb'
/** What users of the tap have: ends of lines and bytes that a careless write would not keep. */
const textOf = (version: string) => formulaText(version, '  # Größe: 1\r\n  \t\n').replace(/\n$/u, '')

async function started<Server extends GitServer>(start: () => Promise<Server>): Promise<Server> {
  const server = await start()
  onTestFinished(() => server.close())
  return server
}

/** The formula of a fresh clone, byte for byte, by nothing but git. */
async function cloned(user: GitUser): Promise<string> {
  const folder = temporaryFolder('fresh-clone')
  const env = { ...GIT_ENVIRONMENT, ...user.env }
  await clientOutput('git', ['clone', '--quiet', '--bare', addressOf(user), folder], { env })
  return clientOutput('git', ['cat-file', 'blob', `HEAD:${PATH}`], { cwd: folder, env })
}

/** The program in a project that knows nothing but this server. */
function projectOf({ remote, login, env }: GitUser) {
  const folder = temporaryFolder('git-server-project')
  const lines = [
    'name: myapp',
    'deployment:',
    '  registries:',
    '    - format: brew',
    '      registry: acme/homebrew-tap',
    `      remote: ${remote}`,
    ...(login === undefined ? [] : ['      credentials: ${env:TAP_LOGIN}']),
  ]
  writeFileSync(join(folder, 'bagboy.yaml'), `${lines.join('\n')}\n`)
  const home = { HOME: folder, NO_COLOR: '1', BAGBOY_TRUST: '1' }
  const all = { ...GIT_ENVIRONMENT, ...env, ...home, ...(login === undefined ? {} : { TAP_LOGIN: login }) }
  return (...argv: readonly string[]) => runProgram(builtProgram('bagboy-tui'), argv, { cwd: folder, env: all })
}

/** What comes of a rollback by this user, who is no publisher. */
async function refusalOf({ folder }: GitServer, user: GitUser) {
  const tap = createGitTap(folder)
  for (const version of ['1.2.0', '1.3.0']) tap.commit({ [PATH]: textOf(version) })
  const app = aGitPackage({
    driver: brew,
    remote: user.remote,
    folder: temporaryFolder('refused'),
    options: user.login === undefined ? {} : { credentials: '${env:TAP_LOGIN}' },
    platform: {
      env: { ...GIT_ENVIRONMENT, ...user.env, ...(user.login === undefined ? {} : { TAP_LOGIN: user.login }) },
    },
  })
  const report = toErrorReport(await app.rollBack().catch((error: unknown) => error))
  return { report, isUntouched: tap.read(PATH) === textOf('1.3.0') }
}

const MAKES = [
  ['git-http-backend behind Apache', missingApacheGit(), startApacheGit],
  ['git-http-backend behind nginx and fcgiwrap', missingNginxGit(), startNginxGit],
  ['an account behind sshd', missingSshd(), startSshGit],
  ['gitolite', missingGitolite(), startGitolite],
] as const

describe.each(MAKES)('a tap on %s', (_make, missing, start) => {
  describe.skipIf(missing)(`with users who may do different things ${missing ?? ''}`, () => {
    let server: GitServer
    beforeAll(async () => void (server = await start()))
    afterAll(() => server.close())

    test('is recorded, rolled back and restored byte for byte, which a fresh clone shows', async () => {
      const tap = createGitTap(server.folder)
      const bagboy = projectOf(server.publisher)
      for (const version of ['1.2.0', '1.3.0']) {
        tap.commit({ 'README.md': 'A tap.\n', [PATH]: textOf(version) })
        const recorded = await bagboy('record', '--version', `v${version}`, '--commit', 'abc1234')
        expect(recorded.exitCode, recorded.stderr).toBe(0)
      }

      const rolledBack = await bagboy('rollback', 'v1.2.0', '--yes', '--reason', 'it breaks')
      expect(rolledBack.exitCode, rolledBack.stderr).toBe(0)
      expect(await cloned(server.publisher)).toBe(textOf('1.2.0'))

      const undone = await bagboy('runs', 'undo', '--yes', '--reason', 'it was not the release')
      expect(undone.exitCode, undone.stderr).toBe(0)
      expect(await cloned(server.publisher)).toBe(textOf('1.3.0'))
      expect(tap.git('fsck', '--strict')).toBe('')
    })

    test('lets no stranger in: the error says that a login is missing or wrong', async () => {
      const { report, isUntouched } = await refusalOf(server, server.stranger)

      expect(report).toMatchObject({ code: 'REGISTRY_UNAUTHORIZED' })
      expect(isUntouched).toBe(true)
    })

    test('takes no push from a user who may only read: the error says that it is not allowed', async () => {
      const { report, isUntouched } = await refusalOf(server, server.reader)

      expect(report).toMatchObject({ code: 'REGISTRY_FORBIDDEN' })
      expect(isUntouched).toBe(true)
    })
  })
})

describe.skipIf(missingSshd())(`an sshd ${missingSshd() ?? ''}`, () => {
  test('whose host key is not known gets nothing: the error says what to compare', async () => {
    const server = await started(startSshGit)

    const { report, isUntouched } = await refusalOf(server, server.newcomer)

    expect(report).toMatchObject({
      code: 'REGISTRY_UNAUTHORIZED',
      message: expect.stringContaining('Host key verification failed') as string,
      hint: expect.stringContaining('known_hosts') as string,
    })
    expect(isUntouched).toBe(true)
  })
})

describe.skipIf(missingGitolite())(`gitolite ${missingGitolite() ?? ''}`, () => {
  test('says which rule keeps a user from this branch, and the error repeats it', async () => {
    const server = await started(startGitolite)

    const { report, isUntouched } = await refusalOf(server, server.brancher)

    expect(report).toMatchObject({
      code: 'REGISTRY_FORBIDDEN',
      message: expect.stringMatching(/refs\/heads\/main tap brancher DENIED by/u) as string,
    })
    expect(isUntouched).toBe(true)
  })
})
