import { describe, expect, onTestFinished, test } from 'vitest'
import { builtProgram, runProgram } from '../../support/harness/built-program.ts'
import { aDeployOf, createDeployProject } from '../../support/projects/deploy-project.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'

const missing = missingHaproxy()
const program = builtProgram('bagboy-tui')

describe.skipIf(missing)(`a deploy and the way back ${missing ?? ''}`, () => {
  test('a rollback finds the slot that the deploy wrote down, and takes one write', async () => {
    const project = await createDeployProject({ traffic: { steps: [] } })
    onTestFinished(() => project.close())
    const run = (...argv: readonly string[]) => runProgram(program, argv, { cwd: project.root, env: { NO_COLOR: '1' } })
    const { engine } = await project.open()
    await engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0'))).result

    const before = await run('status')
    const back = await run('rollback', 'v1.3.0', '--yes', '--reason', 'errors', '--health-window', '0s')
    const after = await run('status', '--detailed-exitcode')

    expect(before.stdout).toMatch(/traffic .*1\.4\.0 .*in-sync/u)
    expect([back.exitCode, await project.split()]).toEqual([0, { blue: 100, green: 0 }])
    expect([after.exitCode, after.stdout]).toEqual([0, expect.stringMatching(/traffic .*1\.3\.0 .*in-sync/u) as string])
    await expect(engine.planDeploy(aDeployOf('v1.4.0'))).rejects.toMatchObject({ code: 'TARGET_UNSAFE' })
  })

  test('a version that failed in a slot is what is there: nobody rolls back into it', async () => {
    const project = await createDeployProject({ traffic: { steps: [] } })
    onTestFinished(() => project.close())
    project.services.bad.add('green')
    const { engine } = await project.open()
    await engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0'))).result
    const request = { target: 'v1.2.0', only: [], except: [], reason: 'x', incident: '', overrides: [] }

    const plan = await engine.plan(request)

    expect(plan.steps).toEqual([])
    expect(plan.findings.map(({ code }) => code)).toContain('V30')
  })

  test('while a deploy is open, a rollback is refused and says what to do', async () => {
    const project = await createDeployProject({ blueGreen: { auto_promote: false }, traffic: { steps: [] } })
    onTestFinished(() => project.close())
    const { engine } = await project.open()
    const handle = engine.deploy(await engine.planDeploy(aDeployOf('v1.4.0')))
    for await (const event of handle) if (event.type === 'stage.started' && event.stage === 2) handle.stop('for now')
    await handle.result

    const { exitCode, stderr } = await runProgram(program, ['rollback', '--yes', '--reason', 'x'], {
      cwd: project.root,
    })

    expect([exitCode, stderr]).toEqual([5, expect.stringMatching(/deploy of v1\.4\.0.*is not over/u) as string])
  })
})
