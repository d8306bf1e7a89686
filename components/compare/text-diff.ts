import { diffArrays } from 'diff'

export interface DiffLine {
  /** `undefined`: this side has no such line. */
  readonly left: string | undefined
  readonly right: string | undefined
  readonly mark: ' ' | '~' | '+' | '-'
}

/** Equal lines that are shown around a change. */
const CONTEXT = 2

/** Two texts line by line beside each other; long equal stretches are folded into one line that counts them. Pure. */
export function sideBySide(before: string, after: string): readonly DiffLine[] {
  const parts = diffArrays(lines(before), lines(after))
  const rows: DiffLine[] = []
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]
    if (!part) continue
    const next = parts[index + 1]
    if (part.removed && next?.added) {
      rows.push(...pair(part.value, next.value))
      index += 1
    } else if (part.removed) rows.push(...part.value.map((left) => ({ left, right: undefined, mark: '-' }) as const))
    else if (part.added) rows.push(...part.value.map((right) => ({ left: undefined, right, mark: '+' }) as const))
    else rows.push(...fold(part.value, index === 0, index === parts.length - 1))
  }
  return rows
}

function lines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/u, '').split('\n')
}

function pair(left: readonly string[], right: readonly string[]): readonly DiffLine[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const mark = left[index] === undefined ? '+' : right[index] === undefined ? '-' : '~'
    return { left: left[index], right: right[index], mark }
  })
}

function fold(equal: readonly string[], isFirst: boolean, isLast: boolean): readonly DiffLine[] {
  const same = (text: string): DiffLine => ({ left: text, right: text, mark: ' ' })
  const head = isFirst ? 0 : CONTEXT
  const tail = isLast ? 0 : CONTEXT
  const hidden = equal.length - head - tail
  if (hidden <= 1) return equal.map(same)
  const folded = `… ${hidden} equal lines`
  return [...equal.slice(0, head).map(same), same(folded), ...equal.slice(equal.length - tail).map(same)].slice(
    0,
    head + 1 + tail,
  )
}
