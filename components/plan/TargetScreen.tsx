import { Box } from 'ink'
import type { ReactNode } from 'react'
import { cursorOf } from '../../store/cursor.ts'
import { candidates, meantBy, strategies } from '../../store/plan/targets.ts'
import type { AppState } from '../../store/state.ts'
import { age } from '../../src/view/time.ts'
import { packageLines } from '../history/version-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Table } from '../primitives/Table.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { healthBadge } from '../../src/view/badges.ts'
import { plain, span, type Line, type Span } from '../primitives/line.ts'
import { liveDeployment } from '../../store/history/deployments.ts'

const COLUMNS = [
  { title: 'TARGET', width: 22 },
  { title: 'AGE', width: 4, keep: 3 },
  { title: 'HEALTH', width: 11, keep: 4 },
  { title: 'CONCERNS', width: 22, grow: 1 },
] as const

/** Where to go back to. Choosing only plans: nothing moves yet. */
export function TargetScreen(): ReactNode {
  const { columns, contentRows, mode } = useLayout()
  const state = useApp((one) => one)
  const rows = candidates(state)
  const cursor = cursorOf(state, 'target')
  const chosen = rows[cursor - strategies(state).length]?.deployment
  const explained = chosen ? packageLines(state, chosen, columns - 4) : strategyLines(state, cursor)
  const below = mode === 'tiny' ? 0 : Math.min(7, explained.length + (mode === 'panes' ? 2 : 1))
  return (
    <Box flexDirection="column" width={columns} height={contentRows}>
      <Panel
        title={`Roll back ${liveDeployment(state)?.version ?? ''} to`}
        note="planning only reads"
        width={columns}
        height={contentRows - below}
        isActive
      >
        {(inner) => (
          <Table
            columns={COLUMNS}
            count={rows.length + strategies(state).length}
            cursor={cursor}
            row={(index) => targetCells(state, index)}
            {...inner}
          />
        )}
      </Panel>
      <Panel title={chosen ? `${chosen.version}  packages` : 'What it means'} width={columns} height={below}>
        {(inner) => <ScrollView lines={explained} offset={0} {...inner} />}
      </Panel>
    </Box>
  )
}

function strategyLines(state: AppState, index: number): readonly Line[] {
  const strategy = strategies(state)[index]
  const meant = meantBy(state, strategy?.target ?? '')
  return [
    plain(`   ${strategy?.detail ?? ''}`),
    plain(
      meant
        ? `   By the history that is ${meant.version}; the plan checks it before anything moves.`
        : '   By the history there is none.',
      'dim',
    ),
  ]
}

function strategyCells(state: AppState, index: number): readonly Span[] {
  const strategy = strategies(state)[index]
  const meant = meantBy(state, strategy?.target ?? '')
  if (!strategy || !meant)
    return [span(strategy?.label ?? '', 'accent'), span(''), span(''), span('▲ there is none', 'warning')]
  const health = healthBadge(meant.healthVerdict)
  return [
    span(strategy.label, 'accent'),
    span(age(meant.timestamp, state.now), 'dim'),
    span(`${health.glyph} ${health.word}`, health.tone),
    span(`${meant.version}${strategy.note}`, 'dim'),
  ]
}

function targetCells(state: AppState, index: number): readonly Span[] {
  if (index < strategies(state).length) return strategyCells(state, index)
  const candidate = candidates(state)[index - strategies(state).length]
  if (!candidate) return []
  const { deployment, against } = candidate
  const health = healthBadge(deployment.healthVerdict)
  return [
    span(deployment.version, against === '' ? 'text' : 'dim'),
    span(age(deployment.timestamp, state.now), 'dim'),
    span(`${health.glyph} ${health.word}`, health.tone),
    against === '' ? span('✓ nothing', 'ok') : span(`▲ ${against}`, 'warning'),
  ]
}
