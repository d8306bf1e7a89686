import type { ReactNode } from 'react'
import { cursorOf } from '../../store/cursor.ts'
import { age } from '../../src/view/time.ts'
import { versionLines } from './version-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { selectedDeployment } from '../../store/history/deployments.ts'

/** Everything the history knows of one version. */
export function VersionScreen(): ReactNode {
  const { columns, contentRows } = useLayout()
  const state = useApp((one) => one)
  const deployment = selectedDeployment(state)
  if (!deployment) return null
  return (
    <Panel
      title={`History ▸ ${deployment.version}`}
      note={`entry ${deployment.id} ─ ${age(deployment.timestamp, state.now)} ago`}
      width={columns}
      height={contentRows}
      isActive
    >
      {({ width, height }) => (
        <ScrollView
          lines={versionLines(state, deployment, width)}
          offset={cursorOf(state, 'version')}
          moreKey="pgdn"
          width={width}
          height={height}
        />
      )}
    </Panel>
  )
}
