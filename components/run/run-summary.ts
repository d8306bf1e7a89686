import { countSteps, skippedSteps } from '../../src/events/count-steps.ts'
import { manualCommands } from '../../src/events/step-ending.ts'
import type { RunView } from '../../src/events/project-run.ts'
import { hasMoved, isTakenBack } from '../../src/events/run-ending.ts'
import { needsAttention } from '../../src/machine/step-status.ts'
import { leftBehind } from '../../store/plan/plan-rows.ts'
import type { AppState } from '../../store/state.ts'
import { elapsed } from '../../src/view/time.ts'
import type { RunState } from '../../store/run/run-state.ts'

/** The words for how a run ended. */
export function resultWord(run: RunState): string {
  if (run.isActive && run.holder) return 'WATCHED'
  if (run.isActive) return run.isPaused ? 'PAUSED' : 'RUNNING'
  if (run.error) return run.error.code === 'RUN_INTERRUPTED' ? 'CUT OFF' : 'NOT RUN'
  if (run.view) return endWord(run.view, run.view.result ?? run.outcome?.result ?? 'open')
  return (run.outcome?.result ?? 'open').toUpperCase()
}

function endWord(view: RunView, result: string): string {
  if (isTakenBack(view)) return 'TAKEN BACK'
  const isGoingBack = view.direction === 'undo' && result !== 'undone'
  return `${result.toUpperCase()}${isGoingBack ? ' (GOING BACK)' : ''}`
}

/** An undo is opened by the id of the run that it takes back, and has one of its own. */
function nextCommand(run: RunState, isOpen: boolean, program: string): readonly string[] {
  const { isActive, holder, view } = run
  const id = view?.id ?? run.id
  if (isActive && holder) return [`  watch   ${program} runs follow ${id}`]
  if (isOpen) return [`  resume  ${program} runs resume ${id}`]
  return !view || view.result === 'undone' || !hasMoved(view) ? [] : [`  undo    ${program} runs undo ${id}`]
}

function healthSummary({ health }: RunState): readonly string[] {
  if (!health) return []
  if (health.state === 'watching') return ['  health  not watched to the end']
  return [`  health  ${health.state}${health.why === '' ? '' : `: ${health.why}`}`]
}

function skippedSummary(view: RunView): readonly string[] {
  const left = [
    ...skippedSteps(view).map(({ plan, detail }) => [plan.package, detail] as const),
    ...leftBehind(view.plan).map((one) => [one.package, one.reason] as const),
  ]
  return left.map(([{ format, name }, why]) => `  skipped ${format} ${name}${why === '' ? '' : `  ${why}`}`)
}

/** The paragraph that stays on the normal screen, for the scrollback and the incident channel. Pure. */
export function runSummary(state: AppState, run: RunState | null = state.run): string {
  const { overview, options } = state
  if (!run) return ''
  const { view } = run
  if (!view) return run.error ? `${options.program}: run ${run.id} did not start: ${run.error.message}\n` : ''
  const { done } = countSteps(view)
  const took = view.finishedAt === null ? '' : `, ${elapsed(view.startedAt, view.finishedAt)}`
  const where = `${view.plan.app} ${view.plan.environment.toUpperCase()}`
  const failed = view.steps.filter(({ status }) => needsAttention(status))
  const manual = view.steps.filter(({ status }) => status === 'manual')
  const listed = overview?.runs.find(({ id }) => id === view.id)
  // The list may be from before the run.
  const isOver = view.result === 'complete' || view.result === 'undone'
  const isOpen = listed && view.result === listed.result ? listed.isOpen : !isOver
  return [
    `${options.program}: ${where}  ${view.plan.from} -> ${view.plan.to}  ${resultWord(run)}  ${done} of ${view.steps.length} done${took}`,
    ...failed.map(
      (step) =>
        `  failed  ${step.plan.package.format} ${step.plan.package.name}  ${step.error?.message ?? step.detail}`,
    ),
    ...manual.map(
      (step) =>
        `  manual  ${step.plan.package.format} ${step.plan.package.name}  ${manualCommands(step, view.direction)[0] ?? step.plan.title}`,
    ),
    ...skippedSummary(view),
    ...healthSummary(run),
    ...nextCommand(run, isOpen, options.program),
    `  show    ${options.program} runs show ${view.id}`,
    '',
  ].join('\n')
}
