import type { ReactNode } from 'react'
import { cursorOf } from '../../store/cursor.ts'
import { matrixLines } from './matrix-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { useApp, useLayout } from '../store-context.ts'

/** What the plan does to people, registry by registry. */
export function EffectsScreen(): ReactNode {
  const { columns, contentRows } = useLayout()
  const state = useApp((one) => one)
  const plan = state.plan?.plan
  if (!plan) return null
  return (
    <Panel
      title={`Effects: ${plan.from} → ${plan.to}`}
      note="DRY RUN ─ nothing changed"
      width={columns}
      height={contentRows}
      isActive
    >
      {(inner) => (
        <ScrollView
          lines={matrixLines(plan, inner.width)}
          offset={cursorOf(state, 'effects')}
          moreKey="pgdn"
          {...inner}
        />
      )}
    </Panel>
  )
}
