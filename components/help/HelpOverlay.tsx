import type { ReactNode } from 'react'
import { helpLines } from './help-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { useApp, useLayout } from '../store-context.ts'

/** Every key that does something here, and why the others do not. */
export function HelpOverlay(): ReactNode {
  const { columns, contentRows } = useLayout()
  const state = useApp((one) => one)
  const text = state.help?.text ?? ''
  return (
    <Panel title="Help" note={`type to search: ${text}▏`} width={columns} height={contentRows} isActive>
      {(inner) => (
        <ScrollView lines={helpLines(state, inner.width)} offset={state.help?.offset ?? 0} moreKey="pgdn" {...inner} />
      )}
    </Panel>
  )
}
