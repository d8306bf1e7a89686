import { fetchHistory } from './git-cache.ts'
import { runGit } from './git-command.ts'
import { readBlobs } from './git-blobs.ts'
import type { GitHead } from './git-head.ts'
import type { GitConnection } from './git-connection.ts'

/** A commit of the branch that wrote a file, and what it wrote. */
export interface FileRevision {
  readonly commit: string
  readonly path: string
  readonly blob: string
}

/** How many changes of one file are looked through, newest first, and how many contents are fetched at once. */
const MAX_REVISIONS = 2000
const BATCH_SIZE = 16

/**
 * The newest state on the branch of a file at one of these paths whose content is accepted.
 * @throws REGISTRY_*
 */
export async function findRevision(
  connection: GitConnection,
  head: GitHead,
  paths: readonly string[],
  isWanted: (content: Uint8Array) => boolean,
): Promise<(FileRevision & { readonly content: Uint8Array }) | undefined> {
  await fetchHistory(connection, head.commit)
  const revisions = await listRevisions(connection, head.commit, paths)
  for (let start = 0; start < revisions.length; start += BATCH_SIZE) {
    const batch = revisions.slice(start, start + BATCH_SIZE)
    const blobs = await readBlobs(
      connection,
      batch.map(({ blob }) => blob),
      head,
    )
    for (const revision of batch) {
      const content = blobs.get(revision.blob)
      if (content !== undefined && isWanted(content)) return { ...revision, content }
    }
  }
  return undefined
}

/** Every setting of the user that changes the output is overridden. */
const LOG = [
  ...['log.follow=false', 'log.showSignature=false', 'log.showRoot=true', 'log.mailmap=false'].flatMap((setting) => [
    '-c',
    setting,
  ]),
  'log',
  `--max-count=${MAX_REVISIONS}`,
  '--first-parent',
  '-m',
  '--raw',
  '--no-abbrev',
  '--no-renames',
  '--no-color',
  '-z',
  '--format=commit %H',
]

/** Newest first, along the branch itself. */
async function listRevisions(
  connection: GitConnection,
  commit: string,
  paths: readonly string[],
): Promise<readonly FileRevision[]> {
  return parseLog(
    await runGit(connection, { doing: 'looking through its history', args: [...LOG, commit, '--', ...paths] }),
  )
}

/** `commit <name>`, then `:100644 100644 <old> <new> M` and the path, each ended by a NUL; deletions are left out. */
function parseLog(output: string): readonly FileRevision[] {
  const revisions: FileRevision[] = []
  const words = output.split('\0')
  let commit = ''
  for (const [index, word] of words.entries()) {
    commit = /^\n?commit ([0-9a-f]+)$/u.exec(word)?.[1] ?? commit
    const blob = /^\n?:\d+ 100(?:644|755) [0-9a-f]+ ([0-9a-f]+) /u.exec(word)?.[1]
    const path = Buffer.from(words[index + 1] ?? '', 'latin1').toString()
    if (blob !== undefined) revisions.push({ commit, path, blob })
  }
  return revisions
}
