import { fit } from '../format/text.ts'
import type { Tone } from '../theme/theme.ts'
import type { DiffLine } from '../compare/text-diff.ts'
import { span, type Line } from './line.ts'

/** One row of a side-by-side text: the mark stands in the middle, both halves are equally wide. Pure. */
export function diffLine({ left, right, mark }: DiffLine, width: number): Line {
  const half = Math.floor((width - 5) / 2)
  const [shownLeft, shownRight] = focus(left ?? '', right ?? '', half)
  const [leftTone, rightTone]: readonly [Tone, Tone] = mark === ' ' ? ['dim', 'dim'] : ['bad', 'ok']
  return [
    span(' '),
    span(fit(shownLeft, half), leftTone),
    span(' │', 'dim'),
    span(mark, mark === ' ' ? 'dim' : 'warning'),
    span(fit(shownRight, half), rightTone),
  ]
}

/** Long lines start shortly before the place where they differ: a change that is cut off is no change. */
function focus(wholeLeft: string, wholeRight: string, width: number): readonly [string, string] {
  const isTooLong = Math.max(wholeLeft.length, wholeRight.length) > width
  const [left, right] = isTooLong ? shortenHashes(wholeLeft, wholeRight) : [wholeLeft, wholeRight]
  if (left === right || Math.max(left.length, right.length) <= width) return [left, right]
  const same = Array.from(left).findIndex((character, index) => character !== right[index])
  const start = (same === -1 ? left.length : same) - Math.floor(width / 2)
  return start <= 1 ? [left, right] : [`…${left.slice(start)}`, `…${right.slice(start)}`]
}

/** The rest of a hash is cut off, except where only the rest differs. */
function shortenHashes(left: string, right: string): readonly [string, string] {
  const short = (text: string): string => text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/gu, '$1…')
  return left !== right && short(left) === short(right) ? [left, right] : [short(left), short(right)]
}

/** `Label      text`, the text wrapped beside its label. Pure. */
export function labelled(
  label: string,
  texts: readonly string[],
  labelWidth: number,
  tone: Tone = 'text',
): readonly Line[] {
  return texts.map((text, index) => [span(fit(index === 0 ? ` ${label}` : '', labelWidth), 'dim'), span(text, tone)])
}
