import { fetchFiles, fetchHistory, FETCH } from './git-cache.ts'
import { REMOTE, runGit, tryGit } from './git-command.ts'
import { gitError } from './git-errors.ts'
import type { GitHead } from './git-head.ts'
import type { GitConnection } from './git-connection.ts'

export type Blobs = ReadonlyMap<string, Uint8Array>

/** The remote answers, and does not have it (protocol 2) or does not hand it out by its name (older servers). */
const GONE = /not our ref|unadvertised object|did not send all necessary|couldn't find remote ref|no such remote ref/iu

/**
 * The contents of blobs by their names, from our copy or from the remote; what is in neither is left out.
 * @throws REGISTRY_*
 */
export async function readBlobs(connection: GitConnection, names: readonly string[], head: GitHead): Promise<Blobs> {
  const wanted = [...new Set(names)]
  const known = await readLocalBlobs(connection, wanted)
  const missing = wanted.filter((name) => !known.has(name))
  if (missing.length === 0) return known
  let answer = await fetchBlobs(connection, missing)
  if (answer !== 'here' && missing.length > 1) {
    for (const name of missing) if ((await fetchBlobs(connection, [name])) === 'unnamed') answer = 'unnamed'
  }
  const found = await readLocalBlobs(connection, wanted)
  if (found.size === wanted.length) return found
  await fetchHistory(connection, head.commit)
  const later = await readLocalBlobs(connection, wanted)
  if (later.size === wanted.length || answer !== 'unnamed') return later
  await fetchFiles(connection, head.commit)
  return readLocalBlobs(connection, wanted)
}

/**
 * A server of an older protocol serves branches only, regardless of what they hold: that says nothing about whether it
 * has a file.
 */
const UNNAMED = /unadvertised object/iu

/** Without negotiation: the remote would leave out what it takes us to have from the commits we have. */
async function fetchBlobs(connection: GitConnection, names: readonly string[]): Promise<'here' | 'gone' | 'unnamed'> {
  const doing = 'fetching a file'
  const args = ['-c', 'fetch.negotiationAlgorithm=noop', ...FETCH, '--', REMOTE, ...names]
  const result = await tryGit(connection, { doing, args, mayFetch: true })
  if (result.exitCode === 0) return 'here'
  if (UNNAMED.test(result.stderr)) return 'unnamed'
  if (GONE.test(result.stderr)) return 'gone'
  throw gitError(connection, doing, result)
}

/** One process for all of them. */
async function readLocalBlobs(connection: GitConnection, names: readonly string[]): Promise<Blobs> {
  if (names.length === 0) return new Map()
  const stdin = names.map((name) => `${name}\n`).join('')
  const output = await runGit(connection, { doing: 'reading files', args: ['cat-file', '--batch'], stdin })
  return parseBatch(Buffer.from(output, 'latin1'))
}

/** `<name> blob <size>\n<content>\n`, or `<name> missing\n`: git-cat-file(1). */
function parseBatch(output: Buffer): Blobs {
  const blobs = new Map<string, Uint8Array>()
  let offset = 0
  while (offset < output.length) {
    const end = output.indexOf(0x0a, offset)
    const [name = '', type, size] = output.toString('latin1', offset, end).split(' ')
    offset = end + 1
    if (type === 'missing') continue
    const length = Number(size)
    if (type === 'blob') blobs.set(name, output.subarray(offset, offset + length))
    offset += length + 1
  }
  return blobs
}
