import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writesIn } from '../../support/servers/fault-proxy.ts'
import { APP } from '../../support/registries/four-registries.ts'
import { createProject, type Project } from '../../support/projects/project.ts'
import { missingDockerRegistry } from '../../support/servers/real/docker-registry.ts'
import { missingVerdaccio } from '../../support/servers/real/verdaccio.ts'
import { clientOutput, npmEnvironment } from '../../support/processes/run-client.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const missing = missingDockerRegistry() ?? (await missingVerdaccio())

/** What the field's own clients see on each registry. */
async function servedVersions({ registries }: Project): Promise<Readonly<Record<string, string>>> {
  const { image, packages, tap, bucket } = registries
  const at = image.url.replace('http://', 'docker://')
  const inspected = await clientOutput('skopeo', ['inspect', '--tls-verify=false', `${at}/${image.repository}:latest`])
  const env = npmEnvironment(temporaryFolder('npm-client'), packages, packages.token)
  const viewed = await clientOutput('npm', ['view', APP, 'version', '--json'], { env })
  return {
    docker:
      (JSON.parse(inspected) as { Labels: Record<string, string> }).Labels['org.opencontainers.image.version'] ?? '',
    npm: JSON.parse(viewed) as string,
    brew: /version "([^"]+)"/u.exec(tap.git('show', `main:Formula/${APP}.rb`))?.[1] ?? '',
    scoop: (JSON.parse(bucket.git('show', `main:bucket/${APP}.json`)) as { version: string }).version,
  }
}

const all = (version: string) => ({ docker: version, npm: version, brew: version, scoop: version })

describe.skipIf(missing !== undefined)(`real registries ${missing ?? ''}`, { timeout: 240_000 }, () => {
  const projects: Project[] = []
  afterAll(() => Promise.all(projects.map((project) => project.close())))

  async function aProject(): Promise<Project> {
    const project = await createProject('real')
    projects.push(project)
    return project
  }

  test('a rollback takes the release back everywhere; undo and a second run say what is true', async () => {
    const project = await aProject()
    const historyFile = join(project.root, '.bagboy/deployment-history.yml')
    const before = readFileSync(historyFile, 'utf8')
    expect(await servedVersions(project)).toEqual(all('1.3.0'))

    const rollback = await project.bagboy('rollback', '--version', 'v1.2.0', '--yes', '--reason', '5xx', '-o', 'json')

    expect(rollback.stderr).toContain('v1.2.0')
    expect(rollback.exitCode, rollback.stderr).toBe(0)
    expect(JSON.parse(rollback.stdout)).toMatchObject({ result: 'complete', exitCode: 0 })
    expect(await servedVersions(project)).toEqual(all('1.2.0'))
    const after = readFileSync(historyFile, 'utf8')
    const entries = before.slice(before.indexOf('deployments:\n') + 'deployments:\n'.length)
    expect(after).toContain(entries.replace('status: "active"', 'status: "rolled_back_from"').trimEnd())
    expect(after).toContain('kind: "rollback"')

    const again = await project.bagboy('rollback', '--version', 'v1.2.0', '--yes')

    expect(again.exitCode).toBe(0)
    expect(`${again.stdout}${again.stderr}`).toMatch(/nothing to do/iu)

    const [run] = readdirSync(join(project.root, '.bagboy/runs/closed'))
    const undo = await project.bagboy('runs', 'undo', run ?? '', '--yes', '--reason', 'it was not the release')

    expect(undo.exitCode, undo.stderr).toBe(0)
    expect(await servedVersions(project)).toEqual(all('1.3.0'))
  })

  test('a dry run only reads, and changes no file', async () => {
    const project = await aProject()
    const files = () =>
      readdirSync(join(project.root, '.bagboy'), { recursive: true }).filter(
        (name) => !String(name).startsWith('cache'),
      )
    const before = files()

    const { exitCode, stdout } = await project.bagboy('rollback', 'v1.2.0', '--dry-run', '--detailed-exitcode')

    expect(exitCode).toBe(3)
    expect(stdout).toMatch(/docker/u)
    for (const proxy of Object.values(project.registries.proxies)) {
      expect(proxy.requests.length).toBeGreaterThan(0)
      expect(writesIn(proxy.requests)).toEqual([])
    }
    expect(files()).toEqual(before)
    expect(existsSync(join(project.root, '.bagboy/runs'))).toBe(false)
  })

  test('one registry down for the whole run: the others are done, resume finishes when it is back', async () => {
    const project = await aProject()
    await project.registries.proxies.docker.goDown()

    const partial = await project.bagboy('rollback', 'v1.2.0', '--yes', '--reason', '5xx')

    expect(partial.exitCode, partial.stderr).toBe(6)
    expect(partial.stderr).toMatch(/PARTIAL/u)
    expect(await servedVersions(project)).toEqual({ ...all('1.2.0'), docker: '1.3.0' })

    await project.registries.proxies.docker.goUp()
    const resumed = await project.bagboy('runs', 'resume', '--yes')

    expect(resumed.exitCode, resumed.stderr).toBe(0)
    expect(await servedVersions(project)).toEqual(all('1.2.0'))
  })

  test('a saved plan whose registry moved meanwhile is refused and changes nothing', async () => {
    const project = await aProject()
    const planned = await project.bagboy('rollback', 'v1.2.0', '--plan-out', 'plan.json', '--dry-run')
    expect(planned.exitCode, planned.stderr).toBe(0)
    await project.registries.publish('1.3.1')
    for (const proxy of Object.values(project.registries.proxies)) proxy.forget()

    const applied = await project.bagboy('apply', 'plan.json', '--yes')

    expect(applied.exitCode, applied.stderr).toBe(10)
    for (const proxy of Object.values(project.registries.proxies)) expect(writesIn(proxy.requests)).toEqual([])
    expect(await servedVersions(project)).toEqual(all('1.3.1'))
  })

  test('an answer that gets lost after the write is reported as done and not written twice', async () => {
    const project = await aProject()
    project.registries.proxies.npm.inject({ kind: 'lost-answer', method: 'PUT', path: /dist-tags/u, times: 1 })
    project.registries.proxies.docker.inject({
      kind: 'lost-answer',
      method: 'PUT',
      path: /manifests\/latest$/u,
      times: 1,
    })

    const { exitCode, stderr } = await project.bagboy('rollback', 'v1.2.0', '--yes', '--reason', '5xx')

    expect(exitCode, stderr).toBe(0)
    const writes = (name: 'docker' | 'npm') => writesIn(project.registries.proxies[name].requests)
    expect(writes('npm').filter((line) => line.includes('dist-tags'))).toHaveLength(1)
    expect(writes('docker').filter((line) => line.endsWith('manifests/latest'))).toHaveLength(1)
    expect(await servedVersions(project)).toEqual(all('1.2.0'))
  })
})
