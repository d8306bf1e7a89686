import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createSandbox, type Sandbox } from '../../src/sandbox/create-sandbox.ts'
import { builtProgram, runProgram, type Finished } from '../support/harness/built-program.ts'

const program = builtProgram('bagboy-tui')
const open: Sandbox[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()))
})

async function aSandbox(): Promise<Sandbox> {
  const sandbox = await createSandbox({ scenario: 'blue-green' })
  open.push(sandbox)
  return sandbox
}

function run({ root, env }: Sandbox, ...argv: readonly string[]): Promise<Finished> {
  return runProgram(program, argv, { cwd: root, env })
}

/** What so many users got, one after the other. */
async function served({ application }: Sandbox, count = 10): Promise<readonly string[]> {
  const answers: string[] = []
  for (let sent = 0; sent < count; sent += 1) {
    const { status, headers } = await fetch(`${application?.url}/login`)
    answers.push(`${status} ${headers.get('x-app-version')} ${headers.get('x-app-slot')}`)
  }
  return [...new Set(answers)]
}

interface Event {
  readonly type: string
  readonly step?: string
  readonly status?: string
}

/** Formats in the order in which their step ended well. */
function finishedSteps({ stdout }: Finished): readonly string[] {
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
  const done = events.filter(({ type, status }) => type === 'step.finished' && status === 'done')
  return done.map(({ step = '' }) => /^\w+/u.exec(step)?.[0] ?? '')
}

function newestEntry({ root }: Sandbox): { readonly packages: readonly { readonly format: string }[] } {
  return parse(readFileSync(join(root, '.bagboy/deployment-history.yml'), 'utf8')).deployments[0]
}

test('a rollback sends users to the warm slot first, then takes back the four registries, and all five are proved', async () => {
  const sandbox = await aSandbox()
  const before = await served(sandbox)

  const rehearsed = await run(sandbox, 'rollback', '--dry-run', '--detailed-exitcode')
  const untouched = await served(sandbox)
  const done = await run(sandbox, 'rollback', '--yes', '--reason', 'login fails', '-o', 'ndjson')
  const after = await served(sandbox)
  const status = await run(sandbox, 'status', '--detailed-exitcode', '-o', 'json')

  expect([before, untouched]).toEqual([['500 1.17.0 green'], ['500 1.17.0 green']])
  expect(rehearsed.exitCode).toBe(3)
  expect(rehearsed.stdout).toMatch(/1\. Send all traffic to blue, which runs 1\.16\.0; blue is kept warm until 20/u)
  expect(done.exitCode, done.stderr).toBe(0)
  const [first, ...others] = finishedSteps(done)
  expect([first, others.toSorted()]).toEqual(['traffic', ['brew', 'docker', 'npm', 'scoop']])
  expect(after).toEqual(['200 1.16.0 blue'])
  expect(status.exitCode).toBe(0)
  expect(newestEntry(sandbox)).toMatchObject({
    version: 'v1.16.0',
    kind: 'rollback',
    health: { verdict: 'healthy' },
    packages: expect.arrayContaining([
      expect.objectContaining({ format: 'traffic', registry: 'haproxy', ref: { slot: 'blue' } }),
    ]),
  })
  expect(newestEntry(sandbox).packages).toHaveLength(5)
})

test('undo sends nobody back to a slot that fails its own checks', async () => {
  const sandbox = await aSandbox()
  await run(sandbox, 'rollback', '--yes')

  const undone = await run(sandbox, 'runs', 'undo', '--yes', '-o', 'json')

  expect([undone.exitCode, JSON.parse(undone.stdout)]).toMatchObject([5, { error: { code: 'VALIDATION_FAILED' } }])
  expect(undone.stdout).toContain('green, which runs v1.17.0, fails its own checks')
  expect(await served(sandbox)).toEqual(['200 1.16.0 blue'])
})

test('a warm slot that fails its own checks gets nobody', async () => {
  const sandbox = await aSandbox()
  sandbox.application?.breakVersion('1.16.0')

  const refused = await run(sandbox, 'rollback', '--yes', '-o', 'json')

  expect(refused.exitCode).not.toBe(0)
  expect(refused.stdout).toContain('blue, which runs v1.16.0, fails its own checks: login in blue')
  expect(await served(sandbox)).toEqual(['500 1.17.0 green'])
})

test('the checks ask the balancer and both slots, and name what has no traffic by its slot', async () => {
  const sandbox = await aSandbox()

  const health = await run(sandbox, 'health')

  expect(health.stdout).toMatch(/login +v1\.17\.0 +failing .* 500/u)
  expect(health.stdout).toMatch(/login in green +v1\.17\.0 \(green\) +failing .* 500/u)
  expect(health.stdout).toMatch(/login in blue +blue +passing .* 200/u)
})

test('what is there is gone when it is closed: folder, socket and every port', async () => {
  const sandbox = await aSandbox()
  const { blueGreen, application, root } = sandbox
  if (!blueGreen || !application) throw new Error('a scenario in two slots has both')
  const urls = [application.url, blueGreen.slots.blue, blueGreen.slots.green, blueGreen.control]

  await sandbox.close()

  expect([existsSync(dirname(root)), existsSync(blueGreen.socket)]).toEqual([false, false])
  for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed')
})
