const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL'])
const TRUES: ReadonlySet<string> = new Set(['true', 'True', 'TRUE'])
const FALSES: ReadonlySet<string> = new Set(['false', 'False', 'FALSE'])
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?$/u

/**
 * What an unquoted scalar means. A number only when its text is the one we would write ourselves; `1.10`,
 * `0123456`, `1234e5` and integers beyond 2^53 stay the text they were, so that no version or commit changes
 * its value by being read. Pure.
 */
export function resolvePlain(source: string): null | boolean | number | string {
  const first = source.charCodeAt(0)
  if (first === 0x2d || (first >= 0x30 && first <= 0x39)) {
    return NUMBER.test(source) && String(Number(source)) === source ? Number(source) : source
  }
  if (source.length > 5) return source
  if (NULLS.has(source)) return null
  if (TRUES.has(source)) return true
  return FALSES.has(source) ? false : source
}
