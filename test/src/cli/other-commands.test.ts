import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { RegistryStatus } from '../../../src/engine/engine.ts'
import { aConfig, cli } from '../../support/harness/cli-harness.ts'
import { aRunSummary, FREE_LOCK, scriptedEngine } from '../../support/engine/scripted-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function aStatus(parts: Partial<RegistryStatus>): RegistryStatus {
  return {
    package: { format: 'npm', registry: 'https://npm.example.com', name: 'myapp' },
    expected: 'v1.2.0',
    serving: '1.2.0',
    state: 'in-sync',
    detail: '',
    observed: null,
    error: null,
    ...parts,
  }
}

const UNREADABLE = aStatus({
  state: 'unreadable',
  serving: null,
  error: { code: 'REGISTRY_TIMEOUT', message: 'no answer in 30 s', hint: null, details: null },
})

test.each([
  ['all agree', [aStatus({})], [], 0],
  ['one drifted', [aStatus({ state: 'drift', serving: '1.3.0' })], [], 0],
  ['one drifted and codes are detailed', [aStatus({ state: 'drift', serving: '1.3.0' })], ['--detailed-exitcode'], 3],
  ['one cannot be read', [aStatus({}), UNREADABLE], [], 6],
])('status exits by what it found when %s', async (_title, registries, flags, expected) => {
  const engine = scriptedEngine({ status: () => Promise.resolve(registries) })

  const { exitCode, stdout } = await cli(['status', ...flags], { engine })

  expect(exitCode).toBe(expected)
  for (const { state } of registries) expect(stdout).toContain(state)
})

test('status says why a registry could not be read', async () => {
  const engine = scriptedEngine({ status: () => Promise.resolve([UNREADABLE]) })

  const { stdout } = await cli(['status'], { engine })

  expect(stdout).toMatch(/not known +unreadable +REGISTRY_TIMEOUT: no answer in 30 s/u)
})

test('record takes version and commit from the git tag that is checked out', async () => {
  const cwd = temporaryFolder('record')
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim()
  git('init', '-q')
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '--allow-empty', '-m', 'release')
  git('tag', 'v2.0.0')
  const engine = scriptedEngine()

  const { exitCode, stdout } = await cli(['record', '--package', 'npm=https://npm.example.com'], { engine, cwd })

  expect(exitCode).toBe(0)
  expect(engine.calls.filter(([name]) => name === 'record')).toEqual([
    [
      'record',
      {
        version: 'v2.0.0',
        commit: git('rev-parse', 'HEAD'),
        packages: [{ format: 'npm', registry: 'https://npm.example.com' }],
        notes: '',
      },
    ],
  ])
  expect(stdout).toMatch(/^v2\.0\.0 {2}@4\n/u)
})

test('record never takes the tag of another application, and says which ones it has left', async () => {
  const cwd = temporaryFolder('record')
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim()
  git('init', '-q')
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '--allow-empty', '-m', 'release')
  git('tag', 'web-v2.0.0')
  const engine = scriptedEngine()
  const config = { ...aConfig(), version: '' }

  const fromFile = await cli(['record'], { engine, cwd })
  const refused = await cli(['record'], { engine, cwd, config })
  git('tag', '@acme/myapp@1.9.0')
  await cli(['record'], { engine, cwd })

  expect(fromFile.stderr).toContain('Not tags of myapp: web-v2.0.0. The version of bagboy.yaml is used.')
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('deployment.release_tag') })
  const recorded = engine.calls.filter(([name]) => name === 'record')
  expect(recorded.map(([, request]) => (request as { version: string }).version)).toEqual(['1.4.0', '1.9.0'])
})

test('record takes the version from bagboy.yaml where no tag is checked out', async () => {
  const engine = scriptedEngine()

  const { exitCode } = await cli(['record', '--commit', 'abc'], { engine, cwd: temporaryFolder('record') })

  expect(exitCode).toBe(0)
  expect(engine.calls.filter(([name]) => name === 'record')).toEqual([
    ['record', { version: '1.4.0', commit: 'abc', packages: [], notes: '' }],
  ])
})

test('record without any version is refused', async () => {
  const openApp = () => Promise.resolve({ engine: scriptedEngine(), config: { ...aConfig(), version: '' } })

  const { exitCode, stderr } = await cli(['record'], { openApp, cwd: temporaryFolder('record') })

  expect(exitCode).toBe(2)
  expect(stderr).toContain('Add --version V.')
})

const HELD = {
  ...FREE_LOCK,
  state: 'held',
  who: 'alice',
  host: 'laptop-7',
  pid: 42,
  run: '01JDXA7Q2M3N4P5R6S7T8V9WXY',
  purpose: 'rollback v1.3.0 → v1.2.0',
  since: '2026-02-01T18:00:00.000Z',
  lastBeat: 'yesterday',
} as const

test.each([
  [
    'held',
    /^The lock of myapp in production is held by alice on laptop-7, process 42\.$/mu,
    'if it must stop',
    'lock release 7 --yes --reason TEXT',
  ],
  ['silent', /without a heartbeat for longer than its ttl/u, 'if it stays silent', 'lock release 7 --reason TEXT'],
  ['dead', /that process is gone\. The next command takes the lock automatically/u, 'resume it', 'runs resume'],
] as const)(
  'lock status says of a lock that is %s who, since when, and what can be done',
  async (state, head, label, command) => {
    const runs = () => Promise.resolve([aRunSummary({ id: HELD.run })])
    const engine = scriptedEngine({ runs, lockInfo: () => Promise.resolve({ ...HELD, state }) })

    const { stdout, exitCode } = await cli(['lock', 'status'], { engine })

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(head)
    expect(stdout).toMatch(/since {6}2026-02-01T18:00:00\.000Z, \d+d ago\n {2}last beat {2}yesterday\n/u)
    expect(stdout).toMatch(new RegExp(`${label} +bagboy-tui ${command}`, 'u'))
  },
)

test.each([
  ['release', 'silent', ['--yes']],
  ['release', 'held', ['--yes']],
  ['break', 'dead', ['--yes']],
] as const)('lock %s of a lock that is %s says what that means and how to go on', async (word, state, more) => {
  const runs = () => Promise.resolve([aRunSummary({ id: HELD.run })])
  const engine = scriptedEngine({ runs, lockInfo: () => Promise.resolve({ ...HELD, state }) })

  const { exitCode, stdout } = await cli(['lock', word, '7', '--reason', 'switched off', ...more], { engine })

  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Lock 7 is released\.\n[\s\S]*bagboy-tui runs resume 01JDXA7Q2M3N4P5R6S7T8V9WXY\n$/u)
  expect(stdout.includes('If alice wakes up, it stops before it changes anything')).toBe(state !== 'dead')
  expect(engine.calls).toContainEqual(['breakLock', 7])
})

test('a run whose journal is on another machine is not resumed here but planned anew', async () => {
  const engine = scriptedEngine({ lockInfo: () => Promise.resolve({ ...HELD, state: 'silent' }) })

  const status = await cli(['lock', 'status'], { engine })
  const released = await cli(['lock', 'release', '7', '--reason', 'r', '--yes'], { engine })

  expect(status.stdout).toMatch(/watch it +bagboy-tui runs follow \w+, on laptop-7/u)
  expect(status.stdout).toMatch(/resume it +bagboy-tui rollback\n/u)
  expect(released.stdout).toContain('Resume its work: bagboy-tui rollback\n')
})

test.each([
  ['its holder is at work and only a terminal says yes', HELD, '7', ['--reason', 'r'], 2, 'is alive and at work'],
  ['there is no reason', HELD, '7', ['--yes'], 5, 'This needs a reason'],
  ['another epoch is in force', HELD, '6', ['--reason', 'r', '--yes'], 8, 'that is 7, held by alice'],
  ['nobody has it', FREE_LOCK, '7', ['--reason', 'r', '--yes'], 2, 'The lock is free'],
] as const)('lock release changes nothing when %s', async (_title, lock, epoch, flags, expected, message) => {
  const engine = scriptedEngine({ lockInfo: () => Promise.resolve(lock) })

  const { exitCode, stderr } = await cli(['lock', 'release', epoch, ...flags], {
    engine,
    isTerminal: true,
    typed: ['y'],
  })

  expect(exitCode).toBe(expected)
  expect(stderr).toContain(message)
  expect(engine.calls.map(([name]) => name)).not.toContain('breakLock')
})

test('config check says what was understood', async () => {
  const table = await cli(['config', 'check'])
  const json = await cli(['config', 'check', '-o', 'json'])

  expect(table.stdout).toMatch(/^Valid\.\n[\s\S]*3 deployments[\s\S]*npm +https:\/\/npm\.example\.com/u)
  expect(JSON.parse(json.stdout)).toMatchObject({ app: 'myapp', history: { count: 3, readOnly: null } })
})
