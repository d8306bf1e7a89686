import type { ReactNode } from 'react'
import type { RunSummary } from '../../src/engine/engine.ts'
import { cursorOf } from '../../store/cursor.ts'
import { age, elapsed } from '../../src/view/time.ts'
import { plural } from '../../src/view/plural.ts'
import { Panel } from '../primitives/Panel.tsx'
import { Table } from '../primitives/Table.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { plain, span, type Span } from '../primitives/line.ts'

const COLUMNS = [
  { title: 'RUN', width: 6 },
  { title: 'KIND', width: 9, keep: 4 },
  { title: 'FROM → TO', width: 19, grow: 1 },
  { title: 'AGE', width: 4 },
  { title: 'TOOK', width: 6, keep: 3 },
  { title: 'DONE', width: 8, align: 'right' },
  { title: 'RESULT', width: 10 },
] as const

/** Every run that left a journal; open ones are obligations. */
export function RunsScreen(): ReactNode {
  const { columns, contentRows } = useLayout()
  const state = useApp((one) => one)
  const runs = state.overview?.runs ?? []
  const open = runs.filter(({ isOpen, origin }) => isOpen && origin.kind !== 'foreign').length
  return (
    <Panel
      title="Runs"
      note={open === 0 ? plural(runs.length, 'run') : `${plural(open, 'run')} open`}
      width={columns}
      height={contentRows}
      isActive
    >
      {(inner) =>
        runs.length === 0 ? (
          <Lines lines={[[], plain('   No run yet.')]} width={inner.width} />
        ) : (
          <Table
            columns={COLUMNS}
            count={runs.length}
            cursor={cursorOf(state, 'runs')}
            row={(index) => runCells(runs[index], state.now)}
            {...inner}
          />
        )
      }
    </Panel>
  )
}

function runCells(run: RunSummary | undefined, now: string): readonly Span[] {
  if (!run) return []
  return [
    span(run.id.slice(-6)),
    span(run.kind, 'dim'),
    span(`${run.from} → ${run.to}`),
    span(age(run.startedAt, now), 'dim'),
    span(run.finishedAt === null ? '' : elapsed(run.startedAt, run.finishedAt), 'dim'),
    span(`${run.doneCount} of ${run.stepCount}`, 'dim'),
    resultSpan(run),
  ]
}

function resultSpan({ isOpen, origin, result, undoneBy }: RunSummary): Span {
  if (isOpen) return span(origin.kind === 'foreign' ? '▲ foreign' : '▲ open', 'warning')
  if (undoneBy !== null) return span('↺ undone', 'warning')
  return result === 'complete' ? span('✓ complete', 'ok') : span(`▲ ${result ?? 'closed'}`, 'warning')
}
