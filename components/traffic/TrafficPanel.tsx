import type { ReactNode } from 'react'
import type { Layout } from '../frame/layout.ts'
import { Panel } from '../primitives/Panel.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp } from '../store-context.ts'
import { slotLines } from './slot-lines.ts'
import type { TrafficState } from '../../store/traffic/traffic-state.ts'

/** Rows of this panel, its frame included: none where there is no balancer, or no room. Pure. */
export function trafficPanelRows(traffic: TrafficState | null, mode: Layout['mode']): number {
  if (!traffic?.report || mode === 'tiny') return 0
  return mode === 'panes' ? 4 : 3
}

/** What the balancer says while something else is on the screen. */
export function TrafficPanel({ width, height }: { readonly width: number; readonly height: number }): ReactNode {
  const traffic = useApp((state) => state.traffic)
  const health = useApp((state) => state.health)
  return (
    <Panel title="Traffic" note={traffic?.report?.title ?? ''} width={width} height={height}>
      {(inner) => <Lines lines={slotLines({ traffic, health }, inner.width)} width={inner.width} />}
    </Panel>
  )
}
