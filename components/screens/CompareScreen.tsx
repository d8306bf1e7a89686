import { useRef, type ReactNode } from 'react'
import { cursorOf } from '../../store/selectors.ts'
import { age } from '../format/time.ts'
import { fit, plural } from '../format/text.ts'
import { windowStart } from '../layout/window.ts'
import { compareLines, currentDiff } from '../panels/compare-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { span, TextLine } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'

/** Two versions beside each other. */
export function CompareScreen(): ReactNode {
  const { columns, contentRows } = useLayout()
  const state = useApp((one) => one)
  const start = useRef(0)
  const diff = currentDiff(state)
  if (!diff) return null
  const { left, right, counts } = diff
  const side = (one: typeof left): string => `${one.version}  ${age(one.timestamp, state.now)}  ${one.commit.slice(0, 7)}`
  const note = [
    `${counts.changed} changed`,
    plural(counts.added, 'addition'),
    plural(counts.removed, 'removal'),
  ].join(' · ')
  return (
    <Panel title={`Compare ${left.version} ↔ ${right.version}`} note={note} width={columns} height={contentRows} isActive>
      {({ width, height }) => {
        const lines = compareLines(state, width)
        const cursor = cursorOf(state, 'compare')
        start.current = windowStart(cursor, lines.length, height - 1, start.current)
        const half = Math.floor((width - 3) / 2)
        return (
          <>
            <TextLine
              line={[span(fit(`   ${side(left)}`, half), 'strong'), span(' │ ', 'dim'), span(` ${side(right)}`, 'strong')]}
              width={width}
            />
            {lines.slice(start.current, start.current + height - 1).map(({ line }, index) => (
              <TextLine
                // eslint-disable-next-line react/no-array-index-key -- rows have no identity but their place
                key={index}
                line={line}
                width={width}
                isSelected={start.current + index === cursor}
              />
            ))}
          </>
        )
      }}
    </Panel>
  )
}
