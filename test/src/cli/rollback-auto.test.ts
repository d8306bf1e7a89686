import { describe, expect, test } from 'vitest'
import { anHttpCheck } from '../../support/builders/a-probe.ts'
import { failures } from '../../support/builders/health-facts.ts'
import { cli, startCli, type CliSetting } from '../../support/harness/cli-harness.ts'
import { auto, aWatchedProject, type WatchedProject } from '../../support/projects/watched-project.ts'

const settingOf = ({ engine, config, platform }: WatchedProject, parts: Partial<CliSetting> = {}): CliSetting => ({
  engine,
  config,
  platform,
  ...parts,
})

const document = (stdout: string): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>

/** What the registries serve. */
const served = ({ world }: WatchedProject): string => world.registry('one').tags.latest

describe('rollback --auto', () => {
  test('of a healthy release has nothing to do', async () => {
    const project = await aWatchedProject()

    const { exitCode, stdout } = await cli(['rollback', '--auto', '-o', 'json'], settingOf(project))

    expect(exitCode).toBe(0)
    expect(document(stdout)).toMatchObject({ result: 'nothing-to-do', health: 'passing', version: 'v1.3.0' })
    expect(served(project)).toBe('v1.3.0')
  })

  test('writes down that nothing came of it, and the same again only once', async () => {
    const project = await aWatchedProject()
    await cli(['rollback', '--auto'], settingOf(project))
    const [first] = (await project.readHistory()).deployments
    await cli(['rollback', '--auto'], settingOf(project))
    const [second] = (await project.readHistory()).deployments

    expect(first).toMatchObject({
      version: 'v1.3.0',
      status: 'active',
      healthDecision: { result: 'quiet', why: 'no trigger was met', conditions: [{ kind: 'health_check_failures' }] },
    })
    expect(second).toEqual(first)
  })

  test('of a bad one rolls back, watches the old version, and ends complete and healthy', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')

    const { exitCode, stdout, stderr } = await cli(['rollback', '--auto'], settingOf(project))
    const [entry] = (await project.readHistory()).deployments

    expect(exitCode).toBe(0)
    expect(stdout).toContain('Complete, healthy: v1.2.0.')
    expect(stderr).toMatch(/trigger +login fails 1 of 3 \(500\)/u)
    expect(stderr).toMatch(/triggered +login fails 3 of 3 \(500\)/u)
    expect(stderr).not.toContain('Any key stops it')
    expect(served(project)).toBe('v1.2.0')
    expect(entry).toMatchObject({
      version: 'v1.2.0',
      healthVerdict: 'healthy',
      healthWatched: '10m',
      trigger: { kind: 'health_check_failures', check: 'login' },
    })
  })

  test('ends with 11 when the old version turns out to be unhealthy', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')
    const watched = { ...project.world.seen }
    project.world.seen.onWrite = (write) => {
      watched.onWrite(write)
      if (write.tag === 'stable') project.bad.add('1.2.0')
    }

    const { exitCode, stdout } = await cli(['rollback', '--auto', '-o', 'json'], settingOf(project))
    const [entry] = (await project.readHistory()).deployments

    expect(exitCode).toBe(11)
    expect(document(stdout)).toMatchObject({ result: 'complete', exitCode: 11, health: { verdict: 'unhealthy' } })
    expect(entry).toMatchObject({ version: 'v1.2.0', status: 'active', healthVerdict: 'unhealthy' })
  })

  test('refuses with 5 when the old version fails as well, and says that it is not the deploy', async () => {
    const project = await aWatchedProject({
      checks: [anHttpCheck('http://service/${version}/health', { name: 'login', target: 'all' })],
    })
    project.bad.add('1.3.0').add('1.2.0')

    const { exitCode, stderr } = await cli(['rollback', '--auto'], settingOf(project))

    expect(exitCode).toBe(5)
    expect(stderr).toContain('This is probably not your deploy: v1.2.0 is as bad. login: 500 now, 500 on v1.2.0.')
    expect(served(project)).toBe('v1.3.0')
  })

  test('counts down on a terminal, and any key stops it: exit 12, nothing changed', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')

    const { exitCode, stderr } = await cli(
      ['rollback', '--auto'],
      settingOf(project, { isTerminal: true, typed: ['x'] }),
    )

    expect(exitCode).toBe(12)
    expect(stderr).toContain('Rolling back to v1.2.0 in  10 s. Any key stops it.')
    expect(stderr).toContain('AUTO_VETOED')
    expect(served(project)).toBe('v1.3.0')
  })

  test('runs when the countdown is over', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')

    const { exitCode, stderr } = await cli(['rollback', '--auto'], settingOf(project, { isTerminal: true }))

    expect([exitCode, served(project)]).toEqual([0, 'v1.2.0'])
    expect(stderr).toContain('Any key stops it')
  })

  test.each([
    ['no terminal: exit 9', {}, [], 9, 'APPROVAL_MISSING', 'v1.3.0'],
    ['a person says no: exit 12', {}, ['n'], 12, 'ABORTED', 'v1.3.0'],
    ['a person says yes', {}, ['y'], 0, 'Roll back from v1.3.0 to v1.2.0?', 'v1.2.0'],
  ] as const)('proposes where the mode says so; %s', async (_what, parts, typed, exitCode, said, version) => {
    const project = await aWatchedProject(auto({ mode: 'propose', ...parts }))
    project.bad.add('1.3.0')

    const result = await cli(['rollback', '--auto'], settingOf(project, { isTerminal: typed.length > 0, typed }))

    expect([result.exitCode, served(project)]).toEqual([exitCode, version])
    expect(result.stderr).toContain(said)
  })

  test('is refused with 5 where the mode is off', async () => {
    const project = await aWatchedProject(auto({ mode: 'off' }))
    project.bad.add('1.3.0')

    const { exitCode, stderr } = await cli(['rollback', '--auto'], settingOf(project))

    expect(exitCode).toBe(5)
    expect(stderr).toContain('AUTO_SUPPRESSED')
  })

  test('only proposes within the cooldown: exit 5 where nobody can be asked', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')
    await cli(['rollback', '--auto', '--health-window', '0s'], settingOf(project))
    project.bad.add('1.2.0')

    const again = await cli(['rollback', '--auto'], settingOf(project))

    expect(again.exitCode).toBe(5)
    expect(again.stderr).toMatch(
      /AUTO_SUPPRESSED.* v1\.2\.0 → v1\.1\.0 is only proposed: the last automatic rollback/su,
    )
    expect(served(project)).toBe('v1.2.0')
  })

  test('does nothing when nothing can be said: exit 5', async () => {
    const project = await aWatchedProject()
    project.outage.isOn = true

    const { exitCode, stderr } = await cli(['rollback', '--auto'], settingOf(project))

    expect(exitCode).toBe(5)
    expect(stderr).toContain('HEALTH_INCONCLUSIVE')
  })

  test('needs a trigger', async () => {
    const project = await aWatchedProject({ triggers: [] })

    const { exitCode, stderr } = await cli(['rollback', '--auto'], settingOf(project))

    expect(exitCode).toBe(5)
    expect(stderr).toContain('names no trigger')
  })

  test.each([
    [['rollback', 'v1.2.0', '--auto'], '--auto decides by itself'],
    [['rollback', '--auto', '--dry-run'], '--auto decides by itself'],
    [['rollback', '--watch'], '--watch is only for --auto'],
    [['rollback', '--for', '30m'], '--for is only for --auto'],
    [['rollback', '--auto', '--for', '30m'], '--for and --until-healthy are only for --watch'],
    [['rollback', '--auto', '--watch', '--for', '30m', '--until-healthy'], 'exclude each other'],
    [['rollback', '--auto', '--watch', '--for', 'long'], '--for takes a duration'],
  ])('%j is refused', async (argv, said) => {
    const project = await aWatchedProject()

    const { exitCode, stderr } = await cli(argv, settingOf(project))

    expect(exitCode).toBe(2)
    expect(stderr).toContain(said)
  })
})

describe('rollback --auto --watch', () => {
  test('stays while the release is healthy and acts when it is not any more', async () => {
    const project = await aWatchedProject()
    project.onRequest.hook = (count) => {
      if (count === 30) project.bad.add('1.3.0')
    }

    const { exitCode, stdout } = await cli(['rollback', '--auto', '--watch', '-o', 'ndjson'], settingOf(project))
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type)

    expect([exitCode, served(project)]).toEqual([0, 'v1.2.0'])
    expect(events.filter((type) => type === 'watch.started')).toHaveLength(2)
    expect(events.indexOf('trigger.fired')).toBeLessThan(events.indexOf('run.started'))
    expect(events.indexOf('run.finished')).toBeLessThan(events.indexOf('watch.judged'))
  })

  test('ends with its signal', async () => {
    const project = await aWatchedProject()
    const running = startCli(['rollback', '--auto', '--watch'], settingOf(project))
    project.onRequest.hook = (count) => {
      if (count === 20) running.send('SIGTERM')
    }

    expect((await running.result).exitCode).toBe(143)
  })
})

describe('rollback --auto --watch with a bound', () => {
  test.each([['--for', '30m'], ['--until-healthy']])(
    '%s %s ends with 0 when the release was healthy',
    async (...bound) => {
      const project = await aWatchedProject()

      const { exitCode, stdout } = await cli(
        ['rollback', '--auto', '--watch', ...bound, '-o', 'json'],
        settingOf(project),
      )

      expect(exitCode).toBe(0)
      expect(document(stdout)).toMatchObject({ result: 'healthy', exitCode: 0, version: 'v1.3.0' })
      expect(served(project)).toBe('v1.3.0')
    },
  )

  test('rolls back when a trigger is met before the time is over', async () => {
    const project = await aWatchedProject()
    project.onRequest.hook = (count) => {
      if (count === 30) project.bad.add('1.3.0')
    }

    const { exitCode } = await cli(['rollback', '--auto', '--watch', '--for', '6h'], settingOf(project))

    expect([exitCode, served(project)]).toEqual([0, 'v1.2.0'])
  })

  test('ends with 11 when a check fails at the end and no trigger was met', async () => {
    const project = await aWatchedProject({ triggers: [{ number: 1, conditions: [failures(100_000)] }] })
    project.bad.add('1.3.0')

    const { exitCode } = await cli(['rollback', '--auto', '--watch', '--for', '1m'], settingOf(project))

    expect([exitCode, served(project)]).toEqual([11, 'v1.3.0'])
  })
})

describe('a rollback by hand', () => {
  test('watches the version it went back to as well; --health-window 0s does not', async () => {
    const [first, second] = [await aWatchedProject(), await aWatchedProject()]

    const watched = await cli(['rollback', '--yes'], settingOf(first))
    const unwatched = await cli(['rollback', '--yes', '--health-window=0s'], settingOf(second))

    expect([watched.exitCode, unwatched.exitCode]).toEqual([0, 0])
    expect(watched.stdout).toContain('Complete, healthy')
    expect(unwatched.stdout).not.toContain('ealthy')
    expect((await second.readHistory()).deployments[0]?.healthVerdict).toBeUndefined()
  })

  test('that is interrupted while it watches stays complete, and its health is not known', async () => {
    const project = await aWatchedProject()
    const running = startCli(['rollback', '--yes', '-o', 'json'], settingOf(project))
    project.onRequest.hook = (count) => {
      if (count === 3) running.send('SIGINT')
    }

    const { exitCode, stdout } = await running.result

    expect(exitCode).toBe(130)
    expect(document(stdout)).toMatchObject({ result: 'complete', health: { verdict: 'unknown' } })
    expect(served(project)).toBe('v1.2.0')
  })

  test('says in its dry run how long a bad release may be live at worst', async () => {
    const project = await aWatchedProject()

    const { stderr } = await cli(['rollback', '--dry-run'], settingOf(project))

    expect(stderr).toContain('Trigger 1 (health_check_failures) is met at most 40s after the release went bad')
  })
})
