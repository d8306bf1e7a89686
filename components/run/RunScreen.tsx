import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { RollbackPlan } from '../../src/domain/plan.ts'
import { countSteps } from '../../src/events/count-steps.ts'
import type { Direction } from '../../src/events/events.ts'
import { leftBehind } from '../../store/plan/plan-rows.ts'
import { cursorOf } from '../../store/cursor.ts'
import { labelled } from '../primitives/columns-line.ts'
import { holderLine } from '../recovery/holder-line.ts'
import { logLines } from './log-lines.ts'
import { StepList } from './StepList.tsx'
import { TrafficPanel, trafficPanelRows } from '../traffic/TrafficPanel.tsx'
import { effectLines } from '../plan/step-lines.ts'
import { Panel } from '../primitives/Panel.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'
import type { Line } from '../primitives/line.ts'

/** A run at work. Nothing here drives it: the engine goes on whether this is painted or not. */
export function RunScreen(): ReactNode {
  const { columns, contentRows, mode } = useLayout()
  const run = useApp((state) => state.run)
  const now = useApp((state) => state.now)
  const cursor = useApp((state) => cursorOf(state, 'run'))
  const slots = useApp(({ traffic }) => trafficPanelRows(traffic, mode))
  const planned = useApp(({ plan }) => (plan?.plan.id === run?.id ? plan?.plan : undefined))
  const steps = run?.view?.steps ?? []
  if (!run) return null
  const plan = run.view?.plan ?? planned
  const { stepCount, behind } = rowsOf(plan)
  const frame = mode === 'panes' ? 3 : 2
  const holder = run.isActive ? run.holder : undefined
  const listHeight = Math.max(4, Math.min(stepCount + frame + (holder ? 1 : 0), contentRows - slots - 5))
  const rest = contentRows - listHeight - slots
  const title = titleOf(plan?.kind, run.view?.direction)
  const step = steps[cursor]
  const log = (width: number): ReactNode => (
    <Panel title="Log" note="newest below" width={width} height={rest}>
      {(inner) => <Lines lines={logLines(run.log, inner.height)} width={inner.width} />}
    </Panel>
  )
  const half = Math.floor(columns * 0.42)
  return (
    <Box flexDirection="column" width={columns} height={contentRows}>
      <Panel
        title={title}
        note={run.view ? countsText(run.view, behind) : ''}
        width={columns}
        height={listHeight}
        isActive
      >
        {(inner) => (
          <>
            {holder ? <Lines lines={[holderLine(holder, now)]} width={inner.width} /> : null}
            <StepList width={inner.width} height={inner.height - (holder ? 1 : 0)} />
          </>
        )}
      </Panel>
      <TrafficPanel width={columns} height={slots} />
      {mode === 'panes' && step ? (
        <Box width={columns} height={rest}>
          <Panel
            title={`Step ${cursor + 1} ─ ${step.plan.package.format} ${step.plan.package.name}`}
            width={half}
            height={rest}
          >
            {(inner) => <Lines lines={stepFacts(step, inner.width)} width={inner.width} />}
          </Panel>
          {log(columns - half)}
        </Box>
      ) : (
        log(columns)
      )}
    </Box>
  )
}

function rowsOf(plan: RollbackPlan | undefined): { readonly stepCount: number; readonly behind: number } {
  const behind = plan ? leftBehind(plan).length : 0
  return { stepCount: (plan?.steps.length ?? 0) + behind, behind }
}

/** Which way it goes: an undo is a run of its own, or a rollback that was turned round. */
function titleOf(kind: RollbackPlan['kind'] | undefined, direction: Direction | null | undefined): string {
  if (kind === 'undo') return 'Undo'
  return direction === 'undo' ? 'Rollback, going back' : 'Rollback'
}

function countsText(view: Parameters<typeof countSteps>[0], behind: number): string {
  const { done, running, waiting, failed, skipped } = countSteps(view)
  const left = skipped + behind
  return [
    `${done} done`,
    `${running} running`,
    `${waiting} waiting`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(left > 0 ? [`${left} skipped`] : []),
  ].join(' · ')
}

function stepFacts(
  step: { readonly plan: Parameters<typeof effectLines>[0]; readonly attempt: number },
  width: number,
): readonly Line[] {
  return [
    ...labelled('Step', [step.plan.title], 17),
    ...labelled('Attempt', [String(step.attempt)], 17),
    ...effectLines(step.plan, width),
  ]
}
