import { Box } from 'ink'
import type { ReactNode } from 'react'
import { manualSteps } from '../recovery/manual-steps.ts'
import { exitText, outcomeLines, truthLines } from './result-lines.ts'
import { logLines } from './log-lines.ts'
import { leftBehind } from '../../store/plan/plan-rows.ts'
import { cursorOf } from '../../store/cursor.ts'
import { wrapIndented } from '../format/text.ts'
import { clockTime } from '../../src/view/time.ts'
import { Panel } from '../primitives/Panel.tsx'
import { ScrollView } from '../primitives/ScrollView.tsx'
import { Lines } from '../primitives/TextLine.tsx'
import { useApp, useLayout } from '../store-context.ts'
import { plain } from '../primitives/line.ts'
import type { RunState } from '../../store/run/run-state.ts'
import { shownRun } from '../../store/run/run-selectors.ts'

/** How it ended, what is true now, and what people still have to do. */
export function ResultScreen(): ReactNode {
  const { columns, contentRows, mode } = useLayout()
  const state = useApp((one) => one)
  const run = shownRun(state)
  if (!run) return null
  const extra = mode === 'panes' ? 2 : 1
  const watchedUntil = (state.health?.purpose === 'window' ? state.health.view?.endsAt : null) ?? null
  const around = { watchedUntil, exit: exitText(state) }
  const outcome = outcomeLines(run, columns - 4, around)
  const top = Math.min(contentRows, outcome.length + extra)
  const steps = run.view ? run.view.steps.length + leftBehind(run.view.plan).length : 0
  const middle = run.view ? Math.min(Math.max(0, contentRows - top), steps + extra) : 0
  const rest = Math.max(0, contentRows - top - middle)
  const hand = manualSteps(state)
  return (
    <Box flexDirection="column" width={columns} height={contentRows}>
      <Panel title="Result" note={`run ${run.id}`} width={columns} height={top} isActive>
        {(inner) => <Lines lines={outcomeLines(run, inner.width, around)} width={inner.width} />}
      </Panel>
      <Panel title={stateTitle(run)} note="as read from the registries" width={columns} height={middle}>
        {(inner) => (
          <ScrollView
            lines={run.view ? truthLines(run.view, inner.width) : []}
            offset={cursorOf(state, 'result')}
            {...inner}
          />
        )}
      </Panel>
      <Panel title={run.view ? 'Manual steps' : 'Log'} width={columns} height={rest}>
        {(inner) => (
          <ScrollView
            lines={
              run.view
                ? hand.flatMap((text) => wrapIndented(text, inner.width - 2)).map((text) => plain(` ${text}`))
                : logLines(run.log, inner.height)
            }
            offset={0}
            {...(run.view ? { moreKey: 'b' } : {})}
            {...inner}
          />
        )}
      </Panel>
    </Box>
  )
}

/** The registries may have moved since. */
function stateTitle({ view }: RunState): string {
  return view?.finishedAt == null
    ? 'State as the run saw it last'
    : `State when the run ended (${clockTime(view.finishedAt)})`
}
