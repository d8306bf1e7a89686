import { Box } from 'ink'
import type { ReactNode } from 'react'
import { blockingFindings, type RollbackPlan } from '../../src/domain/plan.ts'
import { leftBehind, planRows, type PlanRow } from '../../store/plan/plan-rows.ts'
import { cursorOf } from '../../store/cursor.ts'
import { registryLabel } from '../format/names.ts'
import { wrap } from '../format/text.ts'
import { plural } from '../../src/view/plural.ts'
import { matrixLines } from './matrix-lines.ts'
import { effectLines, stepLines } from './step-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Table } from '../primitives/Table.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { plain, span, type Line, type Span } from '../primitives/line.ts'

const COLUMNS = [
  { title: '#', width: 2, align: 'right' },
  { title: 'REGISTRY', width: 14 },
  { title: 'ACTION', width: 24, grow: 3 },
  { title: 'UNDO', width: 5, keep: 5 },
] as const

/** The whole plan with its effects, before anything moves. */
export function PlanScreen(): ReactNode {
  const { columns, contentRows, mode } = useLayout()
  const state = useApp((one) => one)
  if (!state.plan) return null
  const { plan } = state.plan
  const rows = planRows(plan)
  const row = rows[cursorOf(state, 'plan')]
  const head = headLines(plan)
  const note = 'DRY RUN ─ nothing changed'
  const title = `Plan: ${plan.from} → ${plan.to} (${plan.id.slice(-6)})`
  const tableHeight = Math.max(2, rows.length + 1)
  const table = (width: number, height: number): ReactNode => (
    <>
      <Lines lines={head} width={width} />
      <Table
        columns={COLUMNS}
        count={rows.length}
        cursor={cursorOf(state, 'plan')}
        row={(index) => rowCells(rows, index)}
        width={width}
        height={Math.max(1, Math.min(tableHeight, height - head.length))}
      />
    </>
  )
  if (mode === 'panes') {
    const left = Math.floor(columns * 0.56)
    const listRows = Math.min(contentRows, head.length + tableHeight + 2)
    return (
      <Box width={columns} height={contentRows}>
        <Box flexDirection="column" width={left} height={contentRows}>
          <Panel title={title} note={note} width={left} height={listRows} isActive>
            {(inner) => table(inner.width, inner.height)}
          </Panel>
          <Panel title="Effects" width={left} height={contentRows - listRows}>
            {(inner) => <ScrollView lines={matrixLines(plan, inner.width)} offset={0} {...inner} />}
          </Panel>
        </Box>
        <Panel title={rowTitle(plan, row)} width={columns - left} height={contentRows}>
          {(inner) => (
            <ScrollView
              lines={
                row?.kind === 'step'
                  ? stepLines(row.step, plan.steps, inner.width)
                  : excludedLines(plan, row, inner.width)
              }
              offset={0}
              {...inner}
            />
          )}
        </Panel>
      </Box>
    )
  }
  const listHeight = Math.min(contentRows, head.length + tableHeight + 1)
  const below = mode === 'tiny' ? 0 : contentRows - Math.min(listHeight, contentRows - 9)
  return (
    <Box flexDirection="column" width={columns} height={contentRows}>
      <Panel title={title} note={note} width={columns} height={contentRows - below} isActive>
        {(inner) => table(inner.width, inner.height)}
      </Panel>
      <Panel title={rowTitle(plan, row)} width={columns} height={below}>
        {(inner) => (
          <ScrollView
            lines={row?.kind === 'step' ? effectLines(row.step, inner.width) : excludedLines(plan, row, inner.width)}
            offset={0}
            {...inner}
          />
        )}
      </Panel>
    </Box>
  )
}

function rowTitle(plan: RollbackPlan, row: PlanRow | undefined): string {
  if (!row) return 'No step'
  if (row.kind === 'excluded') return `${row.package.format} ${row.package.name} ─ no step`
  return `Step ${plan.steps.indexOf(row.step) + 1} ─ user impact`
}

/** Why a registry gets no step, and what that means. */
function excludedLines({ from, to }: RollbackPlan, row: PlanRow | undefined, width: number): readonly Line[] {
  if (row?.kind !== 'excluded') return []
  const { status, reason } = row.exclusion
  const meaning =
    status === 'already'
      ? `It serves ${to} already; the run writes nothing here.`
      : `It keeps what it serves now: the run to ${to} leaves ${from} there.`
  const key = status === 'skipped' ? ' e includes it again where you skipped it.' : ''
  return [
    ...(reason === '' ? [] : wrap(`${reason}.`, width - 2).map((text) => plain(` ${text}`))),
    ...wrap(`${meaning}${key}`, width - 2).map((text) => plain(` ${text}`, status === 'already' ? 'text' : 'warning')),
  ]
}

/** The checks, and what the plan as a whole does. */
function headLines(plan: RollbackPlan): readonly Line[] {
  const blocking = blockingFindings(plan).length
  const behind = leftBehind(plan).length
  const count = (severity: string): number => plan.findings.filter((one) => one.severity === severity).length
  const checks: Line = [
    span(' Checks   ', 'dim'),
    span(`✓ ${count('ok')} passed`, 'ok'),
    span('   '),
    span(count('warn') === 0 ? '' : `▲ ${plural(count('warn'), 'warning')}   `, 'warning'),
    span(blocking === 0 ? '' : `✗ ${blocking} blocking   `, 'bad'),
    span(plan.overrides.length === 0 ? '' : `${plan.overrides.length} overridden   `, 'warning'),
    span('b shows them', 'dim'),
  ]
  const skipped = behind === 0 ? [] : [plain(` ▲ ${plural(behind, 'registry', 'registries')} skipped`, 'warning')]
  const nothing = behind === 0 ? `every registry is at ${plan.to} already` : `the other registries are at ${plan.to}`
  const empty = plan.steps.length === 0 ? [plain(` Nothing to do: ${emptyText(plan, nothing)}.`, 'ok')] : []
  return [checks, ...skipped, ...empty]
}

function emptyText({ excluded }: RollbackPlan, otherwise: string): string {
  return excluded.some(({ status }) => status === 'already') ? otherwise : 'no registry is in the plan'
}

function rowCells(rows: readonly PlanRow[], index: number): readonly Span[] {
  const row = rows[index]
  if (!row) return []
  const name = registryLabel(
    row.package,
    rows.map((one) => one.package),
  )
  if (row.kind === 'excluded') {
    const { status, reason } = row.exclusion
    const isDone = status === 'already'
    const word = isDone ? '✓ already' : status === 'skipped' ? '○ skipped' : '○ not in the target'
    return [span(''), span(name, 'dim'), span(`${word}: ${reason}`, isDone ? 'dim' : 'warning'), span('–', 'dim')]
  }
  return [
    span(String(index + 1), 'dim'),
    span(name),
    span(row.step.title),
    row.step.reversibility === 'reversible' ? span('yes', 'dim') : span('▲ no', 'warning'),
  ]
}
