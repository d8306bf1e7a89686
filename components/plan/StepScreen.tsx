import type { ReactNode } from 'react'
import { cursorOf } from '../../store/cursor.ts'
import { stepLines } from './step-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { useApp, useLayout } from '../store-context.ts'

/** One page of the walk-through: one step, before and after, its effect, the same as commands. */
export function StepScreen(): ReactNode {
  const { columns, contentRows } = useLayout()
  const state = useApp((one) => one)
  const index = cursorOf(state, 'plan')
  const step = state.plan?.plan.steps[index]
  if (!state.plan || !step) return null
  const { steps } = state.plan.plan
  const { format, name, registry } = step.package
  return (
    <Panel
      title={`Step ${index + 1} of ${steps.length} ─ ${format} ${name}`}
      note={registry}
      width={columns}
      height={contentRows}
      isActive
    >
      {(inner) => (
        <ScrollView
          lines={stepLines(step, steps, inner.width)}
          offset={cursorOf(state, 'step')}
          moreKey="pgdn"
          {...inner}
        />
      )}
    </Panel>
  )
}
