import type { ReactNode } from 'react'
import { countHealth, type WatchView } from '../../src/events/project-watch.ts'
import { healthRows, worstFirst } from '../../store/health/health-rows.ts'
import { clockTime } from '../../src/view/time.ts'
import { wrap } from '../format/text.ts'
import { Panel } from '../primitives/Panel.tsx'
import { Table } from '../primitives/Table.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { healthCells, healthColumns } from './health-cells.ts'
import { plain } from '../primitives/line.ts'
import type { HealthState } from '../../store/health/health-state.ts'

/** Rows this panel would like to have, its frame left out: a heading and every check, as far as there is room. */
export function healthPanelRows(health: HealthState | null, most: number): number {
  if (!health) return 0
  const { view, error } = health
  if (error) return 2
  return view ? Math.min(most, 1 + healthRows({ health }).length) : 1
}

/** The checks of what is live, the worst first, in as many rows as there are. */
export function HealthPanel({ width, height }: { readonly width: number; readonly height: number }): ReactNode {
  const health = useApp((state) => state.health)
  const { mode } = useLayout()
  if (!health) return null
  const { view, error } = health
  const rows = worstFirst(healthRows({ health }))
  return (
    <Panel
      title="Health"
      note={noteOf(health, rows.length, { width, shown: height - (mode === 'panes' ? 3 : 2) })}
      width={width}
      height={height}
    >
      {(inner) =>
        error ? (
          <Lines
            lines={wrap(`Not watched: ${error.message}`, inner.width - 2).map((text) => plain(` ${text}`, 'warning'))}
            width={inner.width}
          />
        ) : view ? (
          <Table
            columns={healthColumns(inner.width)}
            count={rows.length}
            cursor={-1}
            row={(index) => {
              const row = rows[index]
              return row ? healthCells(row, view, inner.width) : []
            }}
            {...inner}
          />
        ) : (
          <Lines lines={[plain(' Asking for the first time …', 'dim')]} width={inner.width} />
        )
      }
    </Panel>
  )
}

interface Room {
  readonly width: number
  /** Checks that have a row. */
  readonly shown: number
}

/** As much of it as stands beside the title; the first parts matter most. */
function noteOf({ view, purpose }: HealthState, count: number, { width, shown }: Room): string {
  if (!view) return ''
  const { critical, failing, unknown } = countHealth(view)
  const parts = [
    failing > 0
      ? `live: ${failing} of ${critical} failing`
      : unknown > 0
        ? `live: ${unknown} of ${critical} unknown`
        : '',
    count > shown ? `the worst ${shown} of ${count}` : '',
    purpose === 'window' && view.endsAt !== null ? `watched until ${clockTime(view.endsAt)}` : '',
    nextText(view),
    '2 shows more',
  ]
  return parts.reduce((note, part) => {
    const longer = [note, part].filter((one) => one !== '').join(' ─ ')
    return longer.length <= width - TITLE_WIDTH ? longer : note
  }, '')
}

/** The title, the ends of its rule, and a piece of the rule. */
const TITLE_WIDTH = 18

/** When the next round begins, of whatever check. */
function nextText({ probes }: WatchView): string {
  const [next] = probes.flatMap(({ nextAt }) => nextAt ?? []).toSorted()
  return next === undefined ? '' : `next ${clockTime(next)}`
}
