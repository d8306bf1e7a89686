import { untrusted } from '../../src/domain/display.ts'
import type { ReleaseVerdict } from '../../src/events/watch-events.ts'
import type { RunView, StepView } from '../../src/events/project-run.ts'
import { isSettled, needsAttention } from '../../src/machine/step-status.ts'
import type { RunState } from '../../store/state.ts'
import { pointerText, registryLabel } from '../format/names.ts'
import { clip, fit, plural, wrap } from '../format/text.ts'
import { clockTime, duration, elapsed } from '../format/time.ts'
import { plain, span, type Line } from '../primitives/TextLine.tsx'
import { stepBadge, type Badge } from '../theme/glyphs.ts'
import { labelled } from './columns-line.ts'

const RESULTS: Readonly<Record<NonNullable<RunView['result']>, Badge>> = {
  complete: { glyph: '✓', word: 'COMPLETE: every registry was read back', tone: 'ok' },
  partial: { glyph: '▲', word: 'PARTIAL: some registries are not done', tone: 'bad' },
  failed: { glyph: '✗', word: 'FAILED', tone: 'bad' },
  aborted: { glyph: '▲', word: 'STOPPED: nothing was undone', tone: 'careful' },
  undone: { glyph: '↺', word: 'UNDONE: every pointer is back where it was', tone: 'careful' },
  manual: { glyph: '▲', word: 'STEPS BY HAND are left', tone: 'careful' },
}

const LABEL = 15

/** How it ended, in words first, with the figures a script would get. Pure. */
export function outcomeLines(run: RunState, width: number, watchedUntil: string | null = null): readonly Line[] {
  const { view, error } = run
  if (error) {
    return [
      [span(' ✗ ', 'bad'), span('The run ended with an error', 'bad')],
      ...wrap(`${error.code}  ${error.message}`, width - 3).map((text) => plain(`   ${text}`)),
      ...(error.hint === null ? [] : wrap(error.hint, width - 3).map((text) => plain(`   ${text}`, 'info'))),
    ]
  }
  if (!view) return [plain(' Reading the journal …', 'dim')]
  const badge = RESULTS[view.result ?? 'failed']
  const done = view.steps.filter(({ status }) => isSettled(status) || status === 'undone').length
  const word = view.result === null ? 'STILL OPEN' : badge.word
  return [
    [span(` ${badge.glyph} ${word}`, badge.tone)],
    ...labelled(
      'Version',
      [
        `${view.plan.from} → ${view.plan.to}   ${done} of ${plural(view.steps.length, 'registry', 'registries')}   ${elapsed(view.startedAt, view.finishedAt ?? view.startedAt)}`,
      ],
      LABEL,
    ),
    ...labelled(
      'Exit code',
      [`${view.exitCode ?? '–'}${view.deploymentId === null ? '' : `   history entry ${view.deploymentId}`}`],
      LABEL,
    ),
    ...healthLines(run, width, watchedUntil),
    ...(view.summary === '' ? [] : labelled('Summary', wrap(view.summary, width - LABEL - 1), LABEL)),
  ]
}

/** Whether the version that was gone back to does well, once that is known. */
function healthLines({ health }: RunState, width: number, watchedUntil: string | null): readonly Line[] {
  if (!health) return []
  if (health.state === 'watching') {
    const until = watchedUntil === null ? '' : ` until ${clockTime(watchedUntil)}`
    return labelled('Health', [`○ watched${until}; whoever does not wait leaves it open`], LABEL, 'info')
  }
  const badge = VERDICTS[health.state]
  const words = `${badge.glyph} ${badge.word}, watched for ${duration(health.watchedMs)}`
  const why = health.why === '' ? [] : wrap(health.why, width - LABEL - 1)
  return [...labelled('Health', [words], LABEL, badge.tone), ...why.flatMap((text) => labelled('', [text], LABEL))]
}

const VERDICTS: Readonly<Record<ReleaseVerdict, Badge>> = {
  healthy: { glyph: '✓', word: 'healthy', tone: 'ok' },
  unhealthy: { glyph: '✗', word: 'UNHEALTHY', tone: 'bad' },
  unknown: { glyph: '▲', word: 'nothing could be told', tone: 'careful' },
}

/** What is true now, registry by registry: from the last reading, not from what was sent. Pure. */
export function truthLines(view: RunView, width: number): readonly Line[] {
  const all = view.steps.map(({ plan }) => plan.package)
  const nameWidth = Math.min(24, Math.max(...all.map((one) => registryLabel(one, all).length), 8))
  return view.steps.map((step) => {
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
}

function truth(step: StepView, seen: RunView['observations'][number] | undefined, room: number): Line {
  if (needsAttention(step.status) && step.error) return [span(step.error.message, 'bad')]
  if (!seen) return [span(step.detail === '' ? 'not read again' : step.detail, 'dim')]
  const served = seen.serving === null ? 'serves' : `serves ${untrusted(seen.serving)}`
  const pointer = clip(pointerText(seen.pointer), Math.max(8, room - 4 - served.length))
  const tone = seen.agrees ? 'text' : 'bad'
  return [span(seen.agrees ? '✓ ' : '✗ ', seen.agrees ? 'ok' : 'bad'), span(served, tone), span(`  ${pointer}`, 'dim')]
}
