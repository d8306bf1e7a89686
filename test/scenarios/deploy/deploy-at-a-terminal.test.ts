import { describe, expect, onTestFinished, test } from 'vitest'
import { openApp } from '../../../src/app.ts'
import { cli } from '../../support/harness/cli-harness.ts'
import { createDeployProject, type DeployProjectOptions } from '../../support/projects/deploy-project.ts'
import { missingHaproxy } from '../../support/servers/real/haproxy.ts'

const missing = missingHaproxy()

/** Whoever sits there types `typed`, a line for each question. */
async function deployWith(typed: readonly string[], options: DeployProjectOptions = {}) {
  const project = await createDeployProject({
    blueGreen: { auto_promote: false },
    traffic: { steps: [] },
    ...options,
  })
  onTestFinished(() => project.close())
  const { platform, root: cwd } = project
  const result = await cli(['deploy', '--version', 'v1.4.0', '--commit', 'abc1234'], {
    isTerminal: true,
    typed,
    platform,
    cwd,
    openApp: () => openApp(platform, { cwd }),
  })
  return { project, result }
}

describe.skipIf(missing)(`a deploy at a terminal ${missing ?? ''}`, () => {
  test('asks before it starts, and at the gate until it has understood', async () => {
    const { project, result } = await deployWith(['y', 'perhaps', 'promote'])

    expect(result.exitCode).toBe(0)
    expect(result.stderr).toContain('Deploy v1.4.0 to green? [y/N]')
    expect(result.stderr.match(/promote, abort\?/gu)?.length).toBe(2)
    expect(await project.split()).toEqual({ blue: 0, green: 100 })
  })

  test('ends where a person says so', async () => {
    const { project, result } = await deployWith(['y', 'abort'])

    expect(result.exitCode).toBe(12)
    expect(await project.split()).toEqual({ blue: 100, green: 0 })
  })

  test('does nothing without a yes', async () => {
    const { project, result } = await deployWith(['n'])

    expect(result.exitCode).toBe(12)
    expect(project.deployed()).toEqual([])
  })
})
