import { sanitize } from '../src/domain/text/sanitize.ts'

/**
 * A copy of foreign data whose every text may go to a terminal; line breaks stay, everything else that could move a
 * cursor is made visible. Returns the same object when nothing had to change. Pure.
 */
export function safe<T>(value: T): T {
  // The shape is kept; only the contents of strings change.
  return clean(value) as T
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    const items = value.map(clean)
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  const entries = Object.entries(value)
  const cleaned = entries.map(([key, inner]) => [cleanText(key), clean(inner)] as const)
  const isSame = cleaned.every(([key, inner], index) => key === entries[index]?.[0] && inner === entries[index]?.[1])
  return isSame ? value : Object.fromEntries(cleaned)
}

/** Nearly every text. */
const PRINTABLE = /^[ -~]{0,1000}$/u

function cleanText(text: string): string {
  if (PRINTABLE.test(text)) return text
  const lines = text.split('\n').map((line) => sanitize(line.replaceAll('\t', '  ')))
  return lines.length === 1 ? (lines[0] ?? '') : lines.join('\n')
}
