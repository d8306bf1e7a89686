import { parseCanonical } from './canonical-yaml.ts'
import { emitScalar } from './emit-yaml.ts'
import type { KeyChange } from './key-change.ts'

interface KeyLine {
  readonly name: string
  /** Behind the colon. */
  readonly value: number
  /** Before the line break. */
  readonly end: number
}

const KEY = /"?([A-Za-z_][\w.-]*)"?:/uy
const VALUE = /^ +(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#[\]{}]+)(?= *$| +#)/u

/**
 * As `setKey`, in an entry of the form that we write, where every value ends on its line: it may be of any length, the
 * full parser takes limited ones. `undefined` when it has another form.
 * @param anchors behind the first of these that is there a new key goes
 */
export function setKeyByLine(
  text: string,
  { key, value, eol }: KeyChange,
  anchors: readonly string[],
): string | undefined {
  if (parseCanonical(text) === undefined) return undefined
  const { lines, column, first } = keyLines(text)
  const line = lines.find(({ name }) => name === key)
  const literal = emitScalar(value)
  if (line) {
    const old = VALUE.exec(text.slice(line.value, line.end))?.[0]
    return old === undefined
      ? undefined
      : `${text.slice(0, line.value)} ${literal}${text.slice(line.value + old.length)}`
  }
  const indent = ' '.repeat(column)
  if (key === 'id') return `${text.slice(0, first)}id: ${literal}${eol}${indent}${text.slice(first)}`
  const anchor = anchors.map((name) => lines.find((candidate) => candidate.name === name)).find(Boolean)
  if (!anchor) return undefined
  const added = `${indent}${key}: ${literal}`
  const newline = text.indexOf('\n', anchor.end)
  return newline === -1
    ? `${text}${eol}${added}`
    : `${text.slice(0, newline + 1)}${added}${eol}${text.slice(newline + 1)}`
}

/** The lines with the entry's own keys; `first` is where the first of them begins, at `column` of its line. */
function keyLines(text: string): {
  readonly lines: readonly KeyLine[]
  readonly column: number
  readonly first: number
} {
  const lines: KeyLine[] = []
  let column = -1
  let first = -1
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const next = newline === -1 ? text.length : newline + 1
    const line = text.slice(start, next).trimEnd()
    const content = /^ *(?:- +)?/u.exec(line)?.[0].length ?? 0
    const isEntry = column === -1 && line.trimStart().startsWith('- ')
    if (isEntry) [column, first] = [content, start + content]
    const isOwn = isEntry || (content === column && !line.trimStart().startsWith('-'))
    KEY.lastIndex = content
    const found = isOwn ? KEY.exec(line) : null
    if (found) lines.push({ name: found[1] ?? '', value: start + KEY.lastIndex, end: start + line.length })
    start = next
  }
  return { lines, column, first }
}
