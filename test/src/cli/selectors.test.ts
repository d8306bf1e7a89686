import { describe, expect, test } from 'vitest'
import { aConfig, cli } from '../../support/harness/cli-harness.ts'
import { aDeployment, aHistory } from '../../support/builders/a-history.ts'
import { overviewOf, scriptedEngine } from '../../support/engine/scripted-engine.ts'

describe('--env', () => {
  const openFor = (environment: string) => {
    const deployments = [aDeployment('v1.3.0', { status: 'active', environment: 'staging' })]
    const history = aHistory({ deployments })
    const engine = scriptedEngine({
      overview: () => Promise.resolve(overviewOf(history)),
      fileHistory: () => Promise.resolve(history),
    })
    const config = { ...aConfig(), environment }
    return { engine, openApp: () => Promise.resolve({ engine, config }) }
  }

  test.each(['production', 'staging'])('of %s, which the file or the history knows, is taken', async (name) => {
    const { exitCode } = await cli(['--env', name, 'versions', 'list'], openFor(name))

    expect(exitCode).toBe(0)
  })

  test.each([['status'], ['versions', 'list'], ['rollback', '--yes'], ['versions', 'prune', '--yes']])(
    'that neither the file nor the history knows stops %s with the nearest name',
    async (...command) => {
      const setting = openFor('stagin')

      const { exitCode, stderr } = await cli(['--env', 'stagin', ...command], setting)

      expect(exitCode).toBe(2)
      expect(stderr).toContain('Did you mean staging?')
      expect(setting.engine.calls.map(([name]) => name)).toEqual(['fileHistory'])
    },
  )

  test('that nothing knows does not open the app', async () => {
    const { exitCode, launches } = await cli(['--env', 'stagin'], { ...openFor('stagin'), isTerminal: true })

    expect([exitCode, launches]).toEqual([2, []])
  })

  test('that is new can be recorded for', async () => {
    const setting = openFor('preview')

    const { exitCode } = await cli(['--env', 'preview', 'record', '--version', 'v1.4.0', '--commit', 'abc'], setting)

    expect(exitCode).toBe(0)
    expect(setting.engine.calls.map(([name]) => name)).toContain('record')
  })
})

describe('--override', () => {
  test('of what is no code of a finding is a usage error with the nearest code', async () => {
    const engine = scriptedEngine()

    const { exitCode, stderr } = await cli(['rollback', '--yes', '--override', 'V8', '--reason', 'x'], { engine })

    expect(exitCode).toBe(2)
    expect(stderr).toContain('Did you mean V08?')
    expect(engine.calls).toEqual([])
  })

  test('of a code that is not among the findings says that it has no effect', async () => {
    const { exitCode, stderr } = await cli(['rollback', '--dry-run', '--override', 'V08', '--reason', 'x'])

    expect(exitCode).toBe(0)
    expect(stderr).toContain('V08 is not among the findings of this plan: its override has no effect.')
  })
})

describe('a run', () => {
  test('that is not there is a usage error', async () => {
    const { exitCode, stderr } = await cli(['runs', 'show', 'ZZZ'])

    expect(exitCode).toBe(2)
    expect(stderr).toContain('No run has an id that begins or ends with "ZZZ".')
  })
})
