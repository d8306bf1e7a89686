import type { Brand } from './brand.ts'

/** Text that may go to a terminal. Foreign text becomes `SafeText` once, where it enters (CWE-150). */
export type SafeText = Brand<string, 'SafeText'>

/**
 * What a terminal acts on or does not show, by Unicode's own properties: controls, formats (bidi, zero width, tags),
 * surrogates, private and unassigned characters, line and paragraph separators, every space but U+0020, fillers and
 * variation selectors. No property tells the last five: characters that have a width and no ink.
 */
const UNSEEN = /[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}\u{16fe4}]--\u0020]/gv
const SPACE = /\p{Zs}/u
const MARKS = /(\p{M}{4})\p{M}+/gu
/** What may stand inside an emoji and is shown as such only there. */
const EMOJI_PART = /\u200d|\ufe0f|\u{e007f}/u
const CUT_THROUGH = /[\p{Cs}\p{Default_Ignorable_Code_Point}]/u
/** The factor by which more is read than is shown: what follows is cut anyway. */
const READ_FACTOR = 4

/**
 * Makes foreign text safe and its tampering visible: control characters in caret notation (`^[`, `^M`), invisible ones
 * as `<U+202E>`, other spaces as a space, long runs of combining marks cut. An emoji of Unicode's closed set of
 * recommended ones stays whole. Pure.
 */
export function sanitize(text: string, maxLength = 4000): SafeText {
  const read = text.slice(0, READ_FACTOR * maxLength)
  const visible = makeVisible(read).replace(MARKS, '$1')
  const isWhole = read.length === text.length && visible.length <= maxLength
  return (isWhole ? visible : `${cut(visible, maxLength)}…`) as SafeText
}

/** As {@link sanitize}, line by line: for bodies that may keep their line breaks. */
export function sanitizeLines(text: string): readonly SafeText[] {
  return text.split(/\r?\n/u).map((line) => sanitize(line))
}

function makeVisible(text: string): string {
  if (!EMOJI_PART.test(text)) return text.replace(UNSEEN, name)
  let visible = ''
  let end = 0
  for (const { 0: emoji, index } of text.matchAll(/\p{RGI_Emoji}/gv)) {
    visible += text.slice(end, index).replace(UNSEEN, name) + emoji
    end = index + emoji.length
  }
  return visible + text.slice(end).replace(UNSEEN, name)
}

function name(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return `^${String.fromCodePoint(code + 0x40)}`
  if (code === 0x7f) return '^?'
  if (SPACE.test(character)) return ' '
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** Never between the two halves of a character, nor inside an emoji so that a joiner stays at the end. */
function cut(text: string, length: number): string {
  const characters = Array.from(text.slice(0, length))
  while (CUT_THROUGH.test(characters.at(-1) ?? '')) characters.pop()
  return characters.join('')
}
