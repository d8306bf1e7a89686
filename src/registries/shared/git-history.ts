import { fetchHistory } from './git-cache.ts'
import { runGit } from '../../git/git-command.ts'
import { readBlobs } from './git-blobs.ts'
import type { GitHead } from './git-head.ts'
import type { GitSite } from '../../git/git-site.ts'

/** A commit of the branch that wrote a file, and what it wrote. */
export interface FileRevision {
  readonly commit: string
  readonly blob: string
}

/** How many changes of one file are looked through, newest first, and how many contents are fetched at once. */
const MAX_REVISIONS = 2000
const BATCH_SIZE = 16

/**
 * The newest state of a file on the branch whose content is accepted.
 * @throws REGISTRY_*
 */
export async function findRevision(
  site: GitSite,
  head: GitHead,
  path: string,
  isWanted: (content: Uint8Array) => boolean,
): Promise<(FileRevision & { readonly content: Uint8Array }) | undefined> {
  await fetchHistory(site, head.commit)
  const revisions = await listRevisions(site, head.commit, path)
  for (let start = 0; start < revisions.length; start += BATCH_SIZE) {
    const batch = revisions.slice(start, start + BATCH_SIZE)
    const blobs = await readBlobs(
      site,
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
  '--format=commit %H',
]

/** Newest first, along the branch itself. */
async function listRevisions(site: GitSite, commit: string, path: string): Promise<readonly FileRevision[]> {
  return parseLog(await runGit(site, { doing: 'looking through its history', args: [...LOG, commit, '--', path] }))
}

/** `commit <name>`, then `:100644 100644 <old> <new> M\t<path>`; deletions are left out. */
function parseLog(output: string): readonly FileRevision[] {
  const revisions: FileRevision[] = []
  let commit = ''
  for (const line of output.split('\n')) {
    commit = /^commit ([0-9a-f]+)$/u.exec(line)?.[1] ?? commit
    const blob = /^:\d+ 100(?:644|755) [0-9a-f]+ ([0-9a-f]+) /u.exec(line)?.[1]
    if (blob !== undefined) revisions.push({ commit, blob })
  }
  return revisions
}
