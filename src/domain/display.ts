import type { Brand } from './brand.ts'

/** Text that may go to a terminal. Foreign text becomes `Display` once, where it enters (CWE-150). */
export type Display = Brand<string, 'Display'>

// C0, DEL, C1, bidi controls, zero-width and line separators: what can move a cursor or disguise text.
// eslint-disable-next-line no-control-regex -- control characters are what this expression is about
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu
const MARKS = /(\p{M}{4})\p{M}+/gu

/**
 * Makes foreign text safe and its tampering visible: control characters in caret notation (`^[`, `^M`),
 * invisible ones as `<U+202E>`, long runs of combining marks cut. Pure.
 */
export function untrusted(text: string, maxLength = 4000): Display {
  const visible = text.replace(HOSTILE, caret).replace(MARKS, '$1')
  return (visible.length > maxLength ? `${visible.slice(0, maxLength)}…` : visible) as Display
}

/** As {@link untrusted}, line by line: for bodies that may keep their line breaks. */
export function untrustedLines(text: string): readonly Display[] {
  return text.split(/\r?\n/u).map((line) => untrusted(line))
}

function caret(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return `^${String.fromCodePoint(code + 0x40)}`
  if (code === 0x7f) return '^?'
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}
