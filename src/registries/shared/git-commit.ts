import { runGit } from '../../git/git-command.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { GitEntry } from './git-entries.ts'
import type { GitSite } from '../../git/git-site.ts'

export interface FileWrite {
  readonly path: string
  /** What stands there now. */
  readonly entry: GitEntry | undefined
  /** What shall stand there: a blob we have, a text, or nothing. */
  readonly content: { readonly blob: string } | { readonly text: string } | undefined
}

export interface CommitDraft {
  readonly parent: string
  readonly message: string
  readonly writes: readonly FileWrite[]
}

const IDENTITY = 'bagboy-tui <bagboy-tui@localhost>'

/**
 * Makes a commit in our copy, where neither files nor an index exist: git-fast-import(1) replaces the paths in the
 * parent's trees in one process, however large they are. Each gets a ref of its own, so nobody is in anybody's way.
 */
export async function createCommit(site: GitSite, { parent, message, writes }: CommitDraft): Promise<string> {
  const { clock, random } = site.platform
  const seconds = Math.floor(Date.parse(clock.now()) / 1000)
  const stdin = Buffer.concat([
    Buffer.from(`commit refs/bagboy/made/${random.hex(8)}\nmark :1\ncommitter ${IDENTITY} ${seconds} +0000\n`),
    data(message),
    Buffer.from(`from ${parent}\n`),
    ...writes.flatMap(commandOf),
    Buffer.from('get-mark :1\ndone\n'),
  ])
  const doing = 'making the commit'
  const commit = (await runGit(site, { doing, args: ['fast-import', '--quiet', '--done'], stdin })).trim()
  if (/^[0-9a-f]{40,64}$/u.test(commit)) return commit
  throw new BagboyError('REGISTRY_BROKEN', `${site.remote.shown}: git gave no name to the commit it made.`, {
    hint: `Delete our copy, ${site.folder}, and try again: only speed is lost.`,
  })
}

function commandOf({ path, entry, content }: FileWrite): readonly Buffer[] {
  const mode = entry?.mode ?? '100644'
  if (content === undefined) return [Buffer.from(`D ${path}\n`)]
  if ('blob' in content) return [Buffer.from(`M ${mode} ${content.blob} ${path}\n`)]
  return [Buffer.from(`M ${mode} inline ${path}\n`), data(content.text)]
}

function data(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')])
}
