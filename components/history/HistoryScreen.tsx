import { Box } from 'ink'
import type { ReactNode } from 'react'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import { clockTime } from '../../src/view/time.ts'
import { DeploymentList } from './DeploymentList.tsx'
import { HealthPanel, healthPanelRows } from '../health/HealthPanel.tsx'
import { packageLines, versionLines } from './version-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { plain, type Line } from '../primitives/line.ts'
import { selectedDeployment, visibleDeployments } from '../../store/history/deployments.ts'

/** The list with all its columns and its frame; what is left belongs to the version beside it. */
const LIST_WIDTH = 81

/** A heading and the three worst checks, where the list needs the room. */
const MOST_HEALTH_ROWS = 4

/** What was deployed, what is live, and the way into everything else. */
export function HistoryScreen(): ReactNode {
  const { columns, contentRows, mode } = useLayout()
  const state = useApp((one) => one)
  const count = visibleDeployments(state).length
  const selected = selectedDeployment(state)
  const all = state.overview?.history.deployments.length ?? 0
  const note = noteOf(state, count, all)
  const list = (width: number, height: number): ReactNode => (
    <Panel title="History" note={note} width={width} height={height} isActive>
      {(inner) => (count === 0 ? <Lines lines={emptyLines(all)} width={inner.width} /> : <DeploymentList {...inner} />)}
    </Panel>
  )
  if (mode === 'panes') {
    const left = Math.min(LIST_WIDTH, Math.floor(columns * 0.6))
    const healthRows = healthPanelRows(state.health, Math.floor(contentRows / 4))
    const health = healthRows === 0 ? 0 : healthRows + 2
    const upper = contentRows - health
    return (
      <Box flexDirection="column" width={columns} height={contentRows}>
        <Box width={columns} height={upper}>
          {list(left, upper)}
          <Panel title={selected?.version ?? ''} width={columns - left} height={upper}>
            {({ width, height }) => (
              <ScrollView
                lines={selected ? versionLines(state, selected, width) : []}
                offset={0}
                width={width}
                height={height}
              />
            )}
          </Panel>
        </Box>
        <HealthPanel width={columns} height={health} />
      </Box>
    )
  }
  const healthRows = mode === 'tiny' ? 0 : healthPanelRows(state.health, MOST_HEALTH_ROWS)
  const health = healthRows === 0 ? 0 : healthRows + 1
  const packages = selected ? packageLines(state, selected, columns) : []
  const below = mode === 'tiny' ? 0 : Math.min(packages.length, Math.floor((contentRows - health) * 0.35)) + 1
  return (
    <Box flexDirection="column" width={columns} height={contentRows}>
      {list(columns, contentRows - below - health)}
      <Panel
        title={selected ? `${selected.version}  packages` : ''}
        note={servedAt(state)}
        width={columns}
        height={below}
      >
        {({ width, height }) => <ScrollView lines={packages} offset={0} width={width} height={height} />}
      </Panel>
      <HealthPanel width={columns} height={health} />
    </Box>
  )
}

/** The versions beside the packages of what is live were read then. */
function servedAt(state: AppState): string {
  const isLive = selectedDeployment(state)?.id === state.overview?.active?.id
  return isLive && state.registriesAt !== null ? `served as of ${clockTime(state.registriesAt)}` : ''
}

function noteOf(state: AppState, count: number, all: number): string {
  if (state.overview?.isPartial === true) return `the newest ${all} ─ reading the others`
  if (count === 0) return 'nothing matches'
  const filter = state.filter.text === '' ? 'newest' : `${state.filter.text} (${all} in all)`
  return `${cursorOf(state, 'history') + 1} of ${count} ─ ${filter}`
}

function emptyLines(all: number): readonly Line[] {
  return all === 0
    ? [
        plain(''),
        plain('   The history is empty.'),
        plain('   After a deployment:  bagboy-tui record --version v1.0.0', 'dim'),
      ]
    : [plain(''), plain('   No version matches the filter. esc clears it.')]
}
