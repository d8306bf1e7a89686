import { BagboyError } from '../errors/bagboy-error.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { readBlobs } from './git-blobs.ts'
import { createCommit, type FileWrite } from './git-commit.ts'
import { readEntries, refuseIrregular, type GitEntry } from './git-entries.ts'
import { readHead, type GitHead } from './git-head.ts'
import { pushCommit } from './git-push.ts'
import type { GitConnection } from './git-connection.ts'

interface FileChange {
  readonly path: string
  /** The blob that stands there when it is done; `null` = no file. */
  readonly blob: string | null
  /** What may be replaced; anything else is a change from outside. */
  readonly expected: string | null
  /** Stands for a blob that exists nowhere yet. */
  readonly text?: string | undefined
}

export interface FileCommit {
  /** `undefined`: what the remote's HEAD points at. */
  readonly branch: string | undefined
  readonly message: string
  readonly changes: readonly FileChange[]
}

/** How often others may be faster before we give up, and the waits between. */
const MAX_TRIES = 30
const FIRST_WAIT_MS = 20
const LAST_WAIT_MS = 1000

/**
 * Changes files on a branch by one commit on top of all that is pushed meanwhile. Idempotent; never forces; does not
 * touch the files when one of them was changed elsewhere.
 * @throws REGISTRY_CONFLICT then, REGISTRY_NOT_FOUND when a blob is nowhere, REGISTRY_*
 */
export async function commitFiles(connection: GitConnection, commit: FileCommit): Promise<void> {
  const { clock, random } = connection.platform
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const head = await readHead(connection, commit.branch)
    const entries = await readEntries(
      connection,
      head.commit,
      commit.changes.map(({ path }) => path),
    )
    for (const { path } of commit.changes) refuseIrregular(connection, path, entries.get(path))
    const due = commit.changes.filter(({ path, blob }) => (entries.get(path)?.blob ?? null) !== blob)
    if (due.length === 0) return
    refuseForeignChanges(connection, due, entries)
    const writes = await prepareWrites(connection, head, due, entries)
    const made = await createCommit(connection, { parent: head.commit, message: commit.message, writes })
    if ((await pushCommit(connection, head, made)) === 'pushed') return
    const ceilingMs = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt)
    await clock.sleep(ceilingMs * random.next(), connection.signal)
  }
  throw new BagboyError(
    'REGISTRY_BROKEN',
    `Others pushed to ${connection.remote.shown} first, ${MAX_TRIES} times running.`,
    {
      hint: 'Try again when fewer are pushing.',
    },
  )
}

function refuseForeignChanges(
  connection: GitConnection,
  changes: readonly FileChange[],
  entries: ReadonlyMap<string, GitEntry>,
): void {
  for (const { path, expected } of changes) {
    const found = entries.get(path)?.blob ?? null
    if (found === expected) continue
    throw new BagboyError(
      'REGISTRY_CONFLICT',
      `${sanitize(path, 200)} in ${connection.remote.shown} is not what the plan was made from: it was changed elsewhere.`,
      { hint: 'Look at it with bagboy-tui status, then make a new plan.', details: { path, expected, found } },
    )
  }
}

async function prepareWrites(
  connection: GitConnection,
  head: GitHead,
  changes: readonly FileChange[],
  entries: ReadonlyMap<string, GitEntry>,
): Promise<readonly FileWrite[]> {
  const names = changes.flatMap(({ blob, text }) => (blob === null || text !== undefined ? [] : [blob]))
  const blobs = await readBlobs(connection, names, head)
  return changes.map(({ path, blob, text }) => {
    const entry = entries.get(path)
    if (blob === null) return { path, entry, content: undefined }
    if (text !== undefined) return { path, entry, content: { text } }
    if (blobs.has(blob)) return { path, entry, content: { blob } }
    throw new BagboyError(
      'REGISTRY_NOT_FOUND',
      `${connection.remote.shown} no longer has ${blob} for ${sanitize(path, 200)}.`,
      {
        hint: 'Push the old file once more, then make a new plan.',
      },
    )
  })
}
