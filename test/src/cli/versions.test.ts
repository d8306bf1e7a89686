import { expect, test } from 'vitest'
import { aDeployment, aHistory, version } from '../../support/builders/a-history.ts'
import { cli } from '../../support/harness/cli-harness.ts'
import { overviewOf, scriptedEngine } from '../../support/engine/scripted-engine.ts'

test('the list is aligned, newest first, and says what is held and pinned', async () => {
  const held = [{ version: version('v1.1.0'), reason: 'leaks', at: '2026-01-03T00:00:00Z' }]
  const deployments = [
    aDeployment('v1.3.0', { id: 12, status: 'active' }),
    aDeployment('v1.1.0', { id: 9, pinned: true, commit: '界' }),
  ]
  const engine = scriptedEngine({ overview: () => Promise.resolve(overviewOf(aHistory({ deployments, held }))) })

  const { exitCode, stdout } = await cli(['versions', 'list'], { engine })

  expect(exitCode).toBe(0)
  expect(stdout).toBe(
    [
      '   ID  VERSION  STATUS      KIND    DEPLOYED              COMMIT  PACKAGES  NOTES',
      '  @12  v1.3.0   active      deploy  2026-02-01T18:00:00Z  abc123         2',
      '   @9  v1.1.0   superseded  deploy  2026-02-01T18:00:00Z  界             2  held: leaks; pinned',
      '',
    ].join('\n'),
  )
})

test('a limited list says how many older ones there are', async () => {
  const { stdout } = await cli(['versions', 'list', '-n', '1'])

  expect(stdout).toContain('v1.3.0')
  expect(stdout).not.toContain('v1.2.0')
  expect(stdout).toContain('2 older')
})

test('an empty history says what to do', async () => {
  const engine = scriptedEngine({ overview: () => Promise.resolve(overviewOf(aHistory({ deployments: [] }))) })

  const { exitCode, stdout } = await cli(['versions', 'list'], { engine })

  expect(exitCode).toBe(0)
  expect(stdout).toContain('bagboy-tui record --version V')
})

test('one entry is shown by version or by id, with its pins', async () => {
  const byVersion = await cli(['versions', 'show', '1.2.0'])
  const byId = await cli(['versions', 'show', '@2'])

  expect(byVersion.stdout).toMatch(/^v1\.2\.0 {2}@2\n/u)
  expect(byVersion.stdout).toMatch(/npm +myapp +https:\/\/npm\.example\.com +deployed +v1\.2\.0/u)
  expect(byId.stdout).toBe(byVersion.stdout)
})

test('an entry that does not exist is a usage error with the nearest one', async () => {
  const { exitCode, stderr } = await cli(['versions', 'compare', 'v1.2.0', 'v7'])

  const near = await cli(['versions', 'show', '1.2.l'])

  expect(exitCode).toBe(2)
  expect(stderr).toContain('The history has no deployment "v7".')
  expect(stderr).toContain('bagboy-tui versions list')
  expect(near.stderr).toContain('Did you mean v1.2.0?')
})

test('a comparison shows both sides and counts the changes', async () => {
  const table = await cli(['versions', 'compare', 'v1.2.0', 'v1.3.0'])
  const json = await cli(['versions', 'compare', 'v1.2.0', 'v1.3.0', '-o', 'json'])

  expect(table.stdout).toMatch(/commit +def456 +abc123 +changed/u)
  expect(JSON.parse(json.stdout)).toMatchObject({ left: { version: 'v1.2.0' }, right: { version: 'v1.3.0' } })
})

test('prune previews with --dry-run, asks on a terminal, and takes no for an answer', async () => {
  const engine = scriptedEngine()
  const argv = ['versions', 'prune', '--keep=1']

  const preview = await cli([...argv, '--dry-run'], { engine })
  const refused = await cli(argv, { engine, isTerminal: true, typed: ['n'] })
  const called = engine.calls.map(([name]) => name)
  const agreed = await cli(argv, { engine, isTerminal: true, typed: ['yes'] })

  expect(preview.stdout).toMatch(/@1 +v1\.1\.0 +prune/u)
  expect(refused.exitCode).toBe(12)
  expect(called).not.toContain('prune')
  expect(agreed.exitCode).toBe(0)
  expect(engine.calls).toContainEqual(['prune', { keep: 1, ids: null }])
})

test('prune keeps what the configuration says unless told otherwise', async () => {
  const engine = scriptedEngine()

  const { exitCode, stdout } = await cli(['versions', 'prune', '--yes'], { engine })

  expect(exitCode).toBe(0)
  expect(engine.calls).toEqual([['planPrune', { keep: 25, ids: null }]])
  expect(stdout).toContain('Nothing to prune: all 3 entries stay.')
})

test.each([
  [['pin', 'v1.2.0'], { mark: 'pin', version: 'v1.2.0' }],
  [['unpin', 'v1.2.0'], { mark: 'unpin', version: 'v1.2.0' }],
  [['hold', 'v1.2.0', '--reason', 'leaks'], { mark: 'hold', version: 'v1.2.0', reason: 'leaks' }],
  [['unhold', 'v1.2.0'], { mark: 'unhold', version: 'v1.2.0', reason: '' }],
])('versions %j asks the engine for that mark', async (argv, request) => {
  const engine = scriptedEngine()

  const { exitCode, stdout } = await cli(['versions', ...argv], { engine })

  expect(exitCode).toBe(0)
  expect(engine.calls).toEqual([['mark', request]])
  expect(stdout).toBe('v1.2.0 is not pinned, not held.\n')
})

test('a hold without a reason is refused', async () => {
  const { exitCode, stderr } = await cli(['versions', 'hold', 'v1.2.0'])

  expect(exitCode).toBe(5)
  expect(stderr).toContain('error REASON_REQUIRED')
})
