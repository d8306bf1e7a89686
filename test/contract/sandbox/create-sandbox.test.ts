import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createSandbox, type Sandbox } from '../../../src/sandbox/create-sandbox.ts'
import { clientOutput, findProgram, GIT_ENVIRONMENT, npmEnvironment } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const NOW = '2026-03-02T09:30:00.000Z'
const folder = temporaryFolder('sandbox')
let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await createSandbox({ folder, now: NOW })
})
afterAll(() => sandbox.close())

interface Entry {
  readonly id: number
  readonly kind: string
  readonly version: string
  readonly timestamp: string
  readonly status: string
  readonly health?: { readonly verdict: string }
  readonly notes: string
  readonly packages: readonly { readonly format: string; readonly ref?: Readonly<Record<string, unknown>> }[]
  readonly health_checks: readonly { readonly status: string }[]
}

function history(): {
  readonly deployments: readonly Entry[]
  readonly held: readonly { readonly version: string }[]
} {
  return parse(readFileSync(join(sandbox.root, '.bagboy/deployment-history.yml'), 'utf8'))
}

function pin(entry: Entry | undefined, format: string): Readonly<Record<string, unknown>> {
  return entry?.packages.find((record) => record.format === format)?.ref ?? {}
}

function gitShow(repository: string, object: string): Promise<string> {
  return clientOutput('git', ['-C', repository, 'show', object], { env: GIT_ENVIRONMENT })
}

describe('sandbox', () => {
  it('has 30 versions in its history, newest first, the newest one failing', () => {
    const { deployments, held } = history()
    const [newest] = deployments

    expect(new Set(deployments.map(({ version }) => version)).size).toBe(30)
    expect(deployments.map(({ id }) => id)).toEqual(Array.from({ length: 32 }, (_, index) => 32 - index))
    expect(deployments.map(({ timestamp }) => timestamp)).toEqual(
      deployments
        .map(({ timestamp }) => timestamp)
        .toSorted()
        .toReversed(),
    )
    expect(newest).toMatchObject({ version: sandbox.versions.bad, status: 'active', health: { verdict: 'unhealthy' } })
    expect(newest?.health_checks.some(({ status }) => status === 'failing')).toBe(true)
    expect(newest?.notes).toContain('HTTP 500')
    expect(held.map(({ version }) => version)).toEqual(['v1.9.0', 'v1.5.1'])
  })

  it('tells a believable past', () => {
    const { deployments } = history()
    const count = (status: string) => deployments.filter((entry) => entry.status === status).length

    expect([count('active'), count('rolled_back_from'), count('failed')]).toEqual([1, 2, 1])
    expect(deployments.filter(({ kind }) => kind === 'rollback').map(({ version }) => version)).toEqual([
      'v1.8.0',
      'v1.5.0',
    ])
    expect(deployments[1]).toMatchObject({ version: sandbox.versions.lastGood, health: { verdict: 'healthy' } })
    expect(Date.parse(NOW) - Date.parse(deployments.at(-1)?.timestamp ?? NOW)).toBeGreaterThan(200 * 86_400_000)
  })

  it('serves the bad version from the npm registry', async () => {
    const env = npmEnvironment(temporaryFolder('view'), { url: sandbox.urls.packages, host: 'unused' }, '')
    const view = async (...args: string[]) =>
      JSON.parse(await clientOutput('npm', ['view', ...args, '--json'], { env })) as Record<string, unknown>

    const [latest, old] = [await view('hello'), await view(`hello@${sandbox.versions.lastGood}`)]

    expect([latest['version'], (latest['versions'] as string[]).length]).toEqual(['1.17.0', 29])
    expect(latest['dependencies']).not.toEqual(old['dependencies'])
    expect((await view('hello@1.9.0'))['deprecated']).toBe('1.9.0 was withdrawn; use 1.8.0 instead.')
    expect((old['dist'] as { integrity: string }).integrity).toBe(pin(history().deployments[1], 'npm')['integrity'])
  })

  it('can be installed from, dependencies and all', async () => {
    const project = temporaryFolder('install')
    const env = npmEnvironment(project, { url: sandbox.urls.packages, host: 'unused' }, '')

    await clientOutput('npm', ['install', '--prefix', project, 'hello'], { cwd: project, env })

    expect(readFileSync(join(project, 'node_modules/hello/index.js'), 'utf8')).toContain('hello 1.17.0')
    expect(readdirSync(join(project, 'node_modules/@acme')).toSorted()).toEqual(['http', 'log', 'session'])
  })

  it.skipIf(!findProgram('skopeo'))('serves the bad version from the container registry', async () => {
    const inspect = async (reference: string) =>
      JSON.parse(
        await clientOutput('skopeo', ['inspect', '--tls-verify=false', `docker://${sandbox.urls.image}${reference}`]),
      ) as { readonly Digest: string; readonly Labels: Record<string, string>; readonly RepoTags: string[] }
    const [newest, previous] = history().deployments

    const [latest, old] = [await inspect(':latest'), await inspect(`@${String(pin(previous, 'docker')['digest'])}`)]

    expect(latest.Digest).toBe(pin(newest, 'docker')['digest'])
    expect(latest.Labels['org.opencontainers.image.version']).toBe('1.17.0')
    expect(old.Labels['org.opencontainers.image.version']).toBe('1.16.0')
    expect(latest.RepoTags).toHaveLength(32)
  })

  it.skipIf(!findProgram('skopeo'))('holds every image whole: the oldest and the newest can be copied', async () => {
    const target = temporaryFolder('image')
    for (const version of ['1.0.0', '1.16.0']) {
      const [from, to] = [`docker://${sandbox.urls.image}:${version}`, `oci:${target}:${version}`]
      await clientOutput('skopeo', ['copy', '--all', '--src-tls-verify=false', from, to])
    }

    expect(readdirSync(join(target, 'blobs/sha256')).length).toBeGreaterThan(10)
  })

  it('serves the bad version from tap and bucket, and has every old one', async () => {
    const { tap, bucket } = sandbox.urls
    const [formula, manifest] = [
      await gitShow(tap, 'main:Formula/hello.rb'),
      await gitShow(bucket, 'main:bucket/hello.json'),
    ]

    expect(formula).toContain('version "1.17.0"')
    expect((JSON.parse(manifest) as { version: string }).version).toBe('1.17.0')
    for (const entry of history()
      .deployments.filter(({ status }) => status !== 'failed')
      .slice(1, 4)) {
      expect(await gitShow(tap, `${String(pin(entry, 'brew')['commit'])}:Formula/hello.rb`)).toContain(
        `version "${entry.version.slice(1)}"`,
      )
    }
    expect(await clientOutput('git', ['-C', tap, 'fsck', '--strict'], { env: GIT_ENVIRONMENT })).toBe('')
  })

  it('is the same for the same present', async () => {
    const again = await createSandbox({ folder, now: NOW })
    const text = (where: Sandbox) =>
      readFileSync(join(where.root, '.bagboy/deployment-history.yml'), 'utf8').replaceAll(/127\.0\.0\.1:\d+/gu, 'host')

    const [first, second] = [text(sandbox), text(again)]
    await again.close()

    expect(second).toBe(first)
  })

  it('has a scenario in which the only earlier version was itself taken back', async () => {
    const again = await createSandbox({ folder, now: NOW, scenario: 'no-safe-target' })

    const { deployments, held } = parse(readFileSync(join(again.root, '.bagboy/deployment-history.yml'), 'utf8')) as {
      deployments: readonly Entry[]
      held: readonly unknown[]
    }
    await again.close()

    expect(again.versions).toEqual({ bad: 'v1.1.0', lastGood: '' })
    expect(deployments.map(({ version, status }) => [version, status])).toEqual([
      ['v1.1.0', 'active'],
      ['v1.0.0', 'rolled_back_from'],
    ])
    expect(held).toEqual([])
  })

  it('refuses a scenario that is none, and leaves nothing behind', async () => {
    const before = readdirSync(folder)

    await expect(createSandbox({ folder, scenario: 'toString' })).rejects.toThrow('There is no scenario "toString".')

    expect(readdirSync(folder)).toEqual(before)
  })

  it('leaves nothing behind', async () => {
    const again = await createSandbox({ folder, now: NOW })
    const { root, urls } = again

    await again.close()
    await again.close()

    expect(existsSync(join(root, '..'))).toBe(false)
    await expect(fetch(`${urls.packages}/-/ping`)).rejects.toThrow('fetch failed')
  })
})
