import type { RecoveryReport } from '../../engine/engine.ts'
import { foundBadge, INTENDED, nextBadge } from '../badges.ts'
import { renderHeading } from '../heading.ts'
import { renderTable } from '../table.ts'
import type { Line, Span } from '../text.ts'

const COLUMNS = [
  { title: 'STEP', maxWidth: 50 },
  { title: 'INTENDED' },
  { title: 'FOUND' },
  { title: 'NEXT' },
  { title: 'WHY', maxWidth: 60 },
] as const

/** An open run, explained from what its registries serve now. Pure. */
export function renderRecovery(
  { view, direction, steps, notes }: RecoveryReport,
  verb: 'resume' | 'undo',
): readonly Line[] {
  const rows = steps.map((row): readonly Span[] => {
    const { next, explanation } = verb === 'undo' ? row.undo : row
    const { word, tone } = nextBadge(next)
    return [row.step, INTENDED[row.intended], foundBadge(row.found).word, { text: word, tone }, explanation]
  })
  const { from, to } = view.plan
  const isBack = verb === 'undo' || direction === 'undo'
  return [
    [{ text: `Run ${view.id}`, tone: 'strong' }, `  ${from} to ${to}, started ${view.startedAt}`],
    ...(isBack ? [[{ text: `It goes back to ${from}.`, tone: 'warning' }] as const] : []),
    ...notes.map((text): Line => ({ text, tone: 'warning' })),
    ...renderHeading('Found', 'by reading the registries now'),
    ...renderTable(COLUMNS, rows),
    '',
  ]
}
