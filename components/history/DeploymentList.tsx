import type { ReactNode } from 'react'
import type { Deployment } from '../../src/domain/deployment.ts'
import { cursorOf } from '../../store/cursor.ts'
import type { AppState } from '../../store/state.ts'
import { age } from '../../src/view/time.ts'
import { Table } from '../primitives/Table.tsx'
import { useApp } from '../store-context.ts'
import { deploymentBadge, healthBadge } from '../../src/view/badges.ts'
import { span, type Span } from '../primitives/line.ts'
import { isHeld, visibleDeployments } from '../../store/history/deployments.ts'

const COLUMNS = [
  { title: 'VERSION', width: 10 },
  { title: 'AGE', width: 4, keep: 5 },
  { title: 'COMMIT', width: 7, keep: 2 },
  { title: 'STATE', width: 13 },
  { title: 'REGISTRIES', width: 10, align: 'right', keep: 4 },
  { title: 'HEALTH', width: 11, keep: 6 },
  { title: 'NOTE', width: 6, grow: 1, keep: 3 },
] as const

/** The history, newest first. */
export function DeploymentList({ width, height }: { readonly width: number; readonly height: number }): ReactNode {
  const state = useApp((one) => one)
  const rows = visibleDeployments(state)
  return (
    <Table
      columns={COLUMNS}
      count={rows.length}
      cursor={cursorOf(state, 'history')}
      width={width}
      height={height}
      row={(index) => {
        const deployment = rows[index]
        return deployment ? deploymentCells(state, deployment) : []
      }}
    />
  )
}

function deploymentCells(state: AppState, deployment: Deployment): readonly Span[] {
  const badge = deploymentBadge(deployment.status)
  const health = healthBadge(deployment.healthVerdict)
  const published = deployment.packages.filter(({ status }) => status === 'deployed' || status === 'already').length
  const total = deployment.packages.length
  return [
    span(deployment.version, deployment.status === 'active' ? 'strong' : 'text'),
    span(age(deployment.timestamp, state.now), 'dim'),
    span(deployment.commit.slice(0, 7), 'dim'),
    span(`${badge.glyph} ${badge.word}`, badge.tone),
    span(total === 0 ? '–' : `${published} of ${total}`, published < total ? 'warning' : 'dim'),
    span(`${health.glyph} ${health.word}`, health.tone),
    note(state, deployment),
  ]
}

function note(state: AppState, deployment: Deployment): Span {
  if (state.markedId === deployment.id) return span('▣ marked', 'accent')
  if (isHeld(state, deployment.version)) return span('⊘ held', 'warning')
  if (deployment.pinned) return span('⊘ pinned', 'dim')
  return span(deployment.kind === 'deploy' ? '' : deployment.kind, 'dim')
}
