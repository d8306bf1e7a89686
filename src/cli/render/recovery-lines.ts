import type { RecoveryReport, RecoveryStep } from '../../engine/engine.ts'
import { renderHeading } from './heading.ts'
import { renderTable } from './table.ts'
import type { Line, Span, Tone } from './text.ts'

const TONES = { nothing: 'ok', verify: 'dim', run: 'careful', wait: 'careful', stop: 'bad' } as const satisfies Record<
  RecoveryStep['next'],
  Tone
>

const COLUMNS = [
  { title: 'STEP', maxWidth: 50 },
  { title: 'INTENDED' },
  { title: 'FOUND' },
  { title: 'NEXT' },
  { title: 'WHY', maxWidth: 60 },
] as const

/** A half-done run explained from what its registries serve now. Pure. */
export function renderRecovery({ view, steps }: RecoveryReport): readonly Line[] {
  const rows = steps.map(({ step, intended, found, next, explanation }): readonly Span[] => [
    step,
    intended,
    found,
    { text: next, tone: TONES[next] },
    explanation,
  ])
  const title = `${view.plan.from} to ${view.plan.to}, started ${view.startedAt}`
  return [
    [{ text: `Run ${view.id}`, tone: 'bold' }, `  ${title}`],
    ...renderHeading('Found', 'by reading the registries now'),
    ...renderTable(COLUMNS, rows),
    '',
  ]
}
