/** How much room there is, and so what is drawn. */
export interface Layout {
  readonly columns: number
  readonly rows: number
  /** `line` under 50x12, `tiny` under 80 columns or 20 rows, `single` column, `panes` from 110 columns. */
  readonly mode: 'line' | 'tiny' | 'single' | 'panes'
  /** Rows between the breadcrumb and the status line. */
  readonly contentRows: number
}

/** Header, breadcrumb, status and keys. */
export const FRAME_ROWS = 4

export function layoutFor(columns: number, rows: number): Layout {
  return { columns, rows, mode: modeFor(columns, rows), contentRows: Math.max(1, rows - FRAME_ROWS) }
}

function modeFor(columns: number, rows: number): Layout['mode'] {
  if (columns < 50 || rows < 12) return 'line'
  if (columns < 80 || rows < 20) return 'tiny'
  return columns >= 110 && rows >= 24 ? 'panes' : 'single'
}

/** Rows a page motion moves by: what a list usually shows. */
export function pageRows(layout: Layout): number {
  return Math.max(1, Math.floor(layout.contentRows * 0.6))
}
