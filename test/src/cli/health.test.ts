import { describe, expect, test } from 'vitest'
import { anHttpCheck } from '../../support/builders/a-probe.ts'
import { cli, startCli, type CliSetting } from '../../support/harness/cli-harness.ts'
import { aWatchedProject, type WatchedProject } from '../../support/projects/watched-project.ts'

const settingOf = ({ engine, config, platform }: WatchedProject): CliSetting => ({ engine, config, platform })

describe('health', () => {
  test('asks every check once and shows what it found, with the raw evidence of what fails', async () => {
    const project = await aWatchedProject()
    project.bad.add('1.3.0')

    const { exitCode, stdout } = await cli(['health'], settingOf(project))

    expect(exitCode).toBe(0)
    expect(stdout).toContain('1 of 1 failing  hello v1.3.0 in production')
    expect(stdout).toMatch(/login +v1\.3\.0 +failing +\S+ +1 +500/u)
    expect(stdout).toMatch(/version +v1\.2\.0 \(preview\) +passing +\S+ +1 +200/u)
    expect(stdout).toMatch(/1 +health_check_failures +1 +≥ 3 +1 of 3/u)
    expect(stdout).toMatch(/GET http:\/\/service\/health\n +500 in \d+ ms/u)
    expect(project.asked).toHaveLength(2)
  })

  test('is data for scripts', async () => {
    const project = await aWatchedProject()

    const { stdout } = await cli(['health', '-o', 'json'], settingOf(project))

    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      version: 'v1.3.0',
      target: 'v1.2.0',
      health: 'passing',
      critical: 1,
      failing: 0,
      checks: [
        { check: 'login', role: 'live', state: 'passing', last: { verdict: 'passing', detail: '200' } },
        { check: 'version', role: 'target', place: 'preview' },
      ],
    })
  })

  test.each([
    ['healthy', () => undefined, 0],
    ['bad', (project: WatchedProject) => void project.bad.add('1.3.0'), 5],
    ['silent', (project: WatchedProject) => void (project.outage.isOn = true), 6],
    ['only the target is bad', (project: WatchedProject) => void project.bad.add('1.2.0'), 0],
  ])('--gate is open or closed: %s', async (_what, change, exitCode) => {
    const project = await aWatchedProject()
    change(project)

    expect((await cli(['health', '--gate'], settingOf(project))).exitCode).toBe(exitCode)
  })

  test('--gate is closed where no critical check exists', async () => {
    const project = await aWatchedProject({
      checks: [anHttpCheck('http://service/health', { severity: 'warning' })],
    })

    expect((await cli(['health', '--gate'], settingOf(project))).exitCode).toBe(6)
  })

  test('--watch stays, says what changes, and ends with its signal and the last state', async () => {
    const project = await aWatchedProject()
    const running = startCli(['health', '--watch'], settingOf(project))
    project.onRequest.hook = (count) => {
      if (count === 10) project.bad.add('1.3.0')
      if (count === 30) project.bad.clear()
      if (count === 50) running.send('SIGINT')
    }

    const { exitCode, stdout, stderr } = await running.result

    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/failing +login +500/u)
    expect(stderr).toMatch(/passing +login +200/u)
    expect(stdout).toContain('1 of 1 passing')
  })

  test('needs something to watch', async () => {
    const project = await aWatchedProject({ checks: [] })

    const { exitCode, stderr } = await cli(['health'], settingOf(project))

    expect(exitCode).toBe(5)
    expect(stderr).toContain('names nothing that could be watched')
  })
})
