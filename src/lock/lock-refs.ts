import { BagboyError } from '../errors/bagboy-error.ts'
import { REMOTE, runGit, tryGit } from '../git/git-command.ts'
import { deleteRefs, pushRef } from '../git/push-ref.ts'
import type { GitConnection } from '../git/git-connection.ts'
import { persist } from './persist.ts'

/** The refs under one prefix of a remote, by what follows the prefix; each points at a blob. */
export type LockRefs = ReadonlyMap<string, string>

/** Asks the remote, never a copy. @throws LOCK_UNREACHABLE */
export async function listRefs(connection: GitConnection, prefix: string): Promise<LockRefs> {
  return await persist(connection, () => readRefs(connection, prefix))
}

async function readRefs(connection: GitConnection, prefix: string): Promise<LockRefs> {
  const args = ['ls-remote', '--', REMOTE, `${prefix}/*`]
  const output = await runGit(connection, { doing: 'reading the lock', args })
  const lines = output.split('\n').map((line) => /^([0-9a-f]{40,64})\t(.+)$/u.exec(line))
  return new Map(
    lines.flatMap((match) => {
      const [, object = '', name = ''] = match ?? []
      return name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), object] as const] : []
    }),
  )
}

/** Keeps a text for a push. @returns its name */
export async function storeBlob(connection: GitConnection, text: string): Promise<string> {
  const args = ['hash-object', '-w', '--stdin']
  return (await runGit(connection, { doing: 'writing a record of the lock', args, stdin: text })).trim()
}

/** `undefined` when the ref has moved on since it was listed. */
export async function readBlob(connection: GitConnection, ref: string, object: string): Promise<string | undefined> {
  const known = await localBlob(connection, object)
  if (known !== undefined) return known
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--', REMOTE, ref]
  await persist(connection, () => runGit(connection, { doing: 'reading who holds the lock', args }))
  return await localBlob(connection, object)
}

async function localBlob(connection: GitConnection, object: string): Promise<string | undefined> {
  const { exitCode, stdout } = await tryGit(connection, { doing: '', args: ['cat-file', 'blob', object] })
  return exitCode === 0 ? new TextDecoder().decode(stdout) : undefined
}

/**
 * Points a ref at a blob of ours, if it still is `from` (empty: if there is none). Whether an answer that was lost
 * meant yes is found by reading: no other process has a blob with our bytes.
 * @throws LOCK_UNREACHABLE
 */
export async function moveRef(
  connection: GitConnection,
  prefix: string,
  change: { readonly name: string; readonly from: string; readonly to: string },
): Promise<boolean> {
  const ref = `${prefix}/${change.name}`
  let isAgain = false
  return await persist(connection, async () => {
    if (isAgain && (await readRefs(connection, prefix)).get(change.name) === change.to) return true
    isAgain = true
    const outcome = await pushRef(connection, { ref, from: change.from, to: change.to })
    if (outcome.kind !== 'declined') return outcome.kind === 'pushed'
    const { reason, said } = outcome
    throw new BagboyError(
      'REGISTRY_FORBIDDEN',
      `it declined ${ref}: ${reason}${said === '' ? '' : `; it says: ${said}`}`,
    )
  })
}

/** Deletes refs that mean nothing any more. Where that is not allowed they stay. */
export async function dropRefs(connection: GitConnection, prefix: string, names: readonly string[]): Promise<void> {
  await deleteRefs(
    connection,
    names.map((name) => `${prefix}/${name}`),
  )
}
