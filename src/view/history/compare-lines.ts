import type { Change, DiffRow, VersionDiff } from '../../domain/compare.ts'
import { renderHeading } from '../heading.ts'
import { renderTable } from '../table.ts'
import type { Line, Span, Tone } from '../text.ts'

const MARKS = {
  same: ['', 'dim'],
  changed: ['changed', 'warning'],
  added: ['added', 'ok'],
  removed: ['removed', 'bad'],
} as const satisfies Record<Change, readonly [string, Tone]>

/** Two deployments side by side, section by section. Pure. */
export function renderComparison({ left, right, sections, counts }: VersionDiff): readonly Line[] {
  const columns = [
    { title: '' },
    { title: `${left.version} @${left.id}`, maxWidth: 50 },
    { title: `${right.version} @${right.id}`, maxWidth: 50 },
    { title: '' },
  ]
  return [
    `${counts.changed} changed, ${counts.added} added, ${counts.removed} removed, ${counts.same} the same`,
    ...sections.flatMap(({ title, rows }) => [...renderHeading(title), ...renderTable(columns, rows.map(cells))]),
  ]
}

function cells({ label, left, right, change }: DiffRow): readonly Span[] {
  const [word, tone] = MARKS[change]
  return [{ text: label, tone: 'dim' }, left, right, { text: word, tone }]
}
