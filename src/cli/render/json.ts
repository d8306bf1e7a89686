// DEL, C1, bidi and invisible characters: JSON allows them as they are, a terminal should never see them.
// eslint-disable-next-line no-control-regex -- control characters are what this expression is about
const HOSTILE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu

/** The same text with hostile characters as `\uXXXX`: the same value for a JSON or double-quoted YAML reader. Pure. */
export function escapeHostile(text: string): string {
  return text.replace(HOSTILE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function isHostile(text: string): boolean {
  return text.search(HOSTILE) !== -1
}

/** One JSON document, indented for people. */
export function renderJson(value: unknown): string {
  return `${escapeHostile(JSON.stringify(value, null, 2))}\n`
}

/** One JSON value on one line. */
export function renderJsonLine(value: unknown): string {
  return `${escapeHostile(JSON.stringify(value))}\n`
}
