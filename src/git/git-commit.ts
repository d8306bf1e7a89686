import { runGit } from './git-command.ts'
import { readIdentities, signsCommits } from './git-identity.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { GitEntry } from './git-entries.ts'
import type { GitConnection } from './git-connection.ts'

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

/**
 * Makes a commit in our copy, where neither files nor an index exist: git-fast-import(1) replaces the paths in the
 * parent's trees in one process, however large they are. Each gets a ref of its own, so that none blocks another.
 */
export async function createCommit(
  connection: GitConnection,
  { parent, message, writes }: CommitDraft,
): Promise<string> {
  const { clock, random } = connection.platform
  const seconds = Math.floor(Date.parse(clock.now()) / 1000)
  const { author, committer } = await readIdentities(connection, seconds)
  const stdin = Buffer.concat([
    Buffer.from(`commit refs/bagboy/made/${random.hex(8)}\nmark :1\n`),
    Buffer.from(`author ${author}\ncommitter ${committer}\n`),
    data(message),
    Buffer.from(`from ${parent}\n`),
    ...writes.flatMap(commandOf),
    Buffer.from('get-mark :1\ndone\n'),
  ])
  const doing = 'making the commit'
  const made = nameIn(
    connection,
    await runGit(connection, { doing, args: ['fast-import', '--quiet', '--done'], stdin }),
  )
  return (await signsCommits(connection)) ? signCommit(connection, made, parent, message) : made
}

/** The same commit again, signed as the user's git signs; git-fast-import(1) does not sign. */
async function signCommit(connection: GitConnection, made: string, parent: string, message: string): Promise<string> {
  const doing = 'signing the commit'
  const format = '%an%x00%ae%x00%cn%x00%ce%x00%ct'
  const shown = await runGit(connection, { doing, args: ['log', '-1', '--no-mailmap', `--format=${format}`, made] })
  const [an = '', ae = '', cn = '', ce = '', seconds = ''] = Buffer.from(shown.trim(), 'latin1').toString().split('\0')
  const date = `${seconds} +0000`
  const env = {
    GIT_AUTHOR_NAME: an,
    GIT_AUTHOR_EMAIL: ae,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: cn,
    GIT_COMMITTER_EMAIL: ce,
    GIT_COMMITTER_DATE: date,
  }
  const args = ['commit-tree', '-S', '-p', parent, `${made}^{tree}`]
  return nameIn(connection, await runGit(connection, { doing, args, env, stdin: message }))
}

function nameIn(connection: GitConnection, output: string): string {
  const commit = output.trim()
  if (/^[0-9a-f]{40,64}$/u.test(commit)) return commit
  throw new BagboyError('REGISTRY_BROKEN', `${connection.remote.shown}: git gave no name to the commit it made.`, {
    hint: `Delete our copy, ${connection.folder}, and try again: only speed is lost.`,
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
