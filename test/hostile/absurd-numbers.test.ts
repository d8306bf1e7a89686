import { knownSecrets } from '../support/builders/known-secrets.ts'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../src/domain/text/duration.ts'
import { toErrorReport } from '../../src/errors/bagboy-error.ts'
import { createJournalStore } from '../../src/journal/file-journal.ts'
import { createLockStore } from '../../src/lock/epoch-lock.ts'
import { openLockFolder } from '../../src/lock/lock-folder.ts'
import { openLockRemote } from '../../src/lock/lock-remote.ts'
import { answerError } from '../../src/http-api/http-errors.ts'
import { createGitTap } from '../support/releases/git-tap.ts'
import { historyProject, insertOf } from '../support/projects/history-project.ts'
import { GIT_ENVIRONMENT } from '../support/processes/run-client.ts'
import { RUN, stampedEvents } from '../support/builders/stamped-events.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { TEST_KEYS } from '../support/test-keys.ts'
import { platformWith } from '../support/test-platform.ts'

const ABSURD = ['1000000000', '9999999999', '10000000000', '9007199254740993', '9'.repeat(60)]
const platform = platformWith(GIT_ENVIRONMENT)
const request = { who: '@alice', run: 'r', purpose: 'a test' }

async function reportOf(work: Promise<unknown>) {
  return work.then(
    () => undefined,
    (error: unknown) => toErrorReport(error),
  )
}

describe.each(ABSURD)('the number %s', (number) => {
  test.each(['json', 'rel'])('is damage as the name of a lock in a folder: .%s', async (ending) => {
    const folder = temporaryFolder('locks')
    writeFileSync(join(folder, `${number}.${ending}`), '{}')
    const storage = openLockFolder(platform.files, folder)
    const store = createLockStore({ platform, storage, ttlMs: 900_000, heartbeatMs: 30_000 })

    const reports = [await reportOf(store.acquire(request)), await reportOf(store.status())]

    for (const report of reports) {
      expect(report).toMatchObject({
        code: 'LOCK_CORRUPT',
        hint: expect.stringContaining(`${number}.${ending}`) as string,
      })
    }
  })

  test('is damage as the name of a lock on a remote', async () => {
    const remote = createGitTap(join(temporaryFolder('absurd'), 'remote.git'))
    remote.commit({ README: 'the project\n' })
    remote.git('update-ref', `refs/bagboy/lock/${number}`, remote.blobOf('README', 'main'))
    const cacheFolder = temporaryFolder('absurd-cache')
    const options = { platform, root: '/', cacheFolder, remote: remote.folder, refPrefix: 'refs/bagboy/lock' }
    const store = createLockStore({ platform, storage: openLockRemote(options), ttlMs: 900_000, heartbeatMs: 30_000 })

    expect(await reportOf(store.acquire(request))).toMatchObject({ code: 'LOCK_CORRUPT' })
  })

  test('is damage as the name of a revision, and as an id in the history', async () => {
    const project = historyProject('deployments: []\n')
    mkdirSync(join(project.folder, 'rev'))
    writeFileSync(join(project.folder, 'rev', `${number.padStart(10, '0')}.json`), '{}')
    const numbered = historyProject(
      `deployments:\n  - id: ${number}\n    version: "1.0.0"\n    timestamp: "2026-01-01T00:00:00Z"\n    packages: []\n`,
    )

    expect(await reportOf(project.commit(insertOf('v1.2.0')))).toMatchObject({ code: 'HISTORY_CORRUPT' })
    expect(await reportOf(numbered.open().read())).toMatchObject({ code: 'HISTORY_INVALID' })
  })

  test('is no time to wait, whoever asks for it', () => {
    const headers = { 'retry-after': number }
    const story = { registry: 'r', doing: 'reading', login: 'Log in.', secrets: knownSecrets() }
    const { details } = toErrorReport(answerError({ status: 429, headers, body: new Uint8Array() }, story))

    expect(details).toEqual({ status: 429, retryAfterMs: 86_400_000 })
    expect(parseDuration(`${number}d`)).toBeUndefined()
    expect(parseDuration(`${number}h`)).toBeUndefined()
  })
})

test('a part of a journal that no takeover makes is damage: what follows it would not be read', async () => {
  const folder = join(temporaryFolder('journal'), 'runs')
  const store = createJournalStore({ files: platform.files, keys: TEST_KEYS, clock: platform.clock, folder })
  const journal = await store.create(RUN, '{"schema":1}\n')
  for (const event of stampedEvents(2)) await journal.append(event)
  await journal.close()
  writeFileSync(join(folder, RUN, '999999999.journal.jsonl'), '')

  const report = await reportOf(store.reopen(RUN, () => Promise.resolve(), 'takeover'))

  expect(report).toMatchObject({
    code: 'JOURNAL_CORRUPT',
    hint: expect.stringContaining('999999999.journal') as string,
  })
})

test.each([-1, 0, 1.5, 1e308, 2 ** 53, 'many', null])(
  'a holder whose process id is %s is not taken for gone',
  async (pid) => {
    const folder = temporaryFolder('locks')
    const { host } = platform
    const record = {
      who: '@bob',
      host: host.name,
      bootId: host.bootId,
      pidSpace: host.pidSpace ?? '',
      processStart: '1',
    }
    writeFileSync(join(folder, '0000000001.json'), JSON.stringify({ ...record, pid, run: '', purpose: '', since: '' }))
    const storage = openLockFolder(platform.files, folder)
    const store = createLockStore({ platform, storage, ttlMs: 900_000, heartbeatMs: 30_000 })

    expect(await reportOf(store.acquire(request))).toMatchObject({ code: 'LOCKED' })
  },
)
