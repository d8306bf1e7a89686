import { sanitize } from '../../src/domain/text/sanitize.ts'
import { countSteps, skippedSteps } from '../../src/events/count-steps.ts'
import { runEnding, type RunEnding } from '../../src/view/run/run-ending-text.ts'
import type { RunView, StepView } from '../../src/events/project-run.ts'
import { needsAttention } from '../../src/machine/step-status.ts'
import { packageNames } from '../../store/plan/package-names.ts'
import { leftBehind } from '../../store/plan/plan-rows.ts'
import type { AppState } from '../../store/state.ts'
import { pointerText, registryLabel } from '../format/names.ts'
import { clip, fit, wrap } from '../format/text.ts'
import { plural } from '../../src/view/plural.ts'
import { clockTime, timerText, elapsed } from '../../src/view/time.ts'
import { releaseBadge, stepBadge } from '../../src/view/badges.ts'
import { labelled } from '../primitives/columns-line.ts'
import { plain, span, type Line } from '../primitives/line.ts'
import type { RunState } from '../../store/run/run-state.ts'
import { runExitCode, shownRun } from '../../store/run/run-selectors.ts'

const LABEL = 15

/** What the lines need beside the run. */
export interface Around {
  readonly watchedUntil: string | null
  /** As {@link exitText} words it. */
  readonly exit: string
}

/** The exit code this program will return; of a run from the journal, the one it ended with then. Pure. */
export function exitText(state: AppState): string {
  if (shownRun(state) === state.run) return String(runExitCode(state) ?? '–')
  return `${state.past?.view?.exitCode ?? '–'}, when that run ended`
}

/** How it ended, in words first, with the figures a script would get. Pure. */
export function outcomeLines(run: RunState, width: number, { watchedUntil, exit }: Around): readonly Line[] {
  const { view, error } = run
  if (error) {
    return [
      [span(' ✗ ', 'bad'), span(view ? 'The run ended with an error' : 'Refused before anything was changed', 'bad')],
      ...wrap(`${error.code}  ${error.message}`, width - 3).map((text) => plain(`   ${text}`)),
      ...(error.hint === null ? [] : wrap(error.hint, width - 3).map((text) => plain(`   ${text}`, 'info'))),
      ...labelled('Exit code', [exit], LABEL),
    ]
  }
  if (!view) return [plain(' Reading the journal …', 'dim')]
  const ending = runEnding(view)
  const { done } = countSteps(view)
  const skipped = skippedNames(view)
  const tone = skipped.length > 0 && ending.tone === 'ok' ? 'warning' : ending.tone
  return [
    [span(` ${ending.glyph} ${endingText(ending, skipped.length)}`, tone)],
    ...labelled(
      'Version',
      [
        `${view.plan.from} → ${view.plan.to}   ${done} of ${plural(view.steps.length + leftBehind(view.plan).length, 'registry', 'registries')}${view.finishedAt === null ? '' : `   ${elapsed(view.startedAt, view.finishedAt)}`}`,
      ],
      LABEL,
    ),
    ...(skipped.length === 0 ? [] : labelled('Skipped', wrap(skipped.join(', '), width - LABEL - 1), LABEL, 'warning')),
    ...labelled(
      'Exit code',
      [`${exit}${view.deploymentId === null ? '' : `   history entry ${view.deploymentId}`}`],
      LABEL,
    ),
    ...healthLines(run, width, watchedUntil),
    ...(view.summary === '' ? [] : labelled('Summary', wrap(view.summary, width - LABEL - 1), LABEL)),
  ]
}

/** Registries that keep what they served: skipped in the plan, or in the run. Pure. */
export function skippedNames(view: RunView): readonly string[] {
  const inRun = skippedSteps(view).map((step) => step.plan.package)
  return packageNames([...inRun, ...leftBehind(view.plan).map((one) => one.package)])
}

/** "Every" is said only where nothing was skipped. */
function endingText({ word, text, tone }: RunEnding, skipped: number): string {
  const all = text === '' ? '' : `: ${text}`
  if (skipped === 0 || tone !== 'ok') return `${word.toUpperCase()}${all}`
  const others = word === 'Undone' ? 'the other pointers are back' : 'the others were read back'
  return `${word.toUpperCase()} without ${plural(skipped, 'skipped registry', 'skipped registries')}: ${others}`
}

/** Whether the version that was gone back to does well, once that is known. */
function healthLines({ health }: RunState, width: number, watchedUntil: string | null): readonly Line[] {
  if (!health) return []
  if (health.state === 'watching') {
    const until = watchedUntil === null ? '' : ` until ${clockTime(watchedUntil)}`
    return labelled('Health', [`○ being watched${until}; leaving now keeps the verdict open`], LABEL, 'info')
  }
  const badge = releaseBadge(health.state)
  const words = `${badge.glyph} ${badge.word}, watched for ${timerText(health.watchedMs)}`
  const why = health.why === '' ? [] : wrap(health.why, width - LABEL - 1)
  return [...labelled('Health', [words], LABEL, badge.tone), ...why.flatMap((text) => labelled('', [text], LABEL))]
}

/** What the registries served when the run read them last, one a line: not what was sent. Pure. */
export function truthLines(view: RunView, width: number): readonly Line[] {
  const behind = leftBehind(view.plan)
  const all = [...view.steps.map(({ plan }) => plan.package), ...behind.map((one) => one.package)]
  const nameWidth = Math.min(24, Math.max(...all.map((one) => registryLabel(one, all).length), 8))
  const skipped = behind.map((one): Line => [
    span('   '),
    span(fit(registryLabel(one.package, all), nameWidth)),
    span(clip(`  ○ skipped: ${one.reason || one.status}; not touched`, width - 3 - nameWidth), 'warning'),
  ])
  const moved = view.steps.map((step) => {
    const badge = stepBadge(step.status, step.done, step.total)
    const seen = view.observations.find((one) => one.step === step.id)
    const room = width - 3 - nameWidth - 2 - 10 - 2
    return [
      span('   '),
      span(fit(registryLabel(step.plan.package, all), nameWidth)),
      span('  '),
      span(fit(`${badge.glyph} ${badge.word}`, 10), badge.tone),
      span('  '),
      ...truth(step, seen, room),
    ]
  })
  return [...moved, ...skipped]
}

function truth(step: StepView, seen: RunView['observations'][number] | undefined, room: number): Line {
  if (needsAttention(step.status) && step.error) return [span(step.error.message, 'bad')]
  if (!seen) return [span(step.detail === '' ? 'not read again' : step.detail, 'dim')]
  const served = seen.serving === null ? 'serves' : `serves ${sanitize(seen.serving)}`
  const pointer = clip(pointerText(seen.pointer), Math.max(8, room - 4 - served.length))
  const tone = seen.agrees ? 'text' : 'bad'
  return [span(seen.agrees ? '✓ ' : '✗ ', seen.agrees ? 'ok' : 'bad'), span(served, tone), span(`  ${pointer}`, 'dim')]
}
