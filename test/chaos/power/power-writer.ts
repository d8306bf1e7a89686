import { writeSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHistoryStore } from '../../../src/history/yaml-history.ts'
import { createJournalStore } from '../../../src/journal/file-journal.ts'
import { openLockFolder } from '../../../src/lock/lock-folder.ts'
import { parseRecord } from '../../../src/lock/lock-record.ts'
import { createNodeClock } from '../../../src/platform/node/clock.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { insertOf, NOTE } from '../../support/projects/history-project.ts'
import { seededRandom } from '../../support/builders/mutate-text.ts'
import { RUN, stampedEvents } from '../../support/builders/stamped-events.ts'
import { withoutFolderSync } from './without-folder-sync.ts'
import { asOneProject } from '../../support/registries/one-project.ts'
import { TEST_KEYS } from '../../support/test-keys.ts'

/**
 * A process that commits to a history, appends to a journal and claims locks until somebody ends it, and says each thing
 * that it was told is done. Arguments: folder, `sound` or `no-folder-sync`, which is a bug put in on purpose.
 */
const [folder = '', how = 'sound'] = process.argv.slice(2)
const files = createNodeFiles(how === 'sound' ? fs : withoutFolderSync())
const bagboy = join(folder, '.bagboy')
const history = createHistoryStore({ files, file: join(bagboy, 'deployment-history.yml'), folder: bagboy })
const store = createJournalStore({
  files: asOneProject(files, bagboy),
  keys: TEST_KEYS,
  clock: createNodeClock(),
  folder: join(bagboy, 'runs'),
})
const locks = openLockFolder(files, join(bagboy, 'locks'))
const events = stampedEvents(5000)
const journal = await store.create(RUN, '{}\n')
/** What nobody has made durable stays so until the next thing is written: an operator thinks, a process does not. */
const LONGEST_PAUSE_MS = 15
const random = seededRandom(process.pid)
const think = () => sleep(random() * LONGEST_PAUSE_MS)

for (const [index, event] of events.entries()) {
  const { deploymentId } = await history.commit(() => [insertOf(`v1.${index}.0`, { packages: [] })], NOTE)
  writeSync(1, `history ${deploymentId}\n`)
  await think()
  await journal.append(event)
  writeSync(1, `journal ${event.seq}\n`)
  await think()
  await locks.tryAcquire({ ...parseRecord('', index + 1), who: 'the writer' })
  writeSync(1, `lock ${index + 1}\n`)
  await think()
}
