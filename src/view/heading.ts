import type { Line } from './text.ts'

/** An empty line, then a title with a faint note. Pure. */
export function renderHeading(title: string, note = ''): readonly Line[] {
  return [
    '',
    [
      { text: title, tone: 'strong' },
      { text: note === '' ? '' : `  ${note}`, tone: 'dim' },
    ],
  ]
}
