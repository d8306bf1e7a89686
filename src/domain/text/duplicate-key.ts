import { stringEnd } from './parse-json.ts'

const BLANK = /[^"{}[\],:]*/y

interface Level {
  /** The keys that an object has had so far; `null` for a list. */
  readonly keys: Set<string> | null
  /** Key or index of the value that is being read. */
  at: string | number
}

/**
 * Where an object of this JSON text names a key a second time, as `steps.0.id`; `undefined` when none does. A parser keeps
 * the last one, so that two programs may read two different values out of the same text. The text must be valid JSON. Pure.
 */
export function duplicateKey(text: string): string | undefined {
  const levels: Level[] = []
  let previous = ''
  for (const token of tokensOf(text)) {
    const keys = levels.at(-1)?.keys
    const isKey = (previous === '{' || previous === ',') && token.startsWith('"')
    if (keys && isKey && !enterKey(levels, keys, JSON.parse(token) as string)) return pathOf(levels)
    nest(levels, token)
    previous = token
  }
  return undefined
}

/** @returns whether the object did not have the key yet */
function enterKey(levels: readonly Level[], keys: Set<string>, key: string): boolean {
  const level = levels.at(-1)
  if (level) level.at = key
  const isNew = !keys.has(key)
  keys.add(key)
  return isNew
}

function nest(levels: Level[], token: string): void {
  const level = levels.at(-1)
  if (token === '{') levels.push({ keys: new Set(), at: '' })
  else if (token === '[') levels.push({ keys: null, at: 0 })
  else if (token === '}' || token === ']') levels.pop()
  else if (token === ',' && typeof level?.at === 'number') level.at += 1
}

function pathOf(levels: readonly Level[]): string {
  return levels.map(({ at }) => at).join('.')
}

function* tokensOf(text: string): Generator<string> {
  for (let index = 0; index < text.length;) {
    BLANK.lastIndex = index
    BLANK.exec(text)
    const start = BLANK.lastIndex
    if (start === text.length) return
    index = text[start] === '"' ? stringEnd(text, start) : start + 1
    yield text.slice(start, index)
  }
}
