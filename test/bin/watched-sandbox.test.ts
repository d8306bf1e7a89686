import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createSandbox, type Sandbox } from '../../src/sandbox/create-sandbox.ts'
import { builtProgram, runProgram, type Finished } from '../support/harness/built-program.ts'
import { openTerminal } from '../support/harness/pty.ts'

const program = builtProgram('bagboy-tui')
const open: Sandbox[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()))
})

async function aWatchedSandbox(): Promise<Sandbox> {
  const sandbox = await createSandbox({ isWatched: true })
  open.push(sandbox)
  return sandbox
}

function run({ root, env }: Sandbox, ...argv: readonly string[]): Promise<Finished> {
  return runProgram(program, argv, { cwd: root, env })
}

function newestEntry({ root }: Sandbox): Record<string, unknown> {
  const history = parse(readFileSync(join(root, '.bagboy/deployment-history.yml'), 'utf8'))
  return history.deployments[0]
}

test('the bad release is noticed, taken back and watched; the evidence stands in the history', async () => {
  const sandbox = await aWatchedSandbox()
  const { bad, lastGood } = sandbox.versions

  const before = await run(sandbox, 'health', '--gate')
  const done = await run(sandbox, 'rollback', '--auto', '--watch', '-o', 'json')
  const after = await run(sandbox, 'health', '--gate')

  expect([before.exitCode, done.exitCode, after.exitCode]).toEqual([5, 0, 0])
  expect(JSON.parse(done.stdout)).toMatchObject({
    result: 'complete',
    trigger: { kind: 'health_check_failures', check: 'login', value: '3', threshold: '3', detail: '500' },
    health: { verdict: 'healthy' },
  })
  expect(newestEntry(sandbox)).toMatchObject({
    kind: 'rollback',
    version: lastGood,
    from: bad,
    trigger: { kind: 'health_check_failures', source: 'probes', check: 'login', value: '3', threshold: '3' },
    health: { verdict: 'healthy', watched: '5s' },
  })
})

test('a target that fails its own checks is not rolled onto', async () => {
  const sandbox = await aWatchedSandbox()
  sandbox.application?.breakVersion(sandbox.versions.lastGood.slice(1))

  const refused = await run(sandbox, 'rollback', '--auto', '--watch', '-o', 'json')

  expect([refused.exitCode, JSON.parse(refused.stdout)]).toEqual([
    5,
    expect.objectContaining({ error: expect.objectContaining({ code: 'TARGET_UNHEALTHY' }) }),
  ])
  expect(newestEntry(sandbox)).toMatchObject({ version: sandbox.versions.bad, kind: 'deploy' })
})

test('on a terminal any key during the countdown is a veto, and nothing is written', async () => {
  const sandbox = await aWatchedSandbox()
  const args = [program, 'rollback', '--auto', '--watch']
  const terminal = openTerminal({ command: process.execPath, args, cwd: sandbox.root, env: sandbox.env, columns: 160 })
  await terminal.shows('Any key stops it')

  await terminal.press('x')

  expect(await terminal.exitCode).toBe(12)
  await terminal.shows('AUTO_VETOED')
  expect(newestEntry(sandbox)).toMatchObject({ version: sandbox.versions.bad, kind: 'deploy' })
})
