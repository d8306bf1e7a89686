import { atColumn } from '../edit/at-column.ts'
import { countIds } from '../read/count-ids.ts'
import type { HistoryDocument } from '../read/scan-history.ts'
import { setKey } from '../edit/set-key.ts'
import { dataOf } from './item-data.ts'
import type { MergedItem } from './merge-items.ts'

/**
 * The person's file with another list of deployments: everything around the list stays as it is. Entries whose id would
 * be counted otherwise get it written down; new ones get the next free ones behind `lastId`. Pure.
 * `undefined` when an entry is written in a way that has no place for an id.
 */
export function writeMerged(
  document: HistoryDocument,
  items: readonly MergedItem[],
  lastId: number,
): string | undefined {
  const { pieces, eol } = document
  const column = document.columns['deployments'] ?? 2
  const numbered = withIds(items, lastId, eol)
  if (!numbered) return undefined
  const isItem = ({ kind, key }: (typeof pieces)[number]) => kind === 'item' && key === 'deployments'
  const first = pieces.findIndex(isItem)
  const last = pieces.findLastIndex(isItem)
  const isOpen = last === pieces.length - 1
  const texts = numbered.map((text, index) => {
    const shown = atColumn(text, column, eol)
    return shown.endsWith('\n') || (isOpen && index === numbered.length - 1) ? shown : shown + eol
  })
  const around = pieces.map(({ text }) => text)
  return [...around.slice(0, first), ...texts, ...around.slice(last + 1)].join('')
}

function withIds(items: readonly MergedItem[], lastId: number, eol: string): readonly string[] | undefined {
  let next = lastId
  const ids = items
    .toReversed()
    .map(({ id }) => id ?? (next += 1))
    .toReversed()
  const written = items.map(({ text }) => writtenId(text))
  const counted = countIds(written)
  if (Array.isArray(counted) && counted.every((id, index) => id === ids[index])) return items.map(({ text }) => text)
  const texts = items.map(({ text }, index) => {
    const value = ids[index] ?? 0
    return written[index] === undefined ? setKey(text, { key: 'id', value, eol }) : text
  })
  return texts.every((text) => text !== undefined) ? texts : undefined
}

function writtenId(text: string): number | undefined {
  const id = dataOf(text)['id']
  return typeof id === 'number' ? id : undefined
}
