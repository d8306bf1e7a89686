import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { RollbackPlan } from '../../../src/domain/plan.ts'
import type { PrunePlan } from '../../../src/engine/engine.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'
import { startHaproxyBalancer, type HaproxyBalancer } from '../../support/servers/traffic-balancers.ts'
import { allAnswersFrom, createTrafficProject, type TrafficProject } from '../../support/projects/traffic-project.ts'

const missing = missingHaproxy()
const ROLL_BACK = ['rollback', 'v1.2.0', '--yes', '--reason', '5xx'] as const
const UNDO = ['runs', 'undo', '--yes', '--reason', 'not the release'] as const
const READY =
  '  health_checks: [{ name: ready, url: "http://${target_host}/health", target: all, retries: 0, interval: 100ms }]\n'
/** Watched for a moment after a run is complete. */
const BRIEF = `${READY}  analysis: { window: 500ms }\n`

describe.skipIf(missing !== undefined)(`traffic alone ${missing ?? ''}`, { timeout: 120_000 }, () => {
  const projects: TrafficProject<HaproxyBalancer>[] = []
  afterAll(() => Promise.all(projects.map((project) => project.close())))

  async function aProject(lines: { readonly deployment?: string; readonly blueGreen?: string } = {}) {
    const project = await createTrafficProject({ start: startHaproxyBalancer, ...lines })
    projects.push(project)
    return project
  }
  const writesOf = ({ balancer }: TrafficProject<HaproxyBalancer>) =>
    balancer.proxy.commands.filter((command) => command.startsWith('set '))

  test('a dry run writes nothing; a run sends everybody back; undo restores the split; status says who gets what', async () => {
    const project = await aProject()

    const dry = await project.bagboy('rollback', 'v1.2.0', '--dry-run', '--detailed-exitcode')
    const writesOfDryRun = writesOf(project)
    const rollback = await project.bagboy(...ROLL_BACK)
    const after = await project.served()
    const status = await project.bagboy('status')
    const undo = await project.bagboy('runs', 'undo', '--yes', '--reason', 'it was not the release')

    expect([dry.exitCode, writesOfDryRun]).toEqual([3, []])
    expect(dry.stdout).toMatch(/Send all traffic to blue, which runs 1\.2\.0; blue is kept warm until 20/u)
    expect(rollback.exitCode, rollback.stderr).toBe(0)
    expect(after).toEqual(allAnswersFrom('blue'))
    expect(status.stdout).toMatch(
      /traffic\s+myapp\s+haproxy\s+1\.2\.0\s+1\.2\.0\s+in-sync\s+blue 100 % v1\.2\.0, green 0 % v1\.3\.0/u,
    )
    const history = readFileSync(join(project.root, '.bagboy/deployment-history.yml'), 'utf8')
    expect(history).toMatch(
      /"traffic"\s+registry: "haproxy"\s+name: "myapp"\s+status: "deployed"\s+ref:\s+slot: "blue"\s/u,
    )
    expect(undo.exitCode, undo.stderr).toBe(0)
    expect(await project.served()).toEqual(allAnswersFrom('green'))
  })

  test('the commands that do the same by hand do the same', async () => {
    const project = await aProject()
    const { stdout } = await project.bagboy('rollback', 'v1.2.0', '--dry-run', '-o', 'json')

    const [step] = (JSON.parse(stdout) as RollbackPlan).steps
    const typed = step?.manual.map(
      (line) => /^echo "(?<command>[^"]+)" \| socat stdio /u.exec(line)?.groups?.['command'],
    )
    for (const command of typed ?? []) await project.balancer.server.command(command ?? '')

    expect(typed).toEqual(['set server app/app1 weight 100', 'set server app/app2 weight 0'])
    expect(await project.served()).toEqual(allAnswersFrom('blue'))
  })

  test('a share for the other slot is drift, and the held version in it is named', async () => {
    const project = await aProject()
    await project.bagboy(...ROLL_BACK)
    await project.balancer.weigh({ blue: 90, green: 10 })

    const { exitCode, stdout } = await project.bagboy('status', '--detailed-exitcode')

    expect(exitCode).toBe(3)
    expect(stdout).toMatch(/1\.3\.0\s+held-version\s+blue 90 % v1\.2\.0, green 10 % v1\.3\.0/u)
  })

  test('a plan that was made before somebody moved it by hand is stale, and theirs stays', async () => {
    const project = await aProject()
    await project.bagboy('rollback', 'v1.2.0', '--dry-run', '--plan-out', 'plan.json')
    await project.balancer.weigh({ blue: 50, green: 50 })

    const { exitCode, stderr } = await project.bagboy('apply', 'plan.json', '--yes')

    expect(exitCode, stderr).toBe(10)
    expect(stderr).toContain('traffic:myapp@haproxy')
    expect(writesOf(project)).toEqual([])
    expect((await project.served()).green).toBe(10)
  })

  test('an answer that is lost is no failure: what is read back decides', async () => {
    const project = await aProject()
    project.balancer.proxy.setMode('lose')

    const { exitCode, stderr } = await project.bagboy(...ROLL_BACK)

    expect(exitCode, stderr).toBe(0)
    expect(await project.served()).toEqual(allAnswersFrom('blue'))
  })

  test('a write that is swallowed is no success', async () => {
    const project = await aProject()
    project.balancer.proxy.setMode('swallow')

    const { exitCode, stderr } = await project.bagboy(...ROLL_BACK)

    expect(exitCode, stderr).toBe(6)
    expect(stderr).toContain('FAILED')
    expect(await project.served()).toEqual(allAnswersFrom('green'))
  })

  test('a balancer that is down leaves the run open; resume finishes it when it is back', async () => {
    const project = await aProject()
    await project.balancer.proxy.goDown()

    const failed = await project.bagboy(...ROLL_BACK)
    await project.balancer.proxy.goUp()
    const resumed = await project.bagboy('runs', 'resume', '--yes')

    expect(failed.exitCode, failed.stderr).toBe(6)
    expect(resumed.exitCode, resumed.stderr).toBe(0)
    expect(await project.served()).toEqual(allAnswersFrom('blue'))
  })

  test('a socket without the right to write stops the plan before anything is written', async () => {
    const project = await aProject()
    project.balancer.proxy.setUpstream(project.balancer.server.sockets.operator)

    const { exitCode, stderr } = await project.bagboy(...ROLL_BACK)

    expect(exitCode, stderr).toBe(5)
    expect(stderr).toContain('V28')
    expect(writesOf(project)).toEqual([])
    expect(readdirSync(join(project.root, '.bagboy'))).not.toContain('runs')
  })

  test.each(['effect:intended', 'effect:sending', 'effect:answered', 'effect:proved'])(
    'killed at %s: resume converges, and undo brings the captured split back',
    async (failpoint) => {
      const project = await aProject()

      await project.bagboyUntil(failpoint, ...ROLL_BACK)
      const resumed = await project.bagboy('runs', 'resume', '--yes')
      const served = await project.served()
      const undone = await project.bagboy('runs', 'undo', '--yes', '--reason', 'once more')

      expect(resumed.exitCode, resumed.stderr).toBe(0)
      expect(served).toEqual(allAnswersFrom('blue'))
      expect(undone.exitCode, undone.stderr).toBe(0)
      expect(await project.served()).toEqual(allAnswersFrom('green'))
    },
  )

  test('killed between the two weights of a slot that gains and one that loses: resume goes on, and so does undo', async () => {
    const project = await aProject()
    const halfWay = async () => {
      await project.bagboyUntil('effect:intended', ...ROLL_BACK)
      // What the write leaves behind when it is cut off in its middle.
      await project.balancer.weigh({ blue: 100, green: 100 })
    }

    await halfWay()
    const resumed = await project.bagboy('runs', 'resume', '--yes')
    const served = await project.served()
    await project.bagboy('runs', 'undo', '--yes', '--reason', 'for the second half')
    await halfWay()
    const undone = await project.bagboy('runs', 'undo', '--yes', '--reason', 'rather not')

    expect(resumed.exitCode, resumed.stderr).toBe(0)
    expect(served).toEqual(allAnswersFrom('blue'))
    expect(undone.exitCode, undone.stderr).toBe(0)
    expect(await project.served()).toEqual(allAnswersFrom('green'))
  })

  test('a slot that runs another version by now is left out, with what helps', async () => {
    const project = await aProject()
    await project.deploy('1.4.0', 'blue')

    const { exitCode, stdout } = await project.bagboy('rollback', 'v1.2.0', '--dry-run')

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/V30 warn\s+traffic: blue runs v1\.4\.0 now/u)
    expect(stdout).toContain('deploy v1.2.0 again to serve it')
    expect(stdout).toContain('Nothing to do')
  })

  test('the entry that says what a slot runs is never pruned', async () => {
    const project = await aProject()
    await project.deploy('1.4.0', 'blue')
    await project.deploy('1.5.0', 'green')
    await project.deploy('1.6.0', 'green')

    const { stdout } = await project.bagboy('versions', 'prune', '--keep', '1', '--dry-run', '-o', 'json')

    const { rows } = JSON.parse(stdout) as PrunePlan
    expect(rows.map(({ deployment, verdict, reason }) => [deployment.version, verdict, reason])).toEqual([
      ['v1.6.0', 'protected', 'live, cannot be pruned'],
      ['v1.5.0', 'protected', 'rollback target'],
      ['v1.4.0', 'protected', 'says what a slot runs'],
      ['v1.3.0', 'prune', 'older than keep'],
      ['v1.2.0', 'prune', 'older than keep'],
    ])
  })

  test('a slot the balancer sends nobody to is refused, whatever is overridden', async () => {
    const project = await aProject()
    await project.balancer.server.command('set server app/app1 state maint')

    const { exitCode, stderr } = await project.bagboy(...ROLL_BACK, '--override', 'V31')

    expect(exitCode, stderr).toBe(5)
    expect(stderr).toContain('V31')
    expect(await project.served()).toEqual(allAnswersFrom('green'))
  })

  test('a slot that fails its own checks is refused until somebody insists', async () => {
    const project = await aProject({ deployment: READY })
    project.services.bad.add('blue')

    const refused = await project.bagboy(...ROLL_BACK)
    const served = await project.served()
    const forced = await project.bagboy(...ROLL_BACK, '--override', 'V32')

    expect(refused.exitCode, refused.stderr).toBe(5)
    expect(refused.stderr).toMatch(/V32 blue, which runs v1\.2\.0, fails its own checks: ready@blue/u)
    expect(served).toEqual(allAnswersFrom('green'))
    // It was sent back and is watched there, where it fails on.
    expect(forced.exitCode, forced.stderr).toBe(11)
    expect(await project.served()).toEqual(allAnswersFrom('blue'))
  })

  test('a saved plan asks the slot again before anything moves, however new it is', async () => {
    const project = await aProject({ deployment: BRIEF })
    await project.bagboy('rollback', 'v1.2.0', '--dry-run', '--plan-out', 'plan.json')
    project.services.bad.add('blue')

    const refused = await project.bagboy('apply', 'plan.json', '--yes')
    const writesOfRefused = writesOf(project)
    project.services.bad.delete('blue')
    const applied = await project.bagboy('apply', 'plan.json', '--yes')

    expect(refused.exitCode, refused.stderr).toBe(10)
    expect(refused.stderr).toContain('the check V32 found ok when the plan was made and finds block now')
    expect(writesOfRefused).toEqual([])
    expect(applied.exitCode, applied.stderr).toBe(0)
    expect(await project.served()).toEqual(allAnswersFrom('blue'))
  })

  test('an undo asks the slot that it would send everybody back to', async () => {
    const project = await aProject({ deployment: BRIEF })
    await project.bagboy(...ROLL_BACK)
    project.services.bad.add('green')

    const refused = await project.bagboy(...UNDO)
    const served = await project.served()
    project.services.bad.delete('green')
    const undone = await project.bagboy(...UNDO)

    expect(refused.exitCode, refused.stderr).toBe(5)
    expect(refused.stderr).toMatch(/V32 green, which runs v1\.3\.0, fails its own checks: ready@green/u)
    expect(refused.stderr).toContain('bagboy-tui rollback v1.3.0')
    expect(served).toEqual(allAnswersFrom('blue'))
    expect(undone.exitCode, undone.stderr).toBe(0)
    expect(await project.served()).toEqual(allAnswersFrom('green'))
  })

  test('a run that is gone on with asks the slot before it sends everybody there', async () => {
    const project = await aProject({ deployment: BRIEF })
    await project.bagboyUntil('effect:intended', ...ROLL_BACK)
    project.services.bad.add('blue')

    const refused = await project.bagboy('runs', 'resume', '--yes')
    const served = await project.served()
    project.services.bad.delete('blue')
    const resumed = await project.bagboy('runs', 'resume', '--yes')

    expect(refused.exitCode, refused.stderr).toBe(5)
    expect(refused.stderr).toMatch(/V32 blue, which runs v1\.2\.0, fails its own checks: ready@blue/u)
    expect(served).toEqual(allAnswersFrom('green'))
    expect(resumed.exitCode, resumed.stderr).toBe(0)
    expect(await project.served()).toEqual(allAnswersFrom('blue'))
  })

  test('a run that is taken back half-way asks the slot it came from; what is there already is not asked about', async () => {
    const project = await aProject({ deployment: BRIEF })
    await project.bagboyUntil('effect:answered', ...ROLL_BACK)
    project.services.bad.add('green')

    const refused = await project.bagboy(...UNDO)
    const served = await project.served()
    const resumed = await project.bagboy('runs', 'resume', '--yes')

    expect(refused.exitCode, refused.stderr).toBe(5)
    expect(refused.stderr).toMatch(/V32 green, which runs v1\.3\.0, fails its own checks: ready@green/u)
    expect(served).toEqual(allAnswersFrom('blue'))
    expect(resumed.exitCode, resumed.stderr).toBe(0)
  })

  test('once the old slot need not be kept warm any more, the plan warns', async () => {
    const project = await aProject({ blueGreen: '    keep_previous: 1ms\n' })

    const { stdout } = await project.bagboy('rollback', 'v1.2.0', '--dry-run')

    expect(stdout).toMatch(/V33 warn\s+traffic: blue was kept warm until 20/u)
    expect(stdout).toMatch(/Send all traffic to blue, which runs 1\.2\.0$/mu)
  })
})
