import { BagboyError } from '../errors/bagboy-error.ts'

const MARKER = /^(?:<<<<<<<|\|\|\|\|\|\|\||=======|>>>>>>>)(?: |\r?$)/u

/** @throws HISTORY_CONFLICT with the lines of an unfinished git merge. */
export function refuseConflictMarkers(label: string, text: string): void {
  if (!text.includes('<<<<<<< ') && !text.includes('>>>>>>> ')) return
  if (!/(?<=^|\n)(?:<{7}|>{7}) /u.test(text)) return
  const lines = text.split('\n').flatMap((line, index) => (MARKER.test(line) ? [index + 1] : []))
  throw new BagboyError(
    'HISTORY_CONFLICT',
    `${label}:${lines[0] ?? 1}:1: an unfinished git merge, its markers are in line ${lines.join(', ')}`,
    {
      hint:
        'Keep both sides: delete only the marker lines. When both sides used the same id, give the newer entry ' +
        'the next free one; leave one entry active. Then git add the file.',
      details: { file: label, lines },
    },
  )
}
