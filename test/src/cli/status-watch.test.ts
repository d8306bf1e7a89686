import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RegistryStatus } from '../../../src/engine/engine.ts'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { cli, startCli } from '../../support/harness/cli-harness.ts'
import { scriptedEngine, overviewOf } from '../../support/engine/scripted-engine.ts'
import { aHistory } from '../../support/builders/a-history.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/clocks/until.ts'

function served(state: RegistryStatus['state'], serving: string | null): RegistryStatus {
  const ref = { format: 'npm', registry: 'https://npm.example.com', name: 'myapp' }
  return { package: ref, expected: '1.2.0', serving, state, detail: '', observed: null, error: null }
}

const LOOKS: readonly (RegistryStatus | BagboyError)[] = [
  served('in-sync', '1.2.0'),
  served('held-version', '1.3.0'),
  served('held-version', '1.3.0'),
  new BagboyError('HISTORY_INVALID', 'deployment-history.yml:3:1: half saved'),
  new BagboyError('HISTORY_INVALID', 'deployment-history.yml:3:1: half saved'),
  served('unreadable', null),
  served('held-version', '1.3.0'),
  served('in-sync', '1.2.0'),
]

async function watch(...flags: readonly string[]) {
  let count = 0
  const status = async () => {
    const look = LOOKS[Math.min(count, LOOKS.length - 1)]
    count += 1
    if (look instanceof BagboyError) throw look
    return look ? [look] : []
  }
  const started = startCli(['status', '--watch', '--interval', '5ms', ...flags], { engine: scriptedEngine({ status }) })
  await until('all looks', () => count > LOOKS.length)
  started.send('SIGINT')
  return started.result
}

test('a watch says once what has changed, whatever goes wrong in between, and ends with ctrl-c', async () => {
  const { exitCode, stdout, stderr } = await watch()

  expect(exitCode).toBe(130)
  expect(stdout).toBe('')
  expect(stderr.match(/hold\.violated|drift\.cleared|half saved/gu)).toEqual([
    'hold.violated',
    'half saved',
    'drift.cleared',
  ])
  expect(stderr).toContain('npm myapp @ https://npm.example.com serves a held version again: 1.3.0 instead of 1.2.0')
})

test('as ndjson its events are data', async () => {
  const { stdout } = await watch('-o', 'ndjson')

  const events = stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(events).toEqual([
    {
      type: 'hold.violated',
      at: expect.any(String),
      package: { format: 'npm', registry: 'https://npm.example.com', name: 'myapp' },
      expected: '1.2.0',
      serving: '1.3.0',
    },
    expect.objectContaining({ type: 'drift.cleared', serving: '1.2.0' }),
  ])
})

test('holds are exported for a CI job: those in force, with their reasons', async () => {
  const cwd = temporaryFolder('holds')
  const hold = (version: string, until?: string) => ({
    version: version as never,
    reason: 'leaks',
    by: 'ana',
    at: '2026-02-01T18:00:00Z',
    ...(until === undefined ? {} : { until }),
  })
  const history = { ...aHistory(), held: [hold('v1.3.0'), hold('v1.1.0', '2020-01-01T00:00:00Z')] }
  const engine = scriptedEngine({ overview: () => Promise.resolve(overviewOf(history)) })

  const { exitCode } = await cli(['versions', 'hold', '--export', 'holds.json'], { engine, cwd })

  expect(exitCode).toBe(0)
  expect(JSON.parse(readFileSync(join(cwd, 'holds.json'), 'utf8'))).toEqual({
    schema: 1,
    app: 'myapp',
    environment: 'production',
    held: [hold('v1.3.0')],
  })
})

test.each([[[]], [['v1.3.0', '--export', 'holds.json']]])(
  'hold takes a version or a file: %j is refused',
  async (args) => {
    const { exitCode, stderr } = await cli(['versions', 'hold', ...args])

    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('either a version to hold or --export FILE')])
  },
)
