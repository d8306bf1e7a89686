import { requireEntry, writeIds } from './edit/edit-draft.ts'
import { withPiece, type Draft } from './edit/draft.ts'

/** A file of the archive: entries as they stood, for `versions restore`. */
export interface Archive {
  /** `deployments-3-17.yml`: the lowest and the highest id in it. */
  readonly name: string
  readonly text: string
}

/** Takes entries out of the draft and gives the file that keeps them. `undefined` when none is named. */
export function archiveEntries(
  draft: Draft,
  ids: readonly number[],
  historyName: string,
): { readonly draft: Draft; readonly archive: Archive } | undefined {
  const wanted = [...new Set(ids)].sort((a, b) => a - b)
  const [lowest] = wanted
  const highest = wanted.at(-1)
  if (lowest === undefined || highest === undefined) return undefined
  let next = writeIds(draft)
  const kept: { readonly index: number; readonly text: string }[] = []
  for (const id of wanted) {
    const { index, piece } = requireEntry(next, id)
    kept.push({ index, text: piece.after.endsWith('\n') ? piece.after : piece.after + draft.eol })
    next = withPiece(next, index, { ...piece, after: '' })
  }
  const entries = kept.sort((a, b) => a.index - b.index).map(({ text }) => text)
  const head = [
    `# Pruned from ${historyName}, as it stood there. To restore an entry: bagboy-tui versions restore VERSION`,
    'schema: 1',
    'deployments:',
    '',
  ]
  return { draft: next, archive: { name: nameOf(lowest, highest), text: head.join(draft.eol) + entries.join('') } }
}

function nameOf(lowest: number, highest: number): string {
  return lowest === highest ? `deployments-${lowest}.yml` : `deployments-${lowest}-${highest}.yml`
}
