/** As in `sanitize`, without the C0 controls: JSON escapes those, and the line breaks between its lines are ours. */
// eslint-disable-next-line no-control-regex -- control characters are what this expression is about
const HOSTILE = /[[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\u0000-\u001f]]/gv

/** The same text with hostile characters as `\uXXXX`: the same value for a reader of JSON. Pure. */
function escapeForJson(text: string): string {
  return text.replace(HOSTILE, (found) => found.split('').map(escapeUnit).join(''))
}

/** As {@link escapeForJson} for double-quoted YAML, which has a code point beyond 16 bits in one escape. Pure. */
export function escapeForYaml(text: string): string {
  return text.replace(HOSTILE, (found) => {
    const code = found.codePointAt(0) ?? 0
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : escapeUnit(found)
  })
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

export function isHostile(text: string): boolean {
  return text.search(HOSTILE) !== -1
}

/** One JSON document, indented for people. */
export function renderJson(value: unknown): string {
  return `${escapeForJson(JSON.stringify(value, null, 2))}\n`
}

/** One JSON value on one line. */
export function renderJsonLine(value: unknown): string {
  return `${escapeForJson(JSON.stringify(value))}\n`
}
