import { expect, onTestFinished, test } from 'vitest'
import { builtProgram, runProgram, startProgram } from '../../support/harness/built-program.ts'
import { createProject, type Project } from '../../support/projects/project.ts'
import { openTerminal } from '../../support/harness/pty.ts'
import { until } from '../../support/clocks/until.ts'

const program = builtProgram('bagboy-tui')
const ROLLBACK = ['rollback', 'v1.2.0', '--yes', '--reason', '5xx', '-o', 'ndjson'] as const

/** A project whose tags take `delayMs` to move, or the 5 s after which nobody waits for an answer. */
async function aSlowProject(delayMs: number): Promise<Project> {
  const project = await createProject('local', {
    versions: ['1.2.0', '1.3.0'],
    limits: '    timeout: 60s\n    request_timeout: 5s',
  })
  onTestFinished(() => project.close())
  project.registries.proxies.docker.inject({ kind: 'late', delayMs, method: 'PUT' })
  return project
}

test('a second process sees the very same events and ends with the same exit code', async () => {
  const { root: cwd, env } = await aSlowProject(1500)
  const first = startProgram(program, ROLLBACK, { cwd, env })
  await until('an intent', () => first.stdout().includes('"type":"step.intent"'), 60_000)

  const followed = await runProgram(program, ['runs', 'follow', '-o', 'ndjson'], { cwd, env })
  const done = await first.finished
  const again = await runProgram(program, ['runs', 'follow'], { cwd, env })

  expect([done.exitCode, followed.exitCode, again.exitCode]).toEqual([0, 0, 0])
  expect(followed.stdout).toBe(done.stdout)
  expect(followed.stderr).toMatch(
    new RegExp(`^The lock of myapp in production is held by .* process ${first.child.pid}\\.\\n`, 'u'),
  )
  expect(again.stdout).toMatch(/^Complete: /u)
}, 120_000)

test('the app watches a run of another process, and offers to resume it when that process dies', async () => {
  const { root: cwd, env, registries } = await aSlowProject(60_000)
  const first = startProgram(program, ROLLBACK, { cwd, env })
  await until('an intent', () => first.stdout().includes('"type":"step.intent"'), 60_000)

  const app = openTerminal({ command: process.execPath, args: [program], cwd, env, columns: 100, rows: 30 })
  await app.shows(/on .* runs it since .*leaving does not stop it/su)
  await app.press('p', 'R', 'U')
  first.child.kill('SIGKILL')
  await app.shows('Interrupted: its process is gone')
  registries.proxies.docker.heal()
  await app.shows('Open rollback: v1.3.0 → v1.2.0')
  await app.press('q')
  await app.shows('1 of 2')
  await app.press('q')

  expect(await app.exitCode).toBe(0)
  const resumed = await runProgram(program, ['runs', 'resume', '--yes', '-o', 'json'], { cwd, env })
  expect(resumed.exitCode).toBe(0)
  expect(resumed.stderr).toMatch(
    /taken over .* goes on with it: resume, epoch 2; epoch 1 was that of .* its process is gone/u,
  )
}, 240_000)

test('a headless run whose terminal goes away goes on, and ends with its own exit code', async () => {
  const { root: cwd, env } = await aSlowProject(1000)
  const terminal = openTerminal({
    command: process.execPath,
    args: [program, 'rollback', 'v1.2.0', '--yes', '--reason', '5xx'],
    cwd,
    env,
    columns: 100,
    rows: 30,
  })
  await terminal.shows('writing    docker')

  terminal.hangUp()
  const exitCode = await terminal.exitCode
  const lock = await runProgram(program, ['lock', 'status'], { cwd, env })
  const runs = await runProgram(program, ['runs', 'list', '-o', 'json'], { cwd, env })

  expect([exitCode, lock.stdout]).toEqual([0, 'The lock of myapp in production is free (epoch 1).\n'])
  expect(JSON.parse(runs.stdout)).toMatchObject({ runs: [{ result: 'complete', isOpen: false }] })
}, 120_000)
