import { clip, widthOf } from '../format/text.ts'
import type { Tone } from '../theme/theme.ts'

export interface Span {
  readonly text: string
  readonly tone?: Tone
}

/** One row of the screen. */
export type Line = readonly Span[]

export const span = (text: string, tone: Tone = 'text'): Span => ({ text, tone })

export const plain = (text: string, tone: Tone = 'text'): Line => [{ text, tone }]

export const lineWidth = (line: Line): number => line.reduce((sum, { text }) => sum + widthOf(text), 0)

/** Left and right parts of one row, with the space between them. Pure. */
export function spread(left: Line, right: Line, width: number): Line {
  const gap = width - lineWidth(left) - lineWidth(right)
  return gap >= 1 ? [...left, span(' '.repeat(gap)), ...right] : left
}

/** Cuts a line to the width. Pure. */
export function clipLine(line: Line, width: number): Line {
  let room = width
  const kept: Span[] = []
  for (const part of line) {
    if (room <= 0) break
    const text = clip(part.text, room)
    kept.push({ ...part, text })
    room -= widthOf(text)
  }
  return kept
}
