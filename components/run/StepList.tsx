import type { ReactNode } from 'react'
import { packageKey } from '../../src/domain/deployment.ts'
import type { PlanExclusion } from '../../src/domain/plan.ts'
import type { RunView, StepView } from '../../src/events/project-run.ts'
import { countSteps } from '../../src/events/count-steps.ts'
import { isRunning } from '../../src/machine/step-status.ts'
import { leftBehind } from '../../store/plan/plan-rows.ts'
import { cursorOf } from '../../store/cursor.ts'
import { registryLabel } from '../format/names.ts'
import { clip, fit, widthOf } from '../format/text.ts'
import { timerText, elapsed } from '../../src/view/time.ts'
import { windowStart } from '../frame/window.ts'
import { bar } from '../primitives/bar.ts'
import { ProgressBar } from '../primitives/ProgressBar.tsx'
import { TextLine } from '../primitives/TextLine.tsx'
import { useApp } from '../store-context.ts'
import { stepBadge } from '../../src/view/badges.ts'
import { span, type Line } from '../primitives/line.ts'

const MAX_NAME = 16
/** The longest word of a step's state with its glyph. */
const WORD = 10
const TIME = 6

/** One bar per registry: its own actions and reads done of all, never time. */
export function StepList({ width, height }: { readonly width: number; readonly height: number }): ReactNode {
  const run = useApp((state) => state.run)
  const now = useApp((state) => state.now)
  const cursor = useApp((state) => cursorOf(state, 'run'))
  const view = run?.view
  if (!view) return <TextLine line={[span('   Taking the lock …', 'dim')]} width={width} />
  const done = view.steps.reduce((sum, step) => sum + step.done, 0)
  const total = view.steps.reduce((sum, step) => sum + step.total, 0)
  const visible = Math.max(1, height - 1)
  const behind = leftBehind(view.plan)
  const first = windowStart(cursor, view.steps.length + behind.length, visible, firstBusy(view, visible))
  return (
    <>
      <ProgressBar done={done} total={total} width={width} tone={countSteps(view).failed > 0 ? 'warning' : 'ok'} />
      {view.steps.slice(first, first + visible).map((step, index) => (
        <TextLine
          key={step.id}
          line={stepLine(view, step, { width, now, isCursor: first + index === cursor })}
          width={width}
        />
      ))}
      {behind
        .slice(Math.max(0, first - view.steps.length), Math.max(0, first + visible - view.steps.length))
        .map((one) => (
          <TextLine key={packageKey(one.package)} line={skippedLine(view, one, width)} width={width} />
        ))}
    </>
  )
}

/** Longer lists follow the work: the first step that is not finished stays in sight. */
function firstBusy(view: RunView, visible: number): number {
  const at = view.steps.findIndex(({ status }) => isRunning(status) || status === 'pending')
  return at === -1 ? 0 : Math.max(0, at - Math.floor(visible / 2))
}

/** A registry the plan skips: nothing happens to it, and it is said all the same. */
function skippedLine(view: RunView, { package: one, reason, status }: PlanExclusion, width: number): Line {
  const all = [...view.steps.map(({ plan }) => plan.package), ...view.plan.excluded.map((other) => other.package)]
  const name = fit(registryLabel(one, all), MAX_NAME)
  return [span(`   ${name}  `, 'dim'), span(clip(`○ skipped: ${reason || status}`, width - MAX_NAME - 5), 'warning')]
}

interface Place {
  readonly width: number
  readonly now: string
  readonly isCursor: boolean
}

function stepLine(view: RunView, step: StepView, { width, now, isCursor }: Place): Line {
  const badge = stepBadge(step.status, step.done, step.total)
  const all = view.steps.map(({ plan }) => plan.package)
  const name = Math.min(MAX_NAME, Math.max(6, ...all.map((one) => widthOf(registryLabel(one, all)))))
  const barWidth = Math.max(8, Math.min(32, Math.floor((width - MAX_NAME - WORD - TIME - 16) * 0.5)))
  const room = width - 3 - name - 2 - barWidth - 2 - WORD - 2 - TIME - 3
  const text = step.error?.message ?? (isRunning(step.status) ? step.label : step.detail)
  return [
    span(isCursor ? ' ▶ ' : '   ', 'accent'),
    span(fit(registryLabel(step.plan.package, all), name)),
    span('  '),
    ...bar(step.done, step.total, barWidth, badge.tone),
    span('  '),
    span(fit(`${badge.glyph} ${badge.word}`, WORD), badge.tone),
    ...(room > 6 ? [span(fit(text, room), step.error ? 'bad' : 'dim'), span('  ')] : []),
    span(fit(timeOf(step, now), TIME, 'right'), 'dim'),
  ]
}

function timeOf(step: StepView, now: string): string {
  if (step.durationMs > 0) return timerText(step.durationMs)
  return elapsed(step.startedAt, step.finishedAt ?? now)
}
