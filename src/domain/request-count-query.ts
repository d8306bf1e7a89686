const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const QUOTES = new Set(['"', "'", '`'])

/**
 * How many requests a PromQL ratio is about, as a query of its own: what stands behind its one outermost `/`, over
 * `windowMs` where it is a rate. `undefined` where that cannot be told. Pure.
 */
export function requestCountQuery(query: string, windowMs: number): string | undefined {
  const outside = maskInner(query)
  if (/[+\-*%^]|\b(?:and|or|unless)\b/u.test(outside)) return undefined
  const at = outside.indexOf('/')
  if (at === -1 || at !== outside.lastIndexOf('/')) return undefined
  const divisor = query.slice(at + 1).trim()
  if (/\bincrease\s*\(/u.test(divisor)) return divisor
  return /\brate\s*\(/u.test(divisor) ? `(${divisor}) * ${windowMs / 1000}` : undefined
}

/** The text with everything inside of brackets and quotes blotted out, character by character. */
function maskInner(text: string): string {
  const open: string[] = []
  let masked = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (QUOTES.has(character)) {
      const end = endOfQuote(text, at)
      masked += '_'.repeat(end - at + 1)
      at = end
      continue
    }
    if (character in CLOSING) open.push(CLOSING[character] ?? '')
    masked += open.length > 0 ? '_' : character
    if (character === open.at(-1)) open.pop()
  }
  return masked
}

function endOfQuote(text: string, start: number): number {
  const quote = text.charAt(start)
  for (let at = start + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\' && quote !== '`') at += 1
    else if (text.charAt(at) === quote) return at
  }
  return text.length - 1
}
