import { describe, expect, test } from 'vitest'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import { createNodeFiles } from '../../../../src/platform/node/files/files.ts'
import { aRequest, createEngineFixture, defaultApprover } from '../../../support/engine/engine-fixture.ts'
import { faultyFileSystem } from '../../../support/faulty-file-system.ts'

const COMMANDS = ['runs', 'verifyHistory'] as const

/** A project with a finished run; how another process reads it when the call with this index fails. */
async function aProject() {
  const first = await createEngineFixture({ registries: ['one'] })
  const plan = await first.engine.plan(aRequest('v1.2.0'))
  await first.engine.run(plan, defaultApprover).result
  return async (command: (typeof COMMANDS)[number], failAt: number, code: string) => {
    const { system, calls } = faultyFileSystem({ failAt, code })
    const platform = { ...createNodePlatform(), files: createNodeFiles(system) }
    const { folder, world } = first
    const { engine } = await createEngineFixture({ registries: ['one'], folder, world, platform, seedIfEmpty: false })
    const answer = await engine[command]().catch((error: unknown) => error)
    return { answer, count: calls.length }
  }
}

describe.each(COMMANDS)('%s', (command) => {
  test.each(['EMFILE', 'ENFILE', 'EIO', 'ENOMEM'])(
    'says what is so, or that it could not be read, whichever read fails with %s',
    async (code) => {
      const read = await aProject()
      const { answer: healthy, count } = await read(command, -1, code)
      expect(count).toBeGreaterThan(5)

      for (let failAt = 0; failAt < count; failAt += 1) {
        const { answer } = await read(command, failAt, code)
        const isRefused = answer instanceof Error && (answer as { code?: unknown }).code === 'DISK'
        expect(isRefused ? healthy : answer, `call ${failAt} of ${count}`).toEqual(healthy)
      }
    },
  )
})
