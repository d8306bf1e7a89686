import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from '../../src/sandbox/create-sandbox.ts'
import { builtProgram, runProgram, startProgram, type Finished } from '../support/harness/built-program.ts'
import { until } from '../support/clocks/until.ts'

const program = builtProgram('bagboy-tui')
const open: Sandbox[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()))
})

async function aSandbox(latencyMs = 0): Promise<Sandbox> {
  const sandbox = await createSandbox({ latencyMs })
  open.push(sandbox)
  return sandbox
}

function run({ root, env }: Sandbox, ...argv: readonly string[]): Promise<Finished> {
  return runProgram(program, argv, { cwd: root, env })
}

function document({ stdout }: Finished): Record<string, unknown> {
  return JSON.parse(stdout)
}

async function servedVersions({ urls }: Sandbox): Promise<readonly string[]> {
  const formula = execFileSync('git', ['-C', urls.tap, 'show', 'main:Formula/hello.rb'], { encoding: 'utf8' })
  const manifest: { version: string } = JSON.parse(
    execFileSync('git', ['-C', urls.bucket, 'show', 'main:bucket/hello.json'], { encoding: 'utf8' }),
  )
  const answer = await fetch(`${urls.packages}/hello`)
  const packument = (await answer.json()) as { 'dist-tags': { latest: string } }
  return [/version "([\d.]+)"/u.exec(formula)?.[1] ?? '', manifest.version, packument['dist-tags'].latest]
}

/** Every file of the project with its content, but for what is only derived. */
function fingerprint({ root }: Sandbox): string {
  const hash = createHash('sha256')
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  for (const file of files.filter((path) => !path.includes('/.bagboy/cache/')).sort()) {
    hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}

test('a dry run changes nothing; a rollback is proved; a second one has nothing to do; undo brings all of it back', async () => {
  const sandbox = await aSandbox()
  const [bad, good] = [sandbox.versions.bad.slice(1), sandbox.versions.lastGood.slice(1)]
  const before = fingerprint(sandbox)

  const rehearsed = await run(sandbox, 'rollback', '--dry-run', '--detailed-exitcode')
  const untouched = [fingerprint(sandbox), await servedVersions(sandbox)]
  const done = await run(sandbox, 'rollback', '--version', sandbox.versions.lastGood, '--yes', '-o', 'json')
  const after = await servedVersions(sandbox)
  const again = await run(sandbox, 'rollback', '--version', sandbox.versions.lastGood, '--yes', '-o', 'json')
  const undone = await run(sandbox, 'runs', 'undo', '--yes', '-o', 'json')

  expect(rehearsed.exitCode).toBe(3)
  expect(untouched).toEqual([before, [bad, bad, bad]])
  expect([done.exitCode, document(done)['result'], after]).toEqual([0, 'complete', [good, good, good]])
  expect([again.exitCode, document(again)['result']]).toEqual([0, 'nothing-to-do'])
  expect([undone.exitCode, document(undone)['result']]).toEqual([0, 'complete'])
  expect(await servedVersions(sandbox)).toEqual([bad, bad, bad])
})

test('SIGINT stops a run after what is in flight: 130, and resume finishes it', async () => {
  const sandbox = await aSandbox(200)
  const running = startProgram(program, ['rollback', '--yes', '-o', 'ndjson'], { cwd: sandbox.root, env: sandbox.env })
  await until('the first intent', () => running.stdout().includes('"type":"step.intent"'))

  running.child.kill('SIGINT')
  const stopped = await running.finished
  const listed = await run(sandbox, 'runs', 'list', '--open', '-o', 'json')
  const resumed = await run(sandbox, 'runs', 'resume', '--yes', '-o', 'json')

  expect([stopped.exitCode, stopped.signal]).toEqual([130, null])
  expect(stopped.stdout.trimEnd().split('\n').at(-1)).toContain('"result":"aborted"')
  expect(document(listed)['runs']).toHaveLength(1)
  expect([resumed.exitCode, document(resumed)['result']]).toEqual([0, 'complete'])
})

test('a second operator is refused with exit code 8 and who holds the lock', async () => {
  const sandbox = await aSandbox(400)
  const first = startProgram(program, ['rollback', '--yes', '-o', 'ndjson'], { cwd: sandbox.root, env: sandbox.env })
  await until('the first run', () => first.stdout().includes('"type":"step.started"'))

  const second = await run(sandbox, 'rollback', '--yes')
  const finished = await first.finished

  expect(second.exitCode).toBe(8)
  expect(second.stderr).toMatch(/error LOCKED .*process \d+|error LOCKED .*pid \d+/u)
  expect(finished.exitCode).toBe(0)
})

test('a saved plan whose registry moved meanwhile is refused with exit code 10', async () => {
  const sandbox = await aSandbox()
  await run(sandbox, 'rollback', '--plan-out', 'plan.json')
  await run(sandbox, 'rollback', '--only', 'scoop', '--yes')
  const moved = await servedVersions(sandbox)

  const applied = await run(sandbox, 'apply', 'plan.json', '--yes', '-o', 'json')

  expect(applied.exitCode).toBe(10)
  expect(document(applied)).toMatchObject({ error: { code: 'PLAN_STALE' }, exitCode: 10 })
  expect(await servedVersions(sandbox)).toEqual(moved)
})
