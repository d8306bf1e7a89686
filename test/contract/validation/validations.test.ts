import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Config } from '../../../src/config/config.ts'
import type { Deployment } from '../../../src/domain/deployment.ts'
import type { Finding } from '../../../src/domain/plan.ts'
import { answerWith, listenOnLoopback } from '../../../src/sandbox/servers/loopback-server.ts'
import { anHttpCheck } from '../../support/builders/a-probe.ts'
import { aConfig, cli } from '../../support/harness/cli-harness.ts'
import { createEngineFixture, type EngineFixture } from '../../support/engine/engine-fixture.ts'
import { NO_HEALTH } from '../../support/engine/no-health.ts'
import { clientOutput, findProgram, GIT_ENVIRONMENT } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const OFF = NO_HEALTH.validation

async function aProject(
  validation: Partial<Config['validation']>,
  health: Partial<Config['health']> = {},
): Promise<EngineFixture> {
  return createEngineFixture({ registries: ['one'], validation, health })
}

/** Changes what the history says of a version. */
async function edit({ history }: EngineFixture, version: string, parts: Partial<Deployment>): Promise<void> {
  await history.commit(
    (loaded) =>
      loaded.history.deployments
        .filter((entry) => entry.version === version)
        .map(({ id, ...entry }) => ({ kind: 'replace' as const, id, deployment: { ...entry, ...parts } })),
    { run: '', epoch: 0, purpose: 'edit', actor: {} },
  )
}

/** Runs `rollback --yes`; `--override` where codes are given. */
async function rollBack({ engine }: EngineFixture, ...override: readonly string[]) {
  const insisting = override.length === 0 ? [] : ['--override', override.join(','), '--reason', 'it has to be']
  return cli(['rollback', '--yes', '-o', 'json', ...insisting], { engine, config: aConfig() })
}

interface Found {
  readonly exitCode: number
  readonly findings: readonly Finding[]
  readonly stderr: string
}

/** What a plan finds with this code, and how running it ends. */
async function found(project: EngineFixture, code: string): Promise<Found> {
  const dry = await cli(['rollback', '--dry-run', '-o', 'json'], { engine: project.engine, config: aConfig() })
  const plan = JSON.parse(dry.stdout) as { readonly findings: readonly Finding[] }
  const { exitCode, stderr } = await rollBack(project)
  return { exitCode, stderr, findings: plan.findings.filter((finding) => finding.code === code) }
}

/** It stops the rollback with exit 5 and says how to go on; an override with a reason goes on. */
async function stops(project: EngineFixture, code: string, title: RegExp): Promise<Finding | undefined> {
  const { exitCode, findings, stderr } = await found(project, code)
  const finding = findings.find(({ severity }) => severity === 'block')

  expect(finding?.title).toMatch(title)
  expect(finding?.remedy).toContain(`--override ${code}`)
  expect(exitCode).toBe(5)
  expect(stderr).toContain(finding?.title)
  expect(project.world.registry('one').writes).toEqual([])
  expect((await rollBack(project, code)).exitCode).toBe(0)
  return finding
}

/** It is passed and said so, and the rollback runs. */
async function passes(project: EngineFixture, code: string): Promise<void> {
  const { exitCode, findings } = await found(project, code)

  expect(findings.map(({ severity }) => severity)).toEqual(['ok'])
  expect(exitCode).toBe(0)
}

const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...GIT_ENVIRONMENT } }).trim()

/** A repository of the project in which each version has its commit, with this `bagboy.yaml`. */
async function commitVersions(project: EngineFixture, files: Readonly<Record<string, string>>): Promise<void> {
  git(project.folder, 'init', '--quiet')
  for (const [version, text] of Object.entries(files)) {
    writeFileSync(join(project.folder, 'bagboy.yaml'), `# ${version}\n${text}`)
    git(project.folder, 'add', 'bagboy.yaml')
    git(project.folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', version)
    await edit(project, version, { commit: git(project.folder, 'rev-parse', 'HEAD') })
  }
}

describe('run_smoke_tests', () => {
  const smoke = (words: readonly string[]): Partial<Config['validation']> => ({
    smokeTests: { words, url: null, against: 'target', timeoutMs: 10_000 },
  })
  const TEST = ['sh', '-c', 'echo "testing $1"; test "$1" != "$2"', 'sh', '${target_version}']

  test('stops with what the command said', async () => {
    const finding = await stops(
      await aProject(smoke([...TEST, '1.2.0'])),
      'V19',
      /smoke test of v1\.2\.0 failed: sh -c/u,
    )

    expect(finding?.detail).toContain('exit 1')
    expect(finding?.detail).toContain('testing 1.2.0')
  })

  test('stops as well when the command cannot be run, and does not say that it failed', async () => {
    await stops(await aProject(smoke(['./gone.sh'])), 'V19', /smoke test of v1\.2\.0 could not be run: \.\/gone\.sh/u)
  })

  test('passes when the command does', async () => {
    await passes(await aProject(smoke([...TEST, '9.9.9'])), 'V19')
  })

  test('asks an address', async () => {
    const server = await listenOnLoopback(answerWith(({ path }) => ({ status: path === '/1.2.0' ? 500 : 200 })))
    const at = (url: string): Partial<Config['validation']> => ({
      smokeTests: { words: null, url, against: 'target', timeoutMs: 5000 },
    })

    await stops(await aProject(at(`${server.url}/\${target_version}`)), 'V19', /failed: http/u)
    await passes(await aProject(at(`${server.url}/fine`)), 'V19')
    await server.close()
  })

  test('without one of both asks the health checks that can ask the target, and says when there is none', async () => {
    const server = await listenOnLoopback(answerWith(({ path }) => ({ status: path === '/1.2.0' ? 503 : 200 })))
    const on = { smokeTests: { words: null, url: null, against: 'target', timeoutMs: 5000 } } as const
    const check = anHttpCheck(`${server.url}/\${version}`, { name: 'preview', target: 'preview' })

    await stops(await aProject(on, { checks: [check] }), 'V19', /failed: preview/u)
    const silent = await found(await aProject(on), 'V19')
    await server.close()

    expect(silent.findings).toMatchObject([{ severity: 'warn', title: 'no smoke test can ask v1.2.0' }])
    expect(silent.exitCode).toBe(0)
  })
})

describe('verify_dependencies', () => {
  const on = { dependencies: 'block' } as const
  const NEEDS = (node: string) => `dependencies:\n  runtime:\n    node: "${node}"\n  system:\n    linux: [libssl3]\n`

  test('stops when the target needs what the live version rules out', async () => {
    const project = await aProject(on)
    await commitVersions(project, { 'v1.2.0': NEEDS('<20'), 'v1.3.0': NEEDS('>=20') })

    await stops(project, 'V26', /v1\.2\.0 needs another node \(runtime\) than v1\.3\.0/u)
  })

  test('passes when it does not', async () => {
    const project = await aProject(on)
    await commitVersions(project, { 'v1.2.0': NEEDS('>=18'), 'v1.3.0': NEEDS('>=20') })

    await passes(project, 'V26')
  })

  test('warns of what is not declared any more, and of a commit git does not have', async () => {
    const project = await aProject(on)
    await commitVersions(project, { 'v1.2.0': NEEDS('>=18'), 'v1.3.0': 'name: hello\n' })
    const unknown = await aProject(on)

    const [dropped, lost] = [await found(project, 'V26'), await found(unknown, 'V26')]

    expect(dropped.findings.map(({ title }) => title)).toEqual([
      'v1.2.0 needs node (runtime), which v1.3.0 does not declare any more',
      'v1.2.0 needs libssl3 (system linux), which v1.3.0 does not declare any more',
    ])
    expect(lost.findings).toMatchObject([{ severity: 'warn', title: 'what v1.2.0 needs is not known here' }])
    expect([dropped.exitCode, lost.exitCode]).toEqual([0, 0])
  })

  test('stops for every registry of the plan that cannot be read', async () => {
    const project = await aProject(on)
    project.world.registry('one').isDown = true

    const { exitCode, findings } = await found(project, 'V16')

    expect(findings).toMatchObject([{ severity: 'block', title: 'memory: the registry could not be read' }])
    expect(exitCode).toBe(5)
  })

  test('stops for a registry that has nothing of the target', async () => {
    const project = await aProject(on)
    const { deployments } = await project.readHistory()
    const packages = deployments.find(({ version }) => version === 'v1.2.0')?.packages ?? []
    await edit(project, 'v1.2.0', { packages: packages.map((one) => ({ ...one, registry: 'elsewhere' })) })

    const { exitCode, findings } = await found(project, 'V10')

    expect(findings).toMatchObject([{ severity: 'block', title: 'memory: not part of the target' }])
    expect(exitCode).toBe(5)
  })
})

describe('check_backwards_compatibility', () => {
  const on = { compatibility: { level: 'block', schemaWords: null, onUnknown: 'warn' } } as const

  test('stops at a major version', async () => {
    const project = await aProject(on)
    await edit(project, 'v1.2.0', { version: '0.9.0' as Deployment['version'] })

    await stops(project, 'V13', /v1\.3\.0 → 0\.9\.0 crosses a major version/u)
  })

  test('stops below the recorded floor, names the boundary, and passes above it', async () => {
    const [low, high] = [await aProject(on), await aProject(on)]
    for (const project of [low, high]) await edit(project, 'v1.2.0', { minRollbackSchema: 36 })
    await edit(low, 'v1.3.0', { schemaVersion: 35 })
    await edit(high, 'v1.3.0', { schemaVersion: 36 })

    const finding = await stops(low, 'V11', /v1\.2\.0 cannot work on the data as it is/u)
    await passes(high, 'V11')

    expect(finding?.detail).toBe('It needs data of schema 36 or newer; the live data is of schema 35.')
  })

  test('asks the command for the schema of now', async () => {
    const asking = (text: string, onUnknown: 'warn' | 'block' | 'pass' = 'block'): Partial<Config['validation']> => ({
      compatibility: { level: 'block', schemaWords: ['sh', '-c', text], onUnknown },
    })
    const asked = [
      asking('echo 35'),
      asking('echo 40'),
      asking('echo none'),
      asking('exit 1', 'pass'),
      asking('false', 'warn'),
    ]
    const projects = await Promise.all(asked.map((validation) => aProject(validation)))
    for (const project of projects) await edit(project, 'v1.2.0', { minRollbackSchema: 36, schemaVersion: 38 })

    const results = await Promise.all(projects.map((project) => found(project, 'V11')))

    expect(results.map(({ exitCode }) => exitCode)).toEqual([5, 0, 5, 0, 0])
    expect(results.map(({ findings }) => findings.map(({ severity, title }) => `${severity} ${title}`))).toEqual([
      ['block v1.2.0 cannot work on the data as it is'],
      ['warn the data has moved on since v1.2.0 was live'],
      ['block the schema of the live data is not known'],
      [],
      ['warn the schema of the live data is not known'],
    ])
  })

  test('stops for a platform that the target does not exist for, and not with all of them', async () => {
    const [fewer, same] = [await aProject(on), await aProject(on)]
    const withPlatforms = async (project: EngineFixture, version: string, platforms: readonly string[]) => {
      const entry = (await project.readHistory()).deployments.find((one) => one.version === version)
      const packages = entry?.packages.map((one) => ({ ...one, ref: { version, platforms } })) ?? []
      await edit(project, version, { packages })
    }
    await withPlatforms(fewer, 'v1.2.0', ['linux/amd64'])
    await withPlatforms(fewer, 'v1.3.0', ['linux/amd64', 'linux/arm64'])
    await withPlatforms(same, 'v1.2.0', ['linux/amd64', 'linux/arm64'])
    await withPlatforms(same, 'v1.3.0', ['linux/arm64'])

    await stops(fewer, 'V10', /memory: v1\.2\.0 does not exist for linux\/arm64/u)
    expect(await found(same, 'V10')).toMatchObject({ exitCode: 0, findings: [] })
  })

  test('stops for a binary that the target does not have', async () => {
    const project = await aProject(on)
    await commitVersions(project, {
      'v1.2.0': 'binaries:\n  linux-amd64: dist/a\n',
      'v1.3.0': 'binaries:\n  linux-amd64: dist/a\n  windows-arm64: dist/b\n',
    })

    await stops(project, 'V10', /v1\.2\.0 has no binary windows-arm64/u)
  })
})

describe('verify_artifacts', () => {
  const withLevel = (parts: Partial<Config['validation']['artifacts']>): Partial<Config['validation']> => ({
    artifacts: { ...OFF.artifacts, ...parts },
  })

  test('checksums: stops when none was recorded, and not when one was', async () => {
    const on = withLevel({ checksums: 'block' })
    const [none, recorded] = [await aProject(on), await aProject(on)]
    const entry = (await none.readHistory()).deployments.find(({ version }) => version === 'v1.2.0')
    await edit(none, 'v1.2.0', { packages: entry?.packages.map(({ ref: _ref, ...one }) => one) ?? [] })

    await stops(none, 'V02', /memory: no checksum of v1\.2\.0 was recorded/u)
    expect((await rollBack(recorded)).exitCode).toBe(0)
  })

  test('attestations: whoever asks for them is told that nothing here verifies them', async () => {
    await stops(await aProject(withLevel({ attestations: 'block' })), 'V27', /attestations are not verified/u)
  })

  test.skipIf(!findProgram('ssh-keygen'))(
    'signatures: stops without one, for another commit, for a stranger; passes for an allowed signer',
    async () => {
      const on = withLevel({ signatures: 'block' })
      const [unsigned, signed, moved, stranger] = [
        await aProject(on),
        await aProject(on),
        await aProject(on),
        await aProject(on),
      ]
      const keys = temporaryFolder('keys')
      for (const name of ['alice', 'mallory']) {
        await clientOutput('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(keys, name)])
      }
      const [type = '', key = ''] = readFileSync(join(keys, 'alice.pub'), 'utf8').split(' ')
      const sign = (folder: string, who: string) => {
        const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${join(keys, who)}`]
        const author = ['-c', 'user.name=a', '-c', 'user.email=alice@example.com']
        return git(folder, ...signing, ...author, 'tag', '-s', 'v1.2.0', '-m', 'v1.2.0')
      }
      for (const project of [unsigned, signed, moved, stranger]) {
        await commitVersions(project, { 'v1.2.0': 'name: hello\n' })
        mkdirSync(join(project.folder, '.bagboy'), { recursive: true })
        writeFileSync(join(project.folder, '.bagboy/allowed_signers'), `alice@example.com ${type} ${key}\n`)
      }
      sign(signed.folder, 'alice')
      sign(stranger.folder, 'mallory')
      sign(moved.folder, 'alice')
      await edit(moved, 'v1.2.0', { commit: 'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef' })

      const other = await stops(moved, 'V04', /v1\.2\.0 is not signed by a permitted signer/u)
      await stops(unsigned, 'V04', /v1\.2\.0 is not signed by a permitted signer/u)
      await stops(stranger, 'V04', /v1\.2\.0 is not signed by a permitted signer/u)
      await passes(signed, 'V04')

      expect(other?.detail).toMatch(/^The tag v1\.2\.0 leads to [0-9a-f]{12}, and the history says deadbeef/u)
    },
  )
})

describe('require_reason', () => {
  test('stops without a reason and not with one', async () => {
    const project = await createEngineFixture({ registries: ['one'], config: { requireReason: true } })

    const refused = await rollBack(project)
    const allowed = await cli(['rollback', '--yes', '--reason', 'slow'], { engine: project.engine, config: aConfig() })

    expect(refused.exitCode).toBe(5)
    expect(refused.stderr).toContain('V25 A reason is required')
    expect(allowed.exitCode).toBe(0)
  })
})

test('an override needs a reason, and only helps against the code it names', async () => {
  const project = await aProject({ smokeTests: { words: ['false'], url: null, against: 'target', timeoutMs: 5000 } })

  const without = await cli(['rollback', '--yes', '--override', 'V19'], { engine: project.engine, config: aConfig() })
  const other = await rollBack(project, 'V13')

  expect([without.exitCode, other.exitCode]).toEqual([2, 5])
})
