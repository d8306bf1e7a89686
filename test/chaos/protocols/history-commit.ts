import { join } from 'node:path'
import type { HistoryStore } from '../../../src/history/history-store.ts'
import { createHistoryStore } from '../../../src/history/yaml-history.ts'
import type { Files } from '../../../src/platform/platform.ts'
import { insertOf, NOTE } from '../../support/projects/history-project.ts'
import { SEED_HISTORY } from '../../support/builders/history-texts.ts'
import { complaintOf, type Protocol } from './protocol.ts'
import type { HistoryEdit } from '../../../src/history/history-edit.ts'

/** Of the user's own file, which was there before us. */
const OLD = ['v1.3.0', 'v1.2.0']

function storeIn(files: Files, folder: string): HistoryStore {
  const bagboy = join(folder, '.bagboy')
  return createHistoryStore({ files, file: join(bagboy, 'deployment-history.yml'), folder: bagboy })
}

async function checkHistory(
  files: Files,
  folder: string,
  acknowledged: readonly string[],
  mayBeAbsent: readonly string[],
): Promise<readonly string[]> {
  return complaintOf('reading the history', async () => {
    const { history } = await storeIn(files, folder).read()
    const versions = history.deployments.map(({ version }): string => version)
    const archived = (await files.list(join(folder, '.bagboy', 'archive'))).length > 0
    const isThere = (fact: string) =>
      fact === 'archived' ? archived && !versions.includes('v1.2.0') : versions.includes(fact)
    const lost = [
      ...acknowledged.filter((fact) => fact !== 'fenced'),
      ...OLD.filter((version) => !mayBeAbsent.includes(version)),
    ]
    const missing = lost.filter((fact) => !isThere(fact)).map((fact) => `${fact} is lost`)
    const left = OLD.filter((version) => mayBeAbsent.includes(version) && !versions.includes(version) && !archived)
    const { history: next } = await storeIn(files, folder).commit(() => [insertOf('v9.0.0')], NOTE)
    const ids = next.deployments.map(({ id }) => id)
    return [
      ...missing,
      ...left.map((version) => `${version} left the history and is in no archive`),
      ...(next.deployments[0]?.version === 'v9.0.0' ? [] : ['the next commit is not there']),
      ...(new Set(ids).size === ids.length ? [] : [`ids ${ids.join(', ')}`]),
    ]
  })
}

async function commit(files: Files, folder: string, edit: HistoryEdit): Promise<void> {
  await storeIn(files, folder).commit(() => [edit], NOTE)
}

async function writeSeed(files: Files, folder: string): Promise<void> {
  await files.makeFolder(join(folder, '.bagboy'))
  await files.replace(join(folder, '.bagboy', 'deployment-history.yml'), Buffer.from(SEED_HISTORY))
}

/** The first commit there ever was, which makes the folders, and the one after it. */
export const historyCommit: Protocol = {
  name: 'history commit',
  prepare: writeSeed,
  async act(files, folder, acknowledge) {
    for (const version of ['v2.0.0', 'v3.0.0']) {
      await commit(files, folder, insertOf(version))
      acknowledge(version)
    }
  },
  check: (files, folder, acknowledged) => checkHistory(files, folder, acknowledged, []),
}

/** An entry leaves through the archive, and whoever took a run over fences the history. */
export const historyPrune: Protocol = {
  name: 'history prune and fence',
  async prepare(files, folder) {
    await writeSeed(files, folder)
    await commit(files, folder, insertOf('v2.0.0'))
  },
  async act(files, folder, acknowledge) {
    await commit(files, folder, { kind: 'archive', ids: [1] })
    acknowledge('archived')
    await storeIn(files, folder).fence(NOTE)
    acknowledge('fenced')
    await commit(files, folder, insertOf('v3.0.0'))
    acknowledge('v3.0.0')
  },
  check: (files, folder, acknowledged) => checkHistory(files, folder, ['v2.0.0', ...acknowledged], ['v1.2.0']),
}

/** One commit among many: old copies are dropped behind it. */
export const historyTrim: Protocol = {
  name: 'history commit that drops old copies',
  async prepare(files, folder) {
    await writeSeed(files, folder)
    for (let count = 1; count <= 17; count += 1) await commit(files, folder, insertOf(`v2.${count}.0`))
  },
  async act(files, folder, acknowledge) {
    await commit(files, folder, insertOf('v3.0.0'))
    acknowledge('v3.0.0')
  },
  check: (files, folder, acknowledged) => checkHistory(files, folder, ['v2.1.0', 'v2.17.0', ...acknowledged], []),
}
