import type { Files } from '../platform/platform.ts'
import type { HistoryFolder } from './history-folder.ts'

/** Where one history lives. */
export interface HistoryLocation {
  readonly files: Files
  readonly folder: HistoryFolder
  readonly file: string
  /** The file as people should see it in errors. */
  readonly label: string
}
