import { isUtf8 } from 'node:buffer'
import type { Deployment } from '../../domain/deployment.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { HistoryFolder } from '../history-folder.ts'
import { itemsOf } from '../merge/items.ts'
import { parseHistory } from './parse-history.ts'

/** An entry that was pruned. */
export interface ArchivedEntry {
  /** Absolute. */
  readonly file: string
  readonly deployment: Deployment
  /** As it stands there. */
  readonly text: string
}

export interface Archives {
  /** In the order of the files' names. */
  readonly entries: readonly ArchivedEntry[]
  /** What cannot be read, in words. */
  readonly damaged: readonly string[]
}

/** Every entry that was pruned. A file that cannot be read is named; the others count. */
export async function readArchives(folder: HistoryFolder): Promise<Archives> {
  const [entries, damaged]: [ArchivedEntry[], string[]] = [[], []]
  for (const { path, bytes } of await folder.archives()) {
    try {
      if (!isUtf8(bytes)) throw new BagboyError('HISTORY_INVALID', `${path} is not UTF-8`)
      const parsed = parseHistory(path, Buffer.from(bytes).toString('utf8'))
      const items = itemsOf(parsed)
      entries.push(...items.map(({ text, entry: { deployment } }) => ({ file: path, deployment, text })))
    } catch (error) {
      if (!(error instanceof BagboyError) || error.code === 'BUG') throw error
      damaged.push(error.message)
    }
  }
  return { entries, damaged }
}
