import { expect, test } from 'vitest'
import { aConfig, cli } from '../../support/harness/cli-harness.ts'
import { scriptedEngine } from '../../support/engine/scripted-engine.ts'

const INERT = 'bagboy.yaml:3:3: strategy is not acted on by this version'
const openApp = () => Promise.resolve({ engine: scriptedEngine(), config: { ...aConfig(), inert: [INERT] } })

test.each([['status'], ['versions', 'list'], ['rollback', '--dry-run'], ['config', 'check']])(
  '%s names the keys that nothing acts on, and keeps them out of its answer',
  async (...command) => {
    const { stdout, stderr } = await cli([...command, '-o', 'json'], { openApp })

    expect(stderr.split('\n').filter((line) => line === INERT)).toHaveLength(1)
    expect(() => JSON.parse(stdout) as unknown).not.toThrow()
  },
)

test('config check lists the keys that nothing acts on', async () => {
  const { stdout } = await cli(['config', 'check', '-o', 'json'], { openApp })

  expect(JSON.parse(stdout)).toMatchObject({ notActedOn: [INERT] })
})
