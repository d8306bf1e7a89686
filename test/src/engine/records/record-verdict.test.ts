import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordVerdict } from '../../../../src/engine/watch/settle.ts'
import { BagboyError } from '../../../../src/errors/bagboy-error.ts'
import {
  aWatchedProject,
  watching,
  watchToEnd,
  type WatchedProject,
} from '../../../support/projects/watched-project.ts'

/** What a watch of v1.3.0 found that nobody wrote down. */
async function factsOf({ engine }: WatchedProject) {
  const { view } = await watchToEnd(engine.watch(watching({ until: 'window', mode: 'off' })))
  return { deploymentId: 3, verdict: 'healthy', watchedMs: 1000, view } as const
}

test('a verdict is not written by whoever has lost the lock', async () => {
  const project = await aWatchedProject()
  const { history, readHistory } = project
  const lost = new BagboyError('LOCK_LOST', 'somebody else has it')
  const lock = { epoch: 1, assertHeld: () => Promise.reject(lost) }

  const written = recordVerdict({ history, actor: {} }, await factsOf(project), lock)

  await expect(written).rejects.toBe(lost)
  expect((await readHistory()).deployments[0]?.healthVerdict).toBeUndefined()
})

test('the revision of a verdict says under which epoch it was written', async () => {
  const project = await aWatchedProject()
  const { history, folder } = project
  const { files } = project.platform
  const lock = { epoch: 7, assertHeld: () => Promise.resolve() }

  const written = await recordVerdict({ history, actor: {} }, await factsOf(project), lock)

  const revisions = join(folder, '.bagboy/rev')
  const newest = (await files.list(revisions)).at(-1) ?? ''
  const record = new TextDecoder().decode(await files.read(join(revisions, newest)))
  expect(written).toBe(3)
  expect(JSON.parse(record)).toMatchObject({ epoch: 7, purpose: 'health healthy' })
})
