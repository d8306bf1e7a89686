import { sanitize } from '../../domain/text/sanitize.ts'
import { bareVersion, sameVersion } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { unknownName } from '../../errors/unknown-name.ts'
import type { History } from '../../domain/deployment.ts'
import type { ArchivedEntry, Archives } from '../../history/read/read-archives.ts'
import type { RestorePlan } from '../engine.ts'
import type { EngineParts } from '../engine-parts.ts'

/** What `restore` would put back. Reads only. @throws TARGET_UNKNOWN */
export async function planRestore({ history }: EngineParts, word: string): Promise<RestorePlan> {
  const archives = await history.archives()
  return toPlan(choose(archives, (await history.read()).history, word), archives)
}

/** Puts archived entries back into the history, with their ids; the archive keeps its copy. @throws TARGET_UNKNOWN */
export async function restoreDeployments(parts: EngineParts, word: string): Promise<RestorePlan> {
  const archives = await parts.history.archives()
  let chosen: readonly ArchivedEntry[] = []
  await parts.history.commit(
    (loaded) => {
      chosen = choose(archives, loaded.history, word)
      return [{ kind: 'restore', texts: chosen.map(({ text }) => text) }]
    },
    { run: '', epoch: 0, purpose: `restore ${word}`, actor: parts.actor },
  )
  return toPlan(chosen, archives)
}

/** The entries that the word names and the history lacks, newest first. @throws TARGET_UNKNOWN, HISTORY_INVALID */
function choose({ entries, damaged }: Archives, history: History, word: string): readonly ArchivedEntry[] {
  const id = /^@(\d{1,9})$/u.exec(word)
  const named = entries.filter(({ deployment }) =>
    id ? deployment.id === Number(id[1]) : sameVersion(deployment.version, word),
  )
  const missing = named.filter(({ deployment }) => !history.deployments.some((one) => one.id === deployment.id))
  if (missing.length > 0) return distinct(missing)
  if (named.length > 0) {
    throw new BagboyError('TARGET_UNKNOWN', `Everything the archive has of ${sanitize(word, 80)} is in the history.`, {
      hint: 'See it: bagboy-tui versions list',
    })
  }
  const error = unknownName({
    code: 'TARGET_UNKNOWN',
    message: `The archive has no deployment "${sanitize(word, 80)}".`,
    word,
    known: entries.map(({ deployment }) => (id ? `@${deployment.id}` : deployment.version)),
    knownAs: 'It has',
    compareAs: bareVersion,
  })
  if (damaged.length === 0) throw error
  throw new BagboyError(error.code, `${error.message} ${damaged.length} of its files cannot be read.`, {
    hint: damaged.join('; '),
  })
}

/** @throws HISTORY_INVALID when two files disagree about one entry */
function distinct(found: readonly ArchivedEntry[]): readonly ArchivedEntry[] {
  const byId = new Map<number, ArchivedEntry>()
  for (const entry of found) {
    const { id } = entry.deployment
    const other = byId.get(id)
    if (other && other.text.trim() !== entry.text.trim()) {
      throw new BagboyError(
        'HISTORY_INVALID',
        `Deployment @${id} stands differently in ${other.file} and ${entry.file}.`,
        {
          hint: 'Move the file whose entry is not wanted out of the archive, and repeat the command.',
        },
      )
    }
    byId.set(id, other ?? entry)
  }
  return [...byId.values()].sort((a, b) => b.deployment.id - a.deployment.id)
}

function toPlan(chosen: readonly ArchivedEntry[], { damaged }: Archives): RestorePlan {
  return {
    deployments: chosen.map(({ deployment }) => deployment),
    files: [...new Set(chosen.map(({ file }) => file))],
    damaged,
  }
}
