import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { builtProgram, runProgram, startProgram } from '../../support/harness/built-program.ts'
import {
  createDeployProject,
  type DeployProject,
  type DeployProjectOptions,
} from '../../support/projects/deploy-project.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { until } from '../../support/clocks/until.ts'

const missing = missingHaproxy()
const program = builtProgram('bagboy-tui')
const DEPLOY = ['deploy', '--version', 'v1.4.0', '--commit', 'abc1234', '--yes'] as const

async function aProject(options: DeployProjectOptions = {}): Promise<DeployProject> {
  const project = await createDeployProject(options)
  onTestFinished(() => project.close())
  return project
}

const run = ({ root }: DeployProject, ...argv: readonly string[]) =>
  runProgram(program, argv, { cwd: root, env: { NO_COLOR: '1' } })

const json = (text: string): unknown => JSON.parse(text)

describe.skipIf(missing)(`deploy and traffic ${missing ?? ''}`, () => {
  test('deploy from the dry run to the slot that is kept', async () => {
    const project = await aProject()

    const dry = await run(project, ...DEPLOY, '--dry-run')
    const untouched = await project.split()
    const done = await run(project, ...DEPLOY)
    const status = await run(project, 'traffic', 'status')
    const document = await run(project, 'traffic', 'status', '-o', 'json')
    const history = await run(project, 'versions', 'show', 'v1.4.0', '-o', 'json')

    expect([dry.exitCode, untouched.green]).toEqual([0, 0])
    expect(dry.stdout)
      .toBe(`Deploy v1.4.0 to green; v1.3.0 is live  haproxy: blue 100 %, green 0 %, if it is bad: all traffic back
  1. deploy command
  2. health checks of the slot
  3. traffic 10 %
  4. analysis errors
  5. traffic 50 %
  6. analysis errors
  7. traffic 100 %
  8. history
  9. watch 600ms
`)
    expect(done).toMatchObject({
      exitCode: 0,
      stdout: 'promoted: v1.4.0 has all of the traffic on green, healthy for 600ms\n',
    })
    expect(done.stderr).toContain('read back  blue 50 %, green 50 %')
    expect(status.stdout).toMatch(/green {2}v1\.4\.0 {3}100 %/u)
    expect(status.stdout).toMatch(/blue {3}v1\.3\.0 {5}0 %.*to go back to, for (?:59m|1h)/u)
    expect(json(document.stdout)).toMatchObject({
      provider: 'haproxy',
      split: { blue: 0, green: 100 },
      slots: { green: { version: 'v1.4.0', percent: 100 }, blue: { version: 'v1.3.0', percent: 0 } },
      open: null,
    })
    expect(json(history.stdout)).toMatchObject({ version: 'v1.4.0', healthVerdict: 'healthy' })
  })

  test('a version that fails its analysis ends with 11, is held, and is refused with 5', async () => {
    const project = await aProject({ measurements: 20 })
    const started = startProgram(program, [...DEPLOY, '-o', 'ndjson'], { cwd: project.root })
    await until(
      'half of the traffic',
      () => started.stdout().includes('"split":{"blue":50,"green":50},"status"'),
      30_000,
    )
    project.services.bad.add('green')

    const { exitCode, stdout } = await started.finished
    const again = await run(project, ...DEPLOY, '-o', 'json')

    expect(exitCode).toBe(11)
    expect(json(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'deploy.finished', result: 'reverted' })
    expect(again.exitCode).toBe(5)
    expect(json(again.stdout)).toMatchObject({ error: { code: 'TARGET_UNSAFE' }, exitCode: 5 })
  })

  test('another terminal pauses, lets through and ends; the exit codes say so', async () => {
    const project = await aProject({
      traffic: { steps: [{ weight: 10 }, { pause: {} }, { weight: 40 }, { pause: {} }] },
    })
    const started = startProgram(program, [...DEPLOY], { cwd: project.root, env: { NO_COLOR: '1' } })
    const first = '"type":"stage.started","stage":3'
    const { engine } = await project.open()
    const saysOf = async (text: string): Promise<boolean> => {
      const [open] = await engine.openDeploys()
      return open ? JSON.stringify((await engine.readDeploy(open.id)).events).includes(text) : false
    }
    await until('the first pause', () => saysOf(first), 30_000)

    const status = await run(project, 'traffic', 'status')
    const nonsense = await run(project, 'traffic', 'resume', '--theirs')
    const second = await run(project, ...DEPLOY, '-o', 'json')
    const shift = await run(project, 'traffic', 'shift', '50', '--yes')
    const paused = await run(project, 'traffic', 'pause', '--reason', 'let me look')
    const held = await run(project, 'traffic', 'status')
    const resumed = await run(project, 'traffic', 'resume', '-o', 'json')
    const promoted = await run(project, 'traffic', 'promote', '--reason', 'looks good')
    await until('the second pause', () => saysOf('"type":"stage.started","stage":5'), 30_000)
    const aborted = await run(project, 'traffic', 'abort', '--yes', '--reason', 'wrong version')
    const ended = await started.finished

    expect(status.stdout).toContain('Deploy of v1.4.0 to green  4 of 9: pause: a person')
    expect(status.stdout).toContain('bagboy-tui traffic promote')
    expect([nonsense.exitCode, nonsense.stderr]).toEqual([
      5,
      expect.stringContaining(
        'the deploy of v1.4.0 does not accept take-theirs: the traffic was not changed from outside',
      ) as string,
    ])
    expect([second.exitCode, shift.exitCode]).toEqual([5, 5])
    expect(shift.stderr).toContain('The deploy of v1.4.0')
    expect([paused.exitCode, paused.stdout.split('\n')[0]]).toEqual([0, 'the deploy of v1.4.0: starts nothing further'])
    expect(held.stdout).toContain('paused at 4 of 9: pause: a person')
    expect([resumed.exitCode, json(resumed.stdout)]).toMatchObject([0, { command: 'resume', status: 'obeyed' }])
    expect([promoted.exitCode, promoted.stdout]).toEqual([
      0,
      'the deploy of v1.4.0: let through\nWatch it: bagboy-tui traffic status --watch\n',
    ])
    expect([aborted.exitCode, aborted.stdout]).toEqual([
      0,
      'aborted: ended: wrong version. The traffic stands at blue 100 %, green 0 %\n',
    ])
    expect(ended.exitCode).toBe(12)
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
  })

  test('a signal leaves the deploy open; started again it goes on', async () => {
    const project = await aProject({ traffic: { steps: [{ weight: 10 }, { pause: '2s' }] } })
    const started = startProgram(program, [...DEPLOY, '-o', 'ndjson'], { cwd: project.root })
    await until('the pause', () => started.stdout().includes('"type":"stage.started","stage":3'), 30_000)
    started.child.kill('SIGTERM')
    const left = await started.finished
    const status = await run(project, 'traffic', 'status')
    const other = await run(project, 'deploy', '--version', 'v1.5.0', '--commit', 'x', '--yes')

    const again = await run(project, ...DEPLOY)

    expect(left.exitCode).toBe(143)
    expect(status.stdout).toContain('No process works on it')
    expect([other.exitCode, other.stderr]).toEqual([5, expect.stringContaining('is not over') as string])
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('promoted: v1.4.0') as string])
    expect(again.stderr).toContain('is still open; it is resumed.')
  })

  test('a slot that would be gone back to is broken: 5, and what to do then', async () => {
    const project = await aProject({ traffic: { steps: [{ weight: 50 }, { analysis: 'errors' }] }, measurements: 20 })
    const started = startProgram(program, [...DEPLOY, '-o', 'ndjson'], { cwd: project.root })
    await until('half of the traffic', () => started.stdout().includes('"status":"moved"'), 30_000)
    project.services.bad.add('green')
    project.services.bad.add('blue')
    const stopped = await started.finished
    const status = await run(project, 'traffic', 'status')
    const still = await run(project, 'traffic', 'resume', '-o', 'json')
    project.services.bad.delete('blue')

    const resumed = await run(project, 'traffic', 'resume', '-o', 'json')

    expect([stopped.exitCode, stopped.stdout]).toEqual([5, expect.stringContaining('other-slot-failing') as string])
    expect(status.stdout).toContain('It waits for you: the traffic is not sent back: blue fails its own checks')
    expect([still.exitCode, json(still.stdout)]).toMatchObject([5, { result: 'open', split: { blue: 50, green: 50 } }])
    expect([resumed.exitCode, json(resumed.stdout)]).toMatchObject([11, { result: 'reverted', split: { green: 0 } }])
  })

  test('traffic is moved by hand, after the checks of the slot that gains', async () => {
    const project = await aProject()

    const shifted = await run(project, 'traffic', 'shift', '30', '--yes', '-o', 'json')
    const same = await run(project, 'traffic', 'shift', '30', '--yes')
    const back = await run(project, 'traffic', 'shift', '0', '--yes')
    const switched = await run(project, 'traffic', 'switch', '--yes', '--reason', 'blue is full', '-o', 'json')
    const { deployments } = await project.history()
    project.services.bad.add('blue')
    const refused = await run(project, 'traffic', 'switch', '--yes', '-o', 'json')
    const nonsense = await run(project, 'traffic', 'shift', '101')

    expect([shifted.exitCode, json(shifted.stdout)]).toMatchObject([0, { result: 'shifted', split: { green: 30 } }])
    expect([same.exitCode, same.stdout]).toEqual([0, 'The traffic stands at blue 70 %, green 30 % already.\n'])
    expect([back.exitCode, back.stdout]).toEqual([0, 'shifted: the traffic stands at blue 100 %, green 0 %\n'])
    expect([switched.exitCode, json(switched.stdout)]).toMatchObject([0, { result: 'shifted', split: { green: 100 } }])
    expect(deployments[0]).toMatchObject({
      version: 'v1.2.0',
      from: 'v1.3.0',
      status: 'active',
      reason: 'blue is full',
    })
    expect([refused.exitCode, json(refused.stdout)]).toMatchObject([5, { result: 'refused', split: { green: 100 } }])
    expect(nonsense.exitCode).toBe(2)
  })

  test.for([
    [['traffic', 'promote'], 5, 'No deploy is open.'],
    [['traffic', 'shift', 'all'], 2, 'whole percent'],
    [['traffic', 'shift', '10'], 2, 'no terminal to ask on'],
    [['deploy', '--version', 'not a version', '--yes'], 2, 'is not a version'],
  ] as const)('%s ends with %i', async ([argv, code, text]) => {
    const project = await aProject()

    const { exitCode, stderr } = await run(project, ...argv)

    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(text) as string])
  })

  test('without a balancer, and with one that is described wrongly, nothing is done: 4', async () => {
    const project = await aProject()
    const file = join(project.root, 'bagboy.yaml')
    writeFileSync(file, 'name: shop\ndeployment: { environment: production }\n')
    const none = await run(project, 'traffic', 'status')
    writeFileSync(file, 'name: shop\ndeployment: { blue_green: { traffic: { provider: haproxy, sockets: x } } }\n')
    const wrong = await run(project, ...DEPLOY)

    expect([none.exitCode, none.stderr]).toEqual([4, expect.stringContaining('names no balancer') as string])
    expect([wrong.exitCode, wrong.stderr]).toEqual([4, expect.stringContaining('bagboy.yaml:2') as string])
  })

  test('a balancer that is down: 6, named, and nothing is left behind', async () => {
    const project = await aProject()
    await project.balancer.close()

    const down = await run(project, ...DEPLOY, '-o', 'json')

    expect([down.exitCode, json(down.stdout)]).toMatchObject([6, { error: { code: 'REGISTRY_UNREACHABLE' } }])
    expect(await (await project.open()).engine.deploys()).toEqual([])
  })
})
