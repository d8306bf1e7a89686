import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Deployment } from '../../../src/domain/deployment.ts'
import type { CommittedHistory, HistoryStore } from '../../../src/history/history-store.ts'
import { createHistoryStore } from '../../../src/history/yaml-history.ts'
import type { Files } from '../../../src/platform/platform.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { aDeployment } from '../builders/a-history.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import type { CommitNote, HistoryEdit } from '../../../src/history/history-edit.ts'

export const NOTE: CommitNote = { run: '01JK8Q4Z7T5V', epoch: 1, purpose: 'test', actor: { user: '@alice' } }

/** A project folder with one history file. */
export interface HistoryProject {
  readonly folder: string
  readonly file: string
  open(files?: Files): HistoryStore
  commit(...edits: readonly HistoryEdit[]): Promise<CommittedHistory>
  text(): string
  /** A file of the folder. */
  read(name: string): string
  /** As an editor does it: in place. */
  write(text: string): void
  names(folder: 'rev' | 'backups' | 'archive'): readonly string[]
}

export function historyProject(text?: string): HistoryProject {
  const folder = join(temporaryFolder('history'), '.bagboy')
  const file = join(folder, 'deployment-history.yml')
  mkdirSync(folder)
  if (text !== undefined) writeFileSync(file, text)
  const open = (files = createNodeFiles()) =>
    createHistoryStore({ files, file, folder, cacheFolder: join(folder, '..', 'cache') })
  return {
    folder,
    file,
    open,
    commit: (...edits) => open().commit(() => edits, NOTE),
    text: () => readFileSync(file, 'utf8'),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    write: (next) => writeFileSync(file, next),
    names: (name) => readdirSync(join(folder, name)).sort(),
  }
}

export function insertOf(version: string, parts: Partial<Deployment> = {}): HistoryEdit {
  const { id: _id, ...deployment } = aDeployment(version, parts)
  return { kind: 'insert', deployment }
}
