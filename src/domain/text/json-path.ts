import type { Json } from './json.ts'

export type JsonPath = readonly (string | number)[]

const STEP = /\.([A-Za-z_][\w-]*)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/uy

/** `$.a.b[0]['c d']`: the path to one value, as RFC 9535 writes it; `undefined` for anything else. Pure. */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined
  const path: (string | number)[] = []
  STEP.lastIndex = 1
  while (STEP.lastIndex < text.length) {
    const found = STEP.exec(text)
    if (!found) return undefined
    const [, name, index, single, double] = found
    if (index === undefined) path.push((name ?? single ?? double ?? '').replaceAll(/\\(.)/gu, '$1'))
    else path.push(Number(index))
  }
  return path
}

/** What stands there; `undefined` when nothing does. Pure. */
export function jsonAt(value: Json, path: JsonPath): Json | undefined {
  let found: Json | undefined = value
  for (const step of path) {
    if (found === null || typeof found !== 'object') return undefined
    if (Array.isArray(found) !== (typeof step === 'number')) return undefined
    if (!Object.hasOwn(found, step)) return undefined
    found = (found as Readonly<Record<string | number, Json>>)[step]
  }
  return found
}
