import type { Json, JsonObject } from '../../domain/text/json.ts'

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/u
// Words that some YAML reader takes for something else than a text.
const LOADED_WORD = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/iu
// JSON leaves these as they are; editors, terminals and YAML readers treat them as breaks or drop them.
const UNSAFE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu

/** A list entry in our one style: block form, two spaces a level, every text in double quotes. Pure. */
export function emitItem(data: JsonObject, column: number, eol: string): string {
  const lines = mapLines(data, column + 2)
  const [first = ''] = lines
  const dash = `${' '.repeat(column)}- ${first.trimStart()}`
  return [dash, ...lines.slice(1), ''].join(eol)
}

/** A scalar, or an empty list or map, as it stands after `key: `. Pure. */
export function emitScalar(value: null | boolean | number | string): string {
  if (typeof value === 'string') return emitText(value)
  return value === null ? 'null' : String(value)
}

function emitText(text: string): string {
  return JSON.stringify(text).replace(UNSAFE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function mapLines(data: JsonObject, column: number): readonly string[] {
  return Object.entries(data).flatMap(([key, value]) => entryLines(key, value, column))
}

function entryLines(key: string, value: Json, column: number): readonly string[] {
  const head = `${' '.repeat(column)}${emitKey(key)}:`
  const inline = emitInline(value)
  if (inline !== undefined) return [`${head} ${inline}`]
  return [head, ...(Array.isArray(value) ? listLines(value, column + 2) : mapLines(value as JsonObject, column + 2))]
}

function listLines(items: readonly Json[], column: number): readonly string[] {
  const dash = `${' '.repeat(column)}-`
  return items.flatMap((item) => {
    const inline = emitInline(item)
    if (inline !== undefined) return [`${dash} ${inline}`]
    // A list right inside a list has no block form that is easy to read.
    if (Array.isArray(item)) return [`${dash} ${emitFlow(item)}`]
    const [first = '', ...rest] = mapLines(item as JsonObject, column + 2)
    return [`${dash} ${first.trimStart()}`, ...rest]
  })
}

function emitInline(value: Json): string | undefined {
  if (value === null || typeof value !== 'object') return emitScalar(value)
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined
  return Object.keys(value).length === 0 ? '{}' : undefined
}

function emitFlow(value: Json): string {
  if (value === null || typeof value !== 'object') return emitScalar(value)
  if (Array.isArray(value)) return `[${value.map(emitFlow).join(', ')}]`
  const entries = Object.entries(value as JsonObject)
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([key, inner]) => `${emitKey(key)}: ${emitFlow(inner)}`).join(', ')} }`
}

function emitKey(key: string): string {
  return PLAIN_KEY.test(key) && !LOADED_WORD.test(key) ? key : emitText(key)
}
