import { spawnSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createJournalStore } from '../../src/journal/file-journal.ts'
import { createLockStore } from '../../src/lock/epoch-lock.ts'
import { openLockFolder } from '../../src/lock/lock-folder.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import { historyProject, insertOf } from '../support/projects/history-project.ts'
import { SEED_HISTORY } from '../support/builders/history-texts.ts'
import { RUN, stampedEvents } from '../support/builders/stamped-events.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { TEST_KEYS } from '../support/test-keys.ts'

/** Each is a way of docs/how-to-corrupt-a-history.md. */
const platform = createNodePlatform()

function mergeAsGitDoes(ours: string, base: string, theirs: string): string {
  const folder = temporaryFolder('merge')
  const paths = [ours, base, theirs].map((text, index) => {
    writeFileSync(join(folder, String(index)), text)
    return join(folder, String(index))
  })
  return spawnSync('git', ['merge-file', '-p', ...paths], { encoding: 'utf8' }).stdout
}

test('two checkouts that both record a deployment: the merge is refused with its lines until both are kept', async () => {
  const [here, there] = [historyProject(SEED_HISTORY), historyProject(SEED_HISTORY)]
  await here.commit(insertOf('v2.0.0'))
  const base = here.text()
  there.write(base)
  await here.commit(insertOf('v3.0.0'))
  await there.commit(insertOf('v3.1.0'))

  here.write(mergeAsGitDoes(here.text(), base, there.text()))
  const merged = await here
    .open()
    .read()
    .catch((error: unknown) => error)
  here.write(here.text().replaceAll(/^(?:<{7}|={7}|>{7}).*\n/gmu, ''))
  const twice = await here
    .open()
    .read()
    .catch((error: unknown) => error)

  expect(merged).toMatchObject({
    code: 'HISTORY_CONFLICT',
    message: expect.stringMatching(/:\d+:\d+: an unfinished git merge/u),
  })
  expect(twice).toMatchObject({ code: 'HISTORY_INVALID', message: expect.stringMatching(/:\d+:\d+: /u) })
})

test('a project folder that is set back as a whole is the older one, and nothing in it says so', async () => {
  const project = historyProject(SEED_HISTORY)
  await project.commit(insertOf('v2.0.0'))
  const copy = temporaryFolder('copy')
  cpSync(project.folder, copy, { recursive: true })
  await project.commit(insertOf('v3.0.0'))

  rmSync(project.folder, { recursive: true })
  cpSync(copy, project.folder, { recursive: true })
  const loaded = await project.open().read()
  const { deploymentId } = await project.commit(insertOf('v4.0.0'))

  expect(loaded.warnings).toEqual([])
  expect(loaded.history.deployments[0]?.version).toBe('v2.0.0')
  expect(deploymentId).toBe(4)
})

test('without locks/ a second operator gets in, and the first stops before its next effect', async () => {
  const folder = join(temporaryFolder('locks'), 'locks')
  const open = () => {
    const storage = openLockFolder(platform.files, folder)
    return createLockStore({ platform, storage, ttlMs: 60_000, heartbeatMs: 10_000 })
  }
  const request = { run: 'R', purpose: 'rollback', who: 'alice' }
  await (await open().acquire(request)).release()
  const first = await open().acquire(request)

  rmSync(folder, { recursive: true })
  const second = await open().acquire({ ...request, who: 'bob' })

  expect([first.epoch, second.epoch]).toEqual([2, 1])
  await expect(first.assertHeld()).rejects.toMatchObject({ code: 'LOCK_LOST' })
  await second.release()
})

test('the folder of a run that is removed takes with it what was owed, and nobody knows of the run', async () => {
  const folder = join(temporaryFolder('runs'), 'runs')
  const store = createJournalStore({ files: platform.files, keys: TEST_KEYS, clock: platform.clock, folder })
  const journal = await store.create(RUN, '{}\n')
  for (const event of stampedEvents(3)) await journal.append(event)
  await journal.close()

  rmSync(join(folder, RUN), { recursive: true })

  expect(await store.list()).toEqual([])
  await expect(store.read(RUN)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
})
