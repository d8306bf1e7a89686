import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { builtProgram, runProgram, startProgram } from '../../support/harness/built-program.ts'
import { createGitTap } from '../../support/releases/git-tap.ts'
import { createProject } from '../../support/projects/project.ts'
import { readPointers } from '../../support/registries/registry-pointers.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/clocks/until.ts'

const program = builtProgram('bagboy-tui')
const ROLLBACK = ['rollback', 'v1.2.0', '--yes', '--reason', '5xx', '-o', 'ndjson'] as const

/** Two folders of one project that share its registries, its committed history, and a git remote. */
async function twoMachines() {
  const project = await createProject('local', { versions: ['1.2.0', '1.3.0'], limits: '    request_timeout: 2s' })
  onTestFinished(() => project.close())
  const remote = createGitTap(join(temporaryFolder('lock-remote'), 'app.git'))
  appendFileSync(join(project.root, 'bagboy.yaml'), `  lock: { backend: git, remote: ${remote.folder} }\n`)
  const other = temporaryFolder('other-machine')
  mkdirSync(join(other, '.bagboy'))
  for (const name of ['bagboy.yaml', '.bagboy/deployment-history.yml']) {
    copyFileSync(join(project.root, name), join(other, name))
  }
  const on = (cwd: string) => ({
    start: (...argv: readonly string[]) => startProgram(program, argv, { cwd, env: project.env }),
    run: (...argv: readonly string[]) => runProgram(program, argv, { cwd, env: project.env }),
  })
  return { project, remote, here: on(project.root), there: on(other) }
}

test('two machines that share a remote alone are kept apart, and the second goes on when the first has died', async () => {
  const { project, remote, here, there } = await twoMachines()
  for (const proxy of Object.values(project.registries.proxies)) proxy.setLatency(50)
  project.registries.proxies.docker.inject({ kind: 'late', delayMs: 60_000, method: 'PUT' })
  const first = here.start(...ROLLBACK)
  await until('an intent', () => first.stdout().includes('"type":"step.intent"'), 60_000)

  const refused = await there.run(...ROLLBACK)
  const status = await there.run('lock', 'status', '-o', 'json')
  first.child.kill('SIGKILL')
  await first.finished
  project.registries.proxies.docker.heal()
  const dead = await there.run('lock', 'status')
  const second = await there.run(...ROLLBACK)

  expect(refused).toMatchObject({
    exitCode: 8,
    stderr: expect.stringContaining('error LOCKED  myapp in production is locked by'),
  })
  expect(JSON.parse(status.stdout)).toMatchObject({ state: 'held', epoch: 1, pid: first.child.pid })
  expect(dead.stdout).toMatch(
    /^The lock of myapp in production is left behind by .*resume it +bagboy-tui rollback\n$/su,
  )
  expect([second.exitCode, second.stderr]).toEqual([0, expect.stringContaining('complete')])
  expect(JSON.stringify(await readPointers(project.registries))).not.toContain('"latest":"1.3.0"')
  const refs = remote.git('for-each-ref', '--format=%(refname:lstrip=5)', 'refs/bagboy/lock/myapp/production')
  expect(refs.split('\n')).toEqual(['1', '2', '2.rel'])
}, 180_000)
