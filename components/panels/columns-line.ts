import { fit } from '../format/text.ts'
import { span, type Line } from '../primitives/TextLine.tsx'
import type { Tone } from '../theme/theme.ts'
import type { DiffLine } from './text-diff.ts'

/** One row of a side-by-side text: the mark stands in the middle, both halves are equally wide. Pure. */
export function diffLine({ left, right, mark }: DiffLine, width: number): Line {
  const half = Math.floor((width - 5) / 2)
  const [leftTone, rightTone]: readonly [Tone, Tone] = mark === ' ' ? ['dim', 'dim'] : ['bad', 'ok']
  return [
    span(' '),
    span(fit(left ?? '', half), leftTone),
    span(' │', 'dim'),
    span(mark, mark === ' ' ? 'dim' : 'careful'),
    span(fit(right ?? '', half), rightTone),
  ]
}

/** `Label      text`, the text wrapped beside its label. Pure. */
export function labelled(label: string, texts: readonly string[], labelWidth: number, tone: Tone = 'text'): readonly Line[] {
  return texts.map((text, index) => [
    span(fit(index === 0 ? ` ${label}` : '', labelWidth), 'dim'),
    span(text, tone),
  ])
}
