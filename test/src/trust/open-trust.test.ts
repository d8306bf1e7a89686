import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
import { drivers } from '../../../src/registries/index.ts'
import { openTrust } from '../../../src/trust/open-trust.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { trustProject, type TrustProject } from '../../support/projects/trust-project.ts'

const CHECK = '  health_checks:\n    - { name: up, command: "./up.sh" }\n'
/** A registry on this host only, for which nobody has logged in. */
const IMAGE = '127.0.0.1:5000/team/app'
const NOTHING = `  registries:\n    - { format: docker, registry: "${IMAGE}", insecure: true }\n`

async function trusted(project: TrustProject): Promise<void> {
  const trust = await project.open()
  await trust.giveTrust((await trust.trust()).hash)
}

describe('trust', () => {
  test('is given to what was seen, kept outside of the project, and readable by its user alone', async () => {
    const project = trustProject(CHECK)
    const before = await project.open()
    const [first, isGiven] = [await before.trust(), before.port.isGiven()]

    await trusted(project)
    const after = await project.open()

    expect([first.state, isGiven]).toEqual(['untrusted', false])
    expect(await after.trust()).toMatchObject({ state: 'trusted', source: 'answer' })
    expect(after.port.isGiven()).toBe(true)
    const folder = join(project.platform.userFolders.state, 'trust')
    const [name = ''] = readdirSync(folder)
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    expect(readdirSync(project.root)).toEqual(['bagboy.yaml'])
  })

  test.each([
    ['docker', NOTHING, 'config.json', `{"auths":{"${IMAGE.split('/')[0]}":{"auth":"YTpi"}}}`],
    ['docker by a helper', NOTHING, 'config.json', '{"credsStore":"desktop"}'],
    [
      'npm',
      '  registries:\n    - { format: npm, registry: "https://npm.example.com" }\n',
      '.npmrc',
      '//npm.example.com/:_authToken=abc\n',
    ],
  ])(
    'is needed where this user has a login of %s for a host that the project names',
    async (_what, text, name, login) => {
      const [without, having] = [trustProject(text), trustProject(text)]
      const home = temporaryFolder('home')
      writeFileSync(join(home, name), login)
      const env = { ...having.platform.env, HOME: home, DOCKER_CONFIG: home }

      const [before, after] = [await without.open(), await having.open({ env })]

      expect((await before.trust()).state).toBe('unneeded')
      expect((await after.trust()).state).toBe('untrusted')
      expect(after.port.isGiven()).toBe(false)
    },
  )

  test('is not taken for given where only the history names the registries', async () => {
    const trust = await trustProject('  environment: production\n').open()

    expect((await trust.trust()).state).toBe('untrusted')
    expect([trust.port.isGiven(), trust.chosenPort.isGiven()]).toEqual([false, false])
  })

  test('that nothing needs does not cover what only the history names', async () => {
    const trust = await trustProject(NOTHING).open()

    expect([trust.port.isGiven(), trust.chosenPort.isGiven()]).toEqual([true, false])
  })

  test('is not needed by a project that names no program, secret or login of this user', async () => {
    const trust = await trustProject(NOTHING).open()

    expect((await trust.trust()).state).toBe('unneeded')
    expect(trust.port.isGiven()).toBe(true)
    expect(() => trust.require('The rollback')).not.toThrow()
  })

  test.each([
    [
      'a command has one byte more',
      (project: TrustProject) =>
        project.write(
          'bagboy.yaml',
          'name: app\ndeployment:\n  health_checks:\n    - { name: up, command: "./up.shx" }\n',
        ),
    ],
    [
      'another command stands beside it',
      (project: TrustProject) =>
        project.write('bagboy.yaml', `name: app\ndeployment:\n${CHECK}    - { command: "./more.sh" }\n`),
    ],
    [
      'a .npmrc sends a variable to a host',
      (project: TrustProject) => project.write('.npmrc', '//evil.example/:_authToken=${TOKEN}\n'),
    ],
  ])('is over when %s, and says what is new', async (_title, change) => {
    const project = trustProject(CHECK)
    await trusted(project)

    change(project)
    const trust = await project.open()

    const report = await trust.trust()
    expect(report.state).toBe('changed')
    expect(report.added).toHaveLength(1)
    expect(trust.port.isGiven()).toBe(false)
    expect(() => trust.require('The rollback')).toThrow(
      'The rollback did not start: what this folder names has changed',
    )
  })

  test('stays when the configuration changes where no trust is needed', async () => {
    const project = trustProject(CHECK)
    await trusted(project)

    project.write('bagboy.yaml', `name: other\n# a comment\ndeployment:\n  environment: staging\n${CHECK}`)

    expect((await (await project.open()).trust()).state).toBe('trusted')
  })

  test('does not cover a .npmrc that changed after it was given', async () => {
    const project = trustProject(CHECK)
    await trusted(project)
    const { port } = await project.open()

    const file = join(project.root, '.npmrc')
    expect(port.coversFile(file, new Uint8Array())).toBe(true)
    expect(port.coversFile(file, Buffer.from('//evil.example/:_authToken=${TOKEN}\n'))).toBe(false)
  })

  test('covers the .npmrc of the package around the project, and none that comes to stand beside it', async () => {
    const project = trustProject(CHECK)
    project.write('deploy/bagboy.yaml', readFileSync(project.file, 'utf8'))
    project.write('package.json', '{}')
    project.write('.npmrc', '//npm.example/:_authToken=${TOKEN}\n')

    const { files } = project.platform
    const config = await loadConfig({ files, file: join(project.root, 'deploy/bagboy.yaml'), env: {} })
    const { port, trust } = await openTrust(project.platform, { config, drivers, traffic: null })

    expect((await trust()).parts.map(({ what }) => what)).toContain('${TOKEN} of .npmrc')
    expect(
      port.coversFile(join(project.root, 'deploy/.npmrc'), Buffer.from('//evil.example/:_authToken=${TOKEN}\n')),
    ).toBe(false)
  })

  test('of a folder is not that of another user who has the folder now', async () => {
    const project = trustProject(CHECK)
    await trusted(project)
    const folder = join(project.platform.userFolders.state, 'trust')
    const file = join(folder, readdirSync(folder)[0] ?? '')
    const record = JSON.parse(readFileSync(file, 'utf8')) as { owner: number }

    writeFileSync(file, JSON.stringify({ ...record, owner: record.owner + 1 }))

    expect((await (await project.open()).trust()).state).toBe('untrusted')
  })

  test('cannot be given to something else than what was shown', async () => {
    const trust = await trustProject(CHECK).open()

    await expect(trust.giveTrust('0'.repeat(64))).rejects.toMatchObject({ code: 'NOT_TRUSTED' })
    expect(trust.port.isGiven()).toBe(false)
  })

  test.each([
    ['1', 'trusted'],
    ['0', 'untrusted'],
    ['', 'untrusted'],
    ['yes', 'untrusted'],
  ])('comes from BAGBOY_TRUST=%s: %s', async (value, state) => {
    const trust = await trustProject(CHECK).open({ env: { BAGBOY_TRUST: value } })

    expect((await trust.trust()).state).toBe(state)
  })
})

describe('the first record', () => {
  test('trusts a folder of the user that has no history yet, and a second one asks', async () => {
    const project = trustProject(CHECK)
    const trust = await project.open()

    expect(await trust.trustFirstRecord()).toBe(true)
    expect(await (await project.open()).trust()).toMatchObject({ state: 'trusted', source: 'first-record' })
    expect(await (await project.open()).trustFirstRecord()).toBe(false)
  })

  test.each([
    [
      'there is a history',
      (project: TrustProject) => project.write('.bagboy/deployment-history.yml', 'deployments: []\n'),
    ],
    ['there are records of a history', (project: TrustProject) => project.write('.bagboy/rev/0000000001.json', '{}')],
    ['a run came along', (project: TrustProject) => project.write('.bagboy/runs/01JK8Q4Z7T5V/plan.json', '{}')],
    [
      'it is a clone',
      (project: TrustProject) => git(project.root, 'config', 'remote.origin.url', 'https://example.org/app.git'),
    ],
    ['its repository cannot be read', (project: TrustProject) => project.write('.git/HEAD', 'nonsense')],
  ])('trusts nothing when %s', async (_title, prepare) => {
    const project = trustProject(CHECK)
    prepare(project)

    const trust = await project.open()

    expect(await trust.trustFirstRecord()).toBe(false)
    expect(trust.port.isGiven()).toBe(false)
  })

  test('trusts a repository without a remote, and not a folder of somebody else', async () => {
    const [mine, theirs] = [trustProject(CHECK), trustProject(CHECK)]
    git(mine.root)
    const { host } = theirs.platform

    const trust = await theirs.open({ host: { ...host, userId: (host.userId ?? 0) + 1 } })

    expect(await (await mine.open()).trustFirstRecord()).toBe(true)
    expect(await trust.trustFirstRecord()).toBe(false)
  })
})

function git(root: string, ...args: readonly string[]): void {
  execFileSync('git', ['init', '--quiet'], { cwd: root })
  if (args.length > 0) execFileSync('git', args, { cwd: root })
}
