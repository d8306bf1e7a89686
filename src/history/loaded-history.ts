import type { FileHistory } from '../domain/deployment.ts'

export interface LoadedHistory<Content extends FileHistory = FileHistory> {
  readonly history: Content
  /** sha256 of the file's bytes, hexadecimal; of no bytes when there is no file. */
  readonly hash: string
  /** Newest committed revision; 0 before the first. */
  readonly revision: number
  /** Why nothing may be written (`newer schema`), or `null`. */
  readonly readOnly: string | null
  /** What the operator should know about the file: edited by hand, behind its committed revisions. */
  readonly warnings?: readonly string[]
}
