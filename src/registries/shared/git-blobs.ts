import { fetchHistory, FETCH } from './git-cache.ts'
import { REMOTE, runGit, tryGit } from '../../git/git-command.ts'
import { gitError } from '../../git/git-errors.ts'
import type { GitHead } from './git-head.ts'
import type { GitSite } from '../../git/git-site.ts'

export type Blobs = ReadonlyMap<string, Uint8Array>

/** The remote answers, and does not have it (protocol 2) or does not hand it out by its name (older servers). */
const GONE = /not our ref|unadvertised object|did not send all necessary|couldn't find remote ref|no such remote ref/iu

/**
 * The contents of blobs by their names, from our copy or from the remote; what is in neither is left out.
 * @throws REGISTRY_*
 */
export async function readBlobs(site: GitSite, names: readonly string[], head: GitHead): Promise<Blobs> {
  const wanted = [...new Set(names)]
  const known = await readLocalBlobs(site, wanted)
  const missing = wanted.filter((name) => !known.has(name))
  if (missing.length === 0) return known
  if (!(await fetchBlobs(site, missing)) && missing.length > 1) {
    for (const name of missing) await fetchBlobs(site, [name])
  }
  const found = await readLocalBlobs(site, wanted)
  if (found.size === wanted.length) return found
  await fetchHistory(site, head.commit)
  return readLocalBlobs(site, wanted)
}

/** Without negotiation: the remote would leave out what it takes us to have from the commits we have. */
async function fetchBlobs(site: GitSite, names: readonly string[]): Promise<boolean> {
  const doing = 'fetching a file'
  const args = ['-c', 'fetch.negotiationAlgorithm=noop', ...FETCH, '--', REMOTE, ...names]
  const result = await tryGit(site, { doing, args, mayFetch: true })
  if (result.exitCode === 0) return true
  if (GONE.test(result.stderr)) return false
  throw gitError(site, doing, result)
}

/** One process for all of them. */
async function readLocalBlobs(site: GitSite, names: readonly string[]): Promise<Blobs> {
  if (names.length === 0) return new Map()
  const stdin = names.map((name) => `${name}\n`).join('')
  const output = await runGit(site, { doing: 'reading files', args: ['cat-file', '--batch'], stdin })
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
