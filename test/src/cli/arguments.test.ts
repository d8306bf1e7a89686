import { expect, test } from 'vitest'
import { COMMANDS } from '../../../src/cli/commands/index.ts'
import { cli } from '../../support/harness/cli-harness.ts'
import { scriptedEngine } from '../../support/engine/scripted-engine.ts'

test.each(COMMANDS.map(({ name }) => name))(
  '%s --help shows the usage, the global flags and an example',
  async (name) => {
    const { exitCode, stdout, stderr } = await cli([...name.split(' '), '--help'])

    expect(exitCode).toBe(0)
    expect(stdout).toContain(`Usage: bagboy-tui ${name} `)
    expect(stdout).toMatch(/--config <file>[\s\S]*--cwd <folder>[\s\S]*--env <name>[\s\S]*--no-color[\s\S]*--debug/u)
    expect(stdout).toContain(`Examples:\n  bagboy-tui ${name}`)
    expect(stderr).toBe('')
  },
)

test('help is for the program under which it was started', async () => {
  const { stdout } = await cli(['rollback', '--help'], { program: 'bagboy' })

  expect(stdout).toContain('Usage: bagboy rollback ')
})

test('the version is printed alone', async () => {
  expect(await cli(['--version'])).toMatchObject({ exitCode: 0, stdout: '9.8.7\n', stderr: '' })
})

test.each([
  [['rolback'], "Unknown command 'rolback'.", 'Did you mean rollback?'],
  [['versions', 'lst'], "Unknown command 'lst'.", 'Did you mean list?'],
  [['rollback', '--dryrun'], "Unknown option '--dryrun'.", 'Did you mean --dry-run?'],
  [['status', '--confg', 'x'], "Unknown option '--confg'.", 'Did you mean --config?'],
])('%j is refused with the nearest name and nothing is opened', async (argv, message, hint) => {
  const engine = scriptedEngine()

  const { exitCode, stdout, stderr } = await cli(argv, { engine })

  expect(exitCode).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(message)
  expect(stderr).toContain(hint)
  expect(engine.calls).toEqual([])
})

test.each([
  ['an argument too many', ['apply', 'a', 'b'], 'Too many arguments'],
  ['a missing argument', ['apply'], "Missing required argument 'PLAN'"],
  ['an unknown format', ['status', '-o', 'xml'], 'Allowed choices are table, json, yaml, ndjson.'],
  ['a count that is none', ['versions', 'prune', '--keep', 'ten'], '--keep takes a whole number, not "ten"'],
  ['a duration that is none', ['rollback', '--lock-wait', 'soon'], '--lock-wait takes a duration such as 30s'],
  ['two targets', ['rollback', 'v1.1.0', '--version', 'v1.2.0'], 'Two targets are given'],
  ['an override without a reason', ['rollback', '--override', 'V05'], 'An override needs a reason'],
  ['a package without a registry', ['record', '--version', 'v1', '--package', 'npm'], 'format=registry, not "npm"'],
  ['an epoch that is none', ['lock', 'release', 'abc', '--reason', 'x'], 'An epoch is a whole number'],
])('%s ends with exit code 2 before anything is opened', async (_title, argv, message) => {
  let openCount = 0
  const openApp = () => {
    openCount += 1
    return Promise.reject(new Error('opened'))
  }

  const { exitCode, stderr } = await cli(argv, { openApp })

  expect(exitCode).toBe(2)
  expect(stderr).toContain(message)
  expect(openCount).toBe(0)
})

test('limits of the command line replace those of the configuration', async () => {
  const places: unknown[] = []
  const openApp = (place: unknown) => {
    places.push(place)
    return Promise.reject(new Error('enough'))
  }

  await cli(['rollback', '--yes', '--lock-wait', '30s', '--timeout', '10m'], { openApp })

  expect(places).toEqual([{ cwd: '/project', lockWaitMs: 30_000, stepTimeoutMs: 600_000 }])
})

test('a group without a command prints its help and exits 2', async () => {
  const { exitCode, stderr } = await cli(['versions'])

  expect(exitCode).toBe(2)
  expect(stderr).toContain('compare <A> <B>')
})

test('global flags count before and after the command', async () => {
  const places: unknown[] = []
  const openApp = (place: unknown) => {
    places.push(place)
    return Promise.reject(new Error('enough'))
  }

  await cli(['--cwd', 'sub', '--env', 'staging', 'status', '--config', 'other.yaml'], { openApp })

  expect(places).toEqual([{ cwd: '/project/sub', configFile: '/project/other.yaml', environment: 'staging' }])
})

test('without a command and without a terminal the help goes to stderr with exit code 2', async () => {
  const { exitCode, stdout, stderr, launches } = await cli([])

  expect([exitCode, stdout, launches]).toEqual([2, '', []])
  expect(stderr).toContain('Usage: bagboy-tui')
})

test('without a command on a terminal the full-screen app opens', async () => {
  const { exitCode, launches } = await cli(['--env', 'staging'], { isTerminal: true })

  expect(exitCode).toBe(0)
  expect(launches).toEqual([
    {
      projectOptions: { cwd: '/project', environment: 'staging' },
      rollback: null,
      isDemo: false,
      hasColor: true,
      program: 'bagboy-tui',
    },
  ])
})

test('the demo opens the app in a sandbox, and needs a terminal', async () => {
  const on = await cli(['demo'], { isTerminal: true })
  const other = await cli(['demo', '--scenario', 'blue-green'], { isTerminal: true })
  const off = await cli(['demo'])

  expect(on.launches).toMatchObject([{ projectOptions: { cwd: '/project' }, rollback: null, isDemo: true }])
  expect(on.launches[0]).not.toHaveProperty('scenario')
  expect(other.launches).toMatchObject([{ isDemo: true, scenario: 'blue-green' }])
  expect(off).toMatchObject({ exitCode: 2, launches: [] })
  expect(off.stderr).toContain('NO_TERMINAL')
})
