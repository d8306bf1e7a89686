import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { RegistryStatus } from '../../../src/engine/engine.ts'
import { aConfig, cli } from '../../support/cli-harness.ts'
import { FREE_LOCK, scriptedEngine } from '../../support/scripted-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function aStatus(parts: Partial<RegistryStatus>): RegistryStatus {
  return {
    package: { format: 'npm', registry: 'https://npm.example.com', name: 'myapp' },
    expected: 'v1.2.0',
    serving: '1.2.0',
    state: 'in-sync',
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

  expect(stdout).toMatch(/cannot be told +unreadable +REGISTRY_TIMEOUT: no answer in 30 s/u)
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
  expect(engine.calls).toEqual([
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

test('record takes the version from bagboy.yaml where no tag is checked out', async () => {
  const engine = scriptedEngine()

  const { exitCode } = await cli(['record', '--commit', 'abc'], { engine, cwd: temporaryFolder('record') })

  expect(exitCode).toBe(0)
  expect(engine.calls).toEqual([['record', { version: '1.4.0', commit: 'abc', packages: [], notes: '' }]])
})

test('record without any version is refused', async () => {
  const openApp = () => Promise.resolve({ engine: scriptedEngine(), config: { ...aConfig(), version: '' } })

  const { exitCode, stderr } = await cli(['record'], { openApp, cwd: temporaryFolder('record') })

  expect(exitCode).toBe(2)
  expect(stderr).toContain('Add --version V.')
})

test('lock status and release say who held it since when', async () => {
  const held = { ...FREE_LOCK, state: 'held', who: 'alice', host: 'laptop-7', pid: 42, since: '18:00' } as const
  const engine = scriptedEngine({ lockInfo: () => Promise.resolve(held) })

  const status = await cli(['lock', 'status'], { engine })
  const released = await cli(['lock', 'release', '7', '--reason', 'switched off', '--yes'], { engine })

  expect(status.stdout).toMatch(/Held by alice on laptop-7, process 42\.[\s\S]*since {6}18:00/u)
  expect(released).toMatchObject({ exitCode: 0, stdout: 'Free (epoch 7).\n' })
  expect(engine.calls).toContainEqual(['breakLock', 7])
})

test('config check says what was understood', async () => {
  const table = await cli(['config', 'check'])
  const json = await cli(['config', 'check', '-o', 'json'])

  expect(table.stdout).toMatch(/^Valid\.\n[\s\S]*3 deployments[\s\S]*npm +https:\/\/npm\.example\.com/u)
  expect(JSON.parse(json.stdout)).toMatchObject({ app: 'myapp', history: { count: 3, readOnly: null } })
})
