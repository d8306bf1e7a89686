export interface Column {
  readonly title: string
  readonly width: number
  readonly align?: 'left' | 'right'
  /** Share of the room that is left. */
  readonly grow?: number
  /** Columns with the lowest number go first when there is too little room. Default 9. */
  readonly keep?: number
}

export interface FittedColumn extends Column {
  /** Index into the columns as they were given. */
  readonly index: number
}

export const COLUMN_GAP = 2

/** Drops columns until the rest fits into `width`, then hands out what is left. Pure. */
export function fitColumns(columns: readonly Column[], width: number): readonly FittedColumn[] {
  let kept: readonly FittedColumn[] = columns.map((column, index) => ({ ...column, index }))
  while (kept.length > 1 && total(kept) > width) kept = dropLeast(kept)
  const room = Math.max(0, width - total(kept))
  const shares = kept.reduce((sum, { grow }) => sum + (grow ?? 0), 0)
  if (shares === 0) return kept
  return kept.map((column) => ({ ...column, width: column.width + Math.floor((room * (column.grow ?? 0)) / shares) }))
}

function total(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0) + COLUMN_GAP * (columns.length - 1)
}

function dropLeast(columns: readonly FittedColumn[]): readonly FittedColumn[] {
  const least = columns.toSorted((a, b) => (a.keep ?? 9) - (b.keep ?? 9) || b.index - a.index)[0]
  return columns.filter((column) => column !== least)
}
