import type { ReactNode } from 'react'
import { cursorOf } from '../../store/cursor.ts'
import { plural } from '../../src/view/plural.ts'
import { useWindow } from '../frame/use-window.ts'
import { compareLines, currentDiff, sidesLine } from './compare-lines.ts'
import { innerWidth, pageHeight } from '../input/scroll-rows.ts'
import { Panel } from '../primitives/Panel.tsx'
import { TextLine } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'

/** Two versions beside each other. */
export function CompareScreen(): ReactNode {
  const state = useApp((one) => one)
  const layout = useLayout()
  const { columns, contentRows } = layout
  const lines = compareLines(state, innerWidth(layout))
  const cursor = cursorOf(state, 'compare')
  const visible = pageHeight(layout) - 1
  const start = useWindow(cursor, lines.length, visible)
  const diff = currentDiff(state)
  if (!diff) return null
  const { left, right, counts } = diff
  const note = [
    `${counts.changed} changed`,
    ...(counts.added > 0 ? [plural(counts.added, 'addition')] : []),
    ...(counts.removed > 0 ? [plural(counts.removed, 'removal')] : []),
    ...(lines.length > visible ? [`row ${cursor + 1} of ${lines.length}`] : []),
  ].join(' · ')
  return (
    <Panel
      title={`Compare ${left.version} ↔ ${right.version}`}
      note={note}
      width={columns}
      height={contentRows}
      isActive
    >
      {({ width, height }) => (
        <>
          <TextLine line={sidesLine(state, width)} width={width} />
          {lines.slice(start, start + height - 1).map(({ line }, index) => (
            <TextLine
              // eslint-disable-next-line react/no-array-index-key -- rows have no identity but their place
              key={index}
              line={line}
              width={width}
              isSelected={start + index === cursor}
            />
          ))}
        </>
      )}
    </Panel>
  )
}
