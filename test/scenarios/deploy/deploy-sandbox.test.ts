import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { createSandbox, type Sandbox } from '../../../src/sandbox/create-sandbox.ts'
import { builtProgram, runProgram, startProgram, type Finished } from '../../support/harness/built-program.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/clocks/until.ts'

interface Project {
  readonly sandbox: Sandbox
  readonly run: (...argv: readonly string[]) => Promise<Finished>
  readonly answer: (...argv: readonly string[]) => Promise<unknown>
}

async function aProject(): Promise<Project> {
  const sandbox = await createSandbox({
    folder: temporaryFolder('deploy-sandbox'),
    scenario: 'blue-green',
    isWatched: true,
  })
  onTestFinished(() => sandbox.close())
  const run = (...argv: readonly string[]) =>
    runProgram(builtProgram('bagboy-tui'), argv, { cwd: sandbox.root, env: sandbox.env })
  return {
    sandbox,
    run,
    answer: async (...argv) => JSON.parse((await run(...argv, '-o', 'json')).stdout) as unknown,
  }
}

const standsAt = (report: unknown): string | undefined => {
  const { open } = report as { open: { stages: { stage: { kind: string } }[]; position: number } | null }
  return open?.stages[open.position]?.stage.kind
}

test('a version is deployed, promoted from a second terminal, and only what really serves it gets a pin', async () => {
  const { sandbox, run, answer } = await aProject()
  const { child, finished } = startProgram(
    builtProgram('bagboy-tui'),
    ['deploy', '--version', 'v1.18.0', '--commit', 'c0ffee1', '--yes'],
    { cwd: sandbox.root, env: sandbox.env },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  await until('the gate', async () => standsAt(await answer('traffic', 'status')) === 'gate', 30_000)

  const status = await answer('status')
  const promoted = await run('traffic', 'promote')
  const done = await finished

  expect(status).toMatchObject({ registries: [{ package: { format: 'traffic' }, state: 'moving' }, {}, {}, {}, {}] })
  expect(promoted.exitCode, promoted.stderr).toBe(0)
  expect(done.exitCode, done.stderr).toBe(0)
  const answered = await fetch(`${sandbox.application?.url}/health`)
  expect(await answered.json()).toMatchObject({ version: '1.18.0', slot: 'blue' })
  const { deployments } = parse(readFileSync(join(sandbox.root, '.bagboy/deployment-history.yml'), 'utf8'))
  expect(deployments[0]).toMatchObject({
    version: 'v1.18.0',
    status: 'active',
    commit: 'c0ffee1',
    health: { verdict: 'healthy' },
  })
  // Nobody published it: every registry still has the version before.
  expect(
    deployments[0].packages.map((one: Record<string, unknown>) => [one['format'], one['status'], one['ref']]),
  ).toEqual([
    ['traffic', 'deployed', { slot: 'blue' }],
    ['docker', 'unknown', undefined],
    ['npm', 'unknown', undefined],
    ['brew', 'unknown', undefined],
    ['scoop', 'unknown', undefined],
  ])
}, 120_000)
