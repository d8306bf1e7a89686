import { Box } from 'ink'
import type { ReactNode } from 'react'
import { blockingFindings, type PlanStep, type RollbackPlan } from '../../src/domain/plan.ts'
import { cursorOf } from '../../store/selectors.ts'
import { registryLabel } from '../format/names.ts'
import { plural } from '../format/text.ts'
import { matrixLines } from '../panels/matrix-lines.ts'
import { effectLines, stepLines } from '../panels/step-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Table } from '../primitives/Table.tsx'
import { Lines, plain, span, type Line, type Span } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'

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
  const step = plan.steps[cursorOf(state, 'plan')]
  const head = headLines(plan)
  const note = 'DRY RUN ─ nothing changed'
  const title = `Plan: ${plan.from} → ${plan.to}`
  const tableHeight = Math.max(2, plan.steps.length + 1)
  const table = (width: number, height: number): ReactNode => (
    <>
      <Lines lines={head} width={width} />
      <Table
        columns={COLUMNS}
        count={plan.steps.length}
        cursor={cursorOf(state, 'plan')}
        row={(index) => stepCells(plan, index)}
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
        <Panel
          title={step ? `Step ${plan.steps.indexOf(step) + 1} of ${plan.steps.length}` : 'No step'}
          width={columns - left}
          height={contentRows}
        >
          {(inner) => <ScrollView lines={step ? stepLines(step, plan.steps, inner.width) : []} offset={0} {...inner} />}
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
      <Panel title={stepTitle(plan, step)} width={columns} height={below}>
        {(inner) => <ScrollView lines={step ? effectLines(step, inner.width) : []} offset={0} {...inner} />}
      </Panel>
    </Box>
  )
}

function stepTitle(plan: RollbackPlan, step: PlanStep | undefined): string {
  return step ? `Step ${plan.steps.indexOf(step) + 1} ─ what it does to people` : 'No step'
}

/** Checks, and registries that get no step, with the reason. */
function headLines(plan: RollbackPlan): readonly Line[] {
  const blocking = blockingFindings(plan).length
  const count = (severity: string): number => plan.findings.filter((one) => one.severity === severity).length
  const checks: Line = [
    span(' Checks   ', 'dim'),
    span(`✓ ${count('ok')} passed`, 'ok'),
    span('   '),
    span(count('warn') === 0 ? '' : `▲ ${plural(count('warn'), 'warning')}   `, 'careful'),
    span(blocking === 0 ? '' : `✗ ${blocking} blocking   `, 'bad'),
    span(plan.overrides.length === 0 ? '' : `${plan.overrides.length} overridden   `, 'careful'),
    span('b shows them', 'dim'),
  ]
  const excluded = plan.excluded.map(({ package: one, status, reason }): Line => [
    span(' Left alone  ', 'dim'),
    span(`${one.format} ${one.name}  `),
    span(reason === '' ? status : reason, status === 'already' ? 'ok' : 'careful'),
  ])
  const empty = plan.steps.length === 0 ? [plain(` Nothing to do: every registry is at ${plan.to} already.`, 'ok')] : []
  return [checks, ...excluded, ...empty]
}

function stepCells(plan: RollbackPlan, index: number): readonly Span[] {
  const step = plan.steps[index]
  if (!step) return []
  const all = plan.steps.map((one) => one.package)
  return [
    span(String(index + 1), 'dim'),
    span(registryLabel(step.package, all)),
    span(step.title),
    step.reversibility === 'reversible' ? span('yes', 'dim') : span('▲ no', 'careful'),
  ]
}
