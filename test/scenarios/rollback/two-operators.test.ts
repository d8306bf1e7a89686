import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import {
  builtProgram,
  runProgram,
  startProgram,
  type Finished,
  type RunningProgram,
} from '../../support/harness/built-program.ts'
import { pause } from '../../support/clocks/pause.ts'
import { createProject, type Project } from '../../support/projects/project.ts'
import { fingerprint, writesOf } from '../../support/harness/project-traces.ts'
import { openTerminal } from '../../support/harness/pty.ts'
import { until } from '../../support/clocks/until.ts'

const program = builtProgram('bagboy-tui')
const projects: Project[] = []

afterEach(async () => {
  await Promise.all(projects.splice(0).map((project) => project.close()))
})

/** Every answer takes a while, and every move of a tag so long that nobody is done before the other has begun. */
async function aSlowProject(requestTimeout = '10s'): Promise<Project> {
  const project = await createProject('local', { limits: `    timeout: 30s\n    request_timeout: ${requestTimeout}` })
  projects.push(project)
  for (const proxy of Object.values(project.registries.proxies)) proxy.setLatency(50)
  project.registries.proxies.docker.inject({ kind: 'late', delayMs: 4000, method: 'PUT', times: 3 })
  return project
}

const ROLLBACK = ['rollback', 'v1.2.0', '--yes', '--reason', '5xx', '-o', 'ndjson'] as const

function start({ root, env }: Project, argv: readonly string[] = ROLLBACK): RunningProgram {
  return startProgram(program, argv, { cwd: root, env })
}

function run({ root, env }: Project, ...argv: readonly string[]): Promise<Finished> {
  return runProgram(program, argv, { cwd: root, env })
}

function runsOf({ root }: Project): readonly string[] {
  const folder = join(root, '.bagboy/runs')
  const closed = join(folder, 'closed')
  return [
    ...readdirSync(folder).filter((name) => name !== 'closed'),
    ...(existsSync(closed) ? readdirSync(closed) : []),
  ]
}

const historyOf = ({ root }: Project): string => readFileSync(join(root, '.bagboy/deployment-history.yml'), 'utf8')

describe('two operators at once', () => {
  test('exactly one rolls back; the other learns who holds the lock since when, and writes nothing', async () => {
    const project = await aSlowProject()
    const before = historyOf(project)

    const both = [start(project), start(project)]
    const ended = await Promise.all(both.map(({ finished }) => finished))

    expect(new Set(ended.map(({ exitCode }) => exitCode))).toEqual(new Set([0, 8]))
    const winner = both[ended.findIndex(({ exitCode }) => exitCode === 0)]
    const loser = ended.find(({ exitCode }) => exitCode === 8)
    const [runId, ...others] = runsOf(project)
    expect(others).toEqual([])
    const { username } = userInfo()
    expect(loser?.stderr).toMatch(
      new RegExp(
        `error LOCKED {2}myapp in production is locked by ${username} on ${hostname()} \\(pid ${winner?.child.pid}\\), run ${runId}, rollback v1\\.3\\.0 → v1\\.2\\.0, since \\d{4}-\\d\\d-\\d\\dT`,
        'u',
      ),
    )
    expect(loser?.stderr).toContain('bagboy-tui lock release 1')
    expect(JSON.parse(loser?.stdout.trim() ?? '')).toMatchObject({ error: { code: 'LOCKED' }, exitCode: 8 })
    const writes = writesOf(project)
    expect(writes.length).toBeGreaterThanOrEqual(6)
    expect(new Set(writes).size).toBe(writes.length)
    expect(historyOf(project).split('kind: "rollback"')).toHaveLength(before.split('kind: "rollback"').length + 1)
    expect((await run(project, 'lock', 'status')).stdout).toMatch(/free|nobody/iu)
  }, 120_000)

  test('in the app the second one is told the same, and the exit code is the same', async () => {
    const project = await aSlowProject()
    const app = openTerminal({
      command: process.execPath,
      args: [program, 'rollback', 'v1.2.0'],
      cwd: project.root,
      env: project.env,
      columns: 120,
      rows: 30,
    })
    await app.shows('DRY RUN')
    const first = start(project)
    await until('the first run', () => first.stdout().includes('"type":"step.started"'), 60_000)

    await app.press('X')
    await app.shows('Roll back PRODUCTION')
    await app.types('5xx')
    await app.press('tab')
    await app.types('v1.2.0')
    await app.press('tab', 'tab')
    await app.shows('[ Roll back ]')
    await pause(650)
    await app.press('enter')

    await app.shows(/LOCKED {2}myapp in production is locked by .*\(pid \d+\)/u)
    await app.press('q')
    await app.press('q')
    expect(await app.exitCode).toBe(8)
    expect((await first.finished).exitCode).toBe(0)
    expect(runsOf(project)).toHaveLength(1)
  }, 120_000)
})

test('while a killed run is open a second operator is refused, and told every way out', async () => {
  const project = await aSlowProject('5s')
  const first = start(project)
  await until('an intent', () => first.stdout().includes('"type":"step.intent"'), 60_000)
  first.child.kill('SIGKILL')
  await first.finished
  project.registries.proxies.docker.heal()
  const [runId = ''] = runsOf(project)
  const [files, writes] = [fingerprint(project), writesOf(project)]

  const second = await run(project, ...ROLLBACK)
  const listed = await run(project, 'runs', 'list')

  expect(second.exitCode).toBe(5)
  expect(second.stderr).toContain(`error RUN_OPEN  The run ${runId} of myapp in production is not finished.`)
  for (const way of ['resume', 'undo', 'abort']) expect(second.stderr).toContain(`runs ${way} ${runId}`)
  expect(listed.stdout).toContain(runId)
  expect([fingerprint(project), writesOf(project)]).toEqual([files, writes])

  const resumed = await run(project, 'runs', 'resume', '--yes', '-o', 'json')
  expect(resumed.exitCode, resumed.stderr).toBe(0)
  expect(JSON.parse(resumed.stdout)).toMatchObject({ result: 'complete' })
}, 120_000)
