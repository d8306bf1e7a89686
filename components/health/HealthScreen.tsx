import { Box } from 'ink'
import type { ReactNode } from 'react'
import { healthRows } from '../../store/health/health-rows.ts'
import { cursorOf } from '../../store/cursor.ts'
import { wrap } from '../format/text.ts'
import { clockTime } from '../../src/view/time.ts'
import { evidenceLines } from '../run/evidence-lines.ts'
import { healthCells, healthColumns } from './health-cells.ts'
import { triggerLines } from './trigger-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Table } from '../primitives/Table.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { plain } from '../primitives/line.ts'
import type { HealthState } from '../../store/health/health-state.ts'

/** Rows of evidence that there should be at least: what was asked, the answer, and how it has gone so far. */
const LEAST_EVIDENCE = 5

/** Every check with its rounds, how near each trigger is, and the raw evidence of the row under the cursor. */
export function HealthScreen(): ReactNode {
  const { columns, contentRows, mode } = useLayout()
  const health = useApp((state) => state.health)
  const cursor = useApp((state) => cursorOf(state, 'health'))
  if (!health) return <Lines lines={[[], plain('   Nothing is watched.', 'dim')]} width={columns} />
  const { view, error } = health
  const rows = healthRows({ health })
  const row = rows[cursor]
  const isWide = mode === 'panes'
  const frame = isWide ? 2 : 1
  const conditions = view?.rules.flatMap((rule) => rule.conditions).length ?? 0
  const listWidth = isWide ? Math.floor(columns * 0.62) : columns
  const triggers = mode === 'tiny' ? 0 : Math.min(Math.max(1, conditions), Math.floor(contentRows / 4)) + frame
  const left = contentRows - triggers
  const evidence = isWide ? contentRows : Math.max(LEAST_EVIDENCE + 1, left - (rows.length + 2))
  const list = isWide ? left : left - evidence
  const lower = (
    <Panel
      title={row ? `Evidence ─ ${nameOf(row)}` : 'Evidence'}
      width={columns - (isWide ? listWidth : 0)}
      height={evidence}
    >
      {(inner) => (
        <ScrollView
          lines={row && view ? evidenceLines(row, view.comparisons, inner.width) : []}
          offset={0}
          moreKey="enter"
          {...inner}
        />
      )}
    </Panel>
  )
  const upper = (
    <Box flexDirection="column" width={listWidth} height={triggers + list} flexShrink={0}>
      <Panel title="Triggers" note={view ? modeText(health) : ''} width={listWidth} height={triggers}>
        {(inner) => (
          <Lines
            lines={
              conditions === 0 || !view
                ? [plain(' No trigger is configured: nothing is rolled back by itself.', 'dim')]
                : triggerLines(view, inner.width).slice(0, inner.height)
            }
            width={inner.width}
          />
        )}
      </Panel>
      <Panel title="Checks" note={listNote(health, cursor, rows.length)} width={listWidth} height={list} isActive>
        {(inner) =>
          error ? (
            <Lines
              lines={wrap(`Not watched: ${error.message}`, inner.width - 2).map((text) => plain(` ${text}`, 'warning'))}
              width={inner.width}
            />
          ) : (
            <Table
              columns={healthColumns(inner.width)}
              count={rows.length}
              cursor={cursor}
              row={(index) => {
                const one = rows[index]
                return one && view ? healthCells(one, view, inner.width) : []
              }}
              {...inner}
            />
          )
        }
      </Panel>
    </Box>
  )
  return (
    <Box flexDirection={isWide ? 'row' : 'column'} width={columns} height={contentRows}>
      {upper}
      {lower}
    </Box>
  )
}

type Row = ReturnType<typeof healthRows>[number]

function nameOf(row: Row): string {
  return row.kind === 'probe' ? row.probe.probe : row.check.name
}

/** What happens when a trigger fires. */
function modeText({ purpose, view }: HealthState): string {
  if (!view) return ''
  if (purpose === 'window') return `watched until ${clockTime(view.endsAt ?? '')}`
  if (purpose === 'run') return 'not acted on while a run goes on'
  const text = { auto: 'rolls back by itself', propose: 'proposes a rollback', off: 'only shows' }[view.mode]
  return view.modeWhy === '' ? text : `${text} ─ ${view.modeWhy}`
}

function listNote({ view }: HealthState, cursor: number, count: number): string {
  if (!view || count === 0) return ''
  return `${cursor + 1} of ${count} ─ ${view.version}`
}
