import { BagboyError } from '../../errors/bagboy-error.ts'
import { markerOf } from './split-conflict.ts'

/** A line that only git begins so: entries are indented. */
const EDGE = /(?:^|\n)(?:<{7}|>{7})/u

/** Pure. */
export function hasConflictMarkers(text: string): boolean {
  if (!EDGE.test(text)) return false
  return text.split('\n').some((line) => ['<', '>'].includes(markerOf(line)?.kind ?? ''))
}

/** @throws HISTORY_CONFLICT with the lines of an unfinished git merge. */
export function refuseConflictMarkers(label: string, text: string): void {
  if (!hasConflictMarkers(text)) return
  const lines = text.split('\n').flatMap((line, index) => (markerOf(line) ? [index + 1] : []))
  throw new BagboyError(
    'HISTORY_CONFLICT',
    `${label}:${lines[0] ?? 1}:1: an unfinished git merge, its markers are in line ${lines.join(', ')}`,
    {
      hint: 'Keep both sides: bagboy-tui history repair',
      details: { file: label, lines },
    },
  )
}
