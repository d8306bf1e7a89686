import { BagboyError } from '../../errors/bagboy-error.ts'
import { untrusted } from '../../domain/display.ts'
import { fetchCommit, hasCopy } from './git-cache.ts'
import { runGit, tryGit, type GitCommand } from '../../git/git-command.ts'
import type { GitSite } from '../../git/git-site.ts'

/** A file of a commit. */
export interface GitEntry {
  /** `100644` or `100755`. */
  readonly mode: string
  readonly blob: string
}

/**
 * The files at these paths in a commit; those that are not there are left out. Fetches the commit when it is new to us.
 * @throws REGISTRY_REJECTED when one is a folder or a link, REGISTRY_*
 */
export async function readEntries(
  site: GitSite,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, GitEntry>> {
  const command: GitCommand = {
    doing: `looking up ${untrusted(paths.join(', '), 200)}`,
    args: ['ls-tree', '-z', '--full-tree', commit, '--', ...paths],
  }
  const known = (await hasCopy(site)) ? await tryGit(site, command) : undefined
  if (known?.exitCode === 0) return parseEntries(site, Buffer.from(known.stdout).toString())
  await fetchCommit(site, commit)
  return parseEntries(site, Buffer.from(await runGit(site, command), 'latin1').toString())
}

/** `100644 blob <name>\t<path>\0`: git-ls-tree(1). */
function parseEntries(site: GitSite, output: string): ReadonlyMap<string, GitEntry> {
  const lines = output.split('\0').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const {
        mode = '',
        blob = '',
        path = '',
      } = /^(?<mode>\d+) \w+ (?<blob>[0-9a-f]+)\t(?<path>.*)$/su.exec(line)?.groups ?? {}
      if (mode === '100644' || mode === '100755') return [path, { mode, blob }]
      throw new BagboyError(
        'REGISTRY_REJECTED',
        `${untrusted(path, 200)} in ${site.remote.shown} is no regular file.`,
        {
          hint: 'Set path: to the file itself; links and folders are not followed.',
        },
      )
    }),
  )
}
