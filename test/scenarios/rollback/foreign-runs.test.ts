import { cpSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { builtProgram, runProgram, startProgram } from '../../support/harness/built-program.ts'
import { createProject, type Project } from '../../support/projects/project.ts'
import { writesOf } from '../../support/harness/project-traces.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/clocks/until.ts'

const program = builtProgram('bagboy-tui')
const projects: Project[] = []
const ROLLBACK = ['rollback', 'v1.2.0', '--yes', '--reason', '5xx', '-o', 'ndjson'] as const

afterEach(async () => {
  await Promise.all(projects.splice(0).map((project) => project.close()))
})

/** A rollback of this user was killed in the middle; `bob` is another user on the same folder. */
async function aKilledRun() {
  const project = await createProject('local', { versions: ['1.2.0', '1.3.0'], limits: '    request_timeout: 5s' })
  projects.push(project)
  const { root, env, registries } = project
  registries.proxies.docker.inject({ kind: 'late', delayMs: 60_000, method: 'PUT' })
  const first = startProgram(program, ROLLBACK, { cwd: root, env })
  await until('an intent', () => first.stdout().includes('"type":"step.intent"'), 60_000)
  first.child.kill('SIGKILL')
  await first.finished
  registries.proxies.docker.heal()
  const home = temporaryFolder('bob')
  const bobs = { XDG_STATE_HOME: join(home, 'state'), XDG_CONFIG_HOME: join(home, 'config') }
  return {
    project,
    own: (...argv: readonly string[]) => runProgram(program, argv, { cwd: root, env }),
    bob: (...argv: readonly string[]) =>
      runProgram(program, argv, { cwd: root, env: { ...env, ...bobs, BAGBOY_TRUST: '1' } }),
  }
}

test('a run of another user is named, gone on with by nothing but a takeover, and then it is complete', async () => {
  const { project, own, bob } = await aKilledRun()
  const writes = writesOf(project)
  const { runs } = JSON.parse((await own('runs', 'list', '-o', 'json')).stdout) as { runs: { id: string }[] }
  const run = runs[0]?.id ?? ''

  const listed = await bob('runs', 'list')
  const shown = await bob('runs', 'show', run)
  const unnamed = await bob('runs', 'resume', '--yes')
  const refused = await bob('runs', 'resume', run, '--yes')
  const unexplained = await bob('runs', 'resume', run, '--yes', '--takeover')
  const verified = await bob('history', 'verify')

  expect(listed.stdout).toMatch(new RegExp(`${run}.*open.*foreign`, 'u'))
  expect(shown.stdout).toMatch(/Not proved to be yours: it is signed with the key [0-9a-f]{16}/u)
  expect(shown.stdout).toMatch(/It says that it is a rollback of \S+ from v1\.3\.0 to v1\.2\.0/u)
  expect([unnamed.exitCode, unnamed.stderr]).toEqual([5, expect.stringContaining(`Not yours: ${run}`)])
  expect([refused.exitCode, refused.stderr]).toEqual([9, expect.stringContaining('RUN_FOREIGN')])
  expect([unexplained.exitCode, unexplained.stderr]).toEqual([5, expect.stringContaining('REASON_REQUIRED')])
  expect(verified.stdout).toMatch(new RegExp(`run ${run} +foreign: it is signed with the key`, 'u'))
  expect(writesOf(project)).toEqual(writes)

  const taken = await bob(
    'runs',
    'resume',
    run,
    '--yes',
    '--takeover',
    '--reason',
    'the other machine is gone',
    '-o',
    'json',
  )

  expect(taken.exitCode, taken.stderr).toBe(0)
  expect(JSON.parse(taken.stdout)).toMatchObject({ result: 'complete' })
}, 180_000)

test('a run of a colleague whose key is trusted is resumed as one of ours', async () => {
  const { own, bob } = await aKilledRun()
  const { own: key } = JSON.parse((await own('runs', 'keys', '-o', 'json')).stdout) as { own: { key: string } }

  const trusted = await bob('runs', 'trust-key', key.key, '--name', 'alice on build-1')
  const listed = await bob('runs', 'list')
  const resumed = await bob('runs', 'resume', '--yes', '-o', 'json')

  expect(trusted.exitCode, trusted.stderr).toBe(0)
  expect(listed.stdout).toContain('alice on build-1')
  expect(resumed.exitCode, resumed.stderr).toBe(0)
}, 180_000)

test('a copy of a project brings no run along that is gone on with, and none that is in the way', async () => {
  const { project } = await aKilledRun()
  const copy = join(temporaryFolder('copy'), 'app')
  cpSync(project.root, copy, { recursive: true })
  const there = (...argv: readonly string[]) =>
    runProgram(program, argv, { cwd: copy, env: { ...project.env, BAGBOY_TRUST: '1' } })

  const resumed = await there('runs', 'resume', '--yes')
  const begun = await there(...ROLLBACK)

  expect(resumed.exitCode).toBe(5)
  expect(begun.exitCode, begun.stderr).toBe(0)
  expect(begun.stderr).toContain('An open run is not yours and is skipped')
  expect(begun.stderr).toContain('copied from another folder or changed')
}, 180_000)

test('a link out of the folder for state is refused before anything is read or written', async () => {
  const project = await createProject('local', { versions: ['1.2.0', '1.3.0'] })
  projects.push(project)
  const [folder, outside] = [join(project.root, '.bagboy'), temporaryFolder('outside')]
  symlinkSync(outside, join(folder, 'locks'))

  const refused = await runProgram(program, ROLLBACK, { cwd: project.root, env: project.env })

  expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining('FILE_REFUSED')])
  expect([writesOf(project), readdirSync(outside)]).toEqual([[], []])
}, 120_000)
