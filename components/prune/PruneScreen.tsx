import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { PruneRow } from '../../src/domain/prune.ts'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import { wrap } from '../format/text.ts'
import { plural } from '../../src/view/plural.ts'
import { age } from '../../src/view/time.ts'
import { Panel } from '../primitives/Panel.tsx'
import { Table } from '../primitives/Table.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { deploymentBadge } from '../../src/view/badges.ts'
import { plain, span, type Span } from '../primitives/line.ts'

const COLUMNS = [
  { title: '', width: 3 },
  { title: 'VERSION', width: 10 },
  { title: 'AGE', width: 5, keep: 4 },
  { title: 'STATE', width: 13, keep: 3 },
  { title: 'WHY', width: 20, grow: 1 },
] as const

/** What goes, what stays, and why. */
export function PruneScreen(): ReactNode {
  const { columns, contentRows, mode } = useLayout()
  const state = useApp((one) => one)
  const { prune } = state
  if (!prune) return null
  const { rows, keep, archiveFile } = prune.plan
  const cursor = cursorOf(state, 'prune')
  const marked = rows.filter(({ deployment }) => prune.selection.ids.includes(deployment.id))
  const shielded = rows.filter(({ verdict }) => verdict === 'protected').length
  const facts = [
    marked.length === 0
      ? 'No version is selected: nothing would be pruned.'
      : `${plural(marked.length, 'version')} would move to ${archiveFile}; from there ${marked.length === 1 ? 'it' : 'they'} can be restored.`,
    marked.length === 0
      ? ''
      : `No rollback to ${marked
          .slice(0, 6)
          .map((row) => row.deployment.version)
          .join(', ')}${marked.length > 6 ? ' …' : ''} afterwards.`,
  ]
  const below = mode === 'tiny' ? 0 : mode === 'panes' ? 5 : 4
  return (
    <Box flexDirection="column" width={columns} height={contentRows}>
      <Panel
        title="Prune"
        note={`keep ${keep} ─ ${marked.length} marked ─ ${shielded} protected ─ ${cursor + 1} of ${rows.length}`}
        width={columns}
        height={contentRows - below}
        isActive
      >
        {(inner) => (
          <Table
            columns={COLUMNS}
            count={rows.length}
            cursor={cursor}
            row={(index) => pruneCells(state, rows[index])}
            {...inner}
          />
        )}
      </Panel>
      <Panel title="What prune would do" width={columns} height={below}>
        {(inner) => (
          <Lines
            lines={facts.flatMap((text) => wrap(text, inner.width - 2)).map((text) => plain(` ${text}`))}
            width={inner.width}
          />
        )}
      </Panel>
    </Box>
  )
}

function pruneCells(state: AppState, row: PruneRow | undefined): readonly Span[] {
  if (!row) return []
  const { deployment, verdict, reason } = row
  const badge = deploymentBadge(deployment.status)
  const isMarked = state.prune?.selection.ids.includes(deployment.id) === true
  const isShielded = verdict === 'protected'
  return [
    span(isShielded ? ' ⊘ ' : isMarked ? '[x]' : '[ ]', isShielded ? 'warning' : isMarked ? 'accent' : 'dim'),
    span(deployment.version, isMarked ? 'strong' : 'text'),
    span(age(deployment.timestamp, state.now), 'dim'),
    span(`${badge.glyph} ${badge.word}`, badge.tone),
    span(reason, isShielded ? 'warning' : 'dim'),
  ]
}
