export type SplitResult =
  | { readonly words: readonly string[]; readonly wrong?: undefined }
  | { readonly words?: undefined; readonly wrong: string; readonly right: string }

/** What a shell would act on where it is not quoted; nothing here does, so it is refused rather than passed on. */
const OPERATORS = new Set(['|', '&', ';', '<', '>', '(', ')', '`'])
const BLANKS = new Set([' ', '\t', '\n'])
/** All that a backslash means something before, between double quotes. */
const ESCAPED_IN_QUOTES = new Set(['"', '\\', '$', '`'])

/**
 * A command line in the words a POSIX shell would make of it: quotes and backslashes, and nothing else that shells do.
 * `${name}` stays as it is. Pure.
 */
export function splitWords(text: string): SplitResult {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (BLANKS.has(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === "'" || character === '"') {
      const quoted = character === "'" ? readSingle(text, at) : readDouble(text, at)
      if (!quoted) return { wrong: `the quote ${character} is not closed`, right: `close it with another ${character}` }
      word = (word ?? '') + quoted.text
      at = quoted.end
    } else if (character === '\\') {
      at += 1
      if (at >= text.length) return { wrong: 'a backslash stands at the end', right: 'write a character behind it' }
      word = (word ?? '') + (text.charAt(at) === '\n' ? '' : text.charAt(at))
    } else if (OPERATORS.has(character) || isExpansion(text, at)) {
      return needsShell(character)
    } else if (character === '#' && word === undefined) {
      return needsShell(character)
    } else {
      word = (word ?? '') + character
    }
  }
  return { words: word === undefined ? words : [...words, word] }
}

function readSingle(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const end = text.indexOf("'", start + 1)
  return end === -1 ? undefined : { text: text.slice(start + 1, end), end }
}

function readDouble(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let read = ''
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '"') return { text: read, end: at }
    const next = text.charAt(at + 1)
    if (character === '\\' && next === '\n') at += 1
    else if (character === '\\' && ESCAPED_IN_QUOTES.has(next)) {
      read += next
      at += 1
    } else read += character
  }
  return undefined
}

/** `$NAME` and `$(…)`, which only a shell can replace; `${name}` is ours. */
function isExpansion(text: string, at: number): boolean {
  return text.charAt(at) === '$' && /[\w(]/u.test(text.charAt(at + 1))
}

function needsShell(character: string): SplitResult {
  return {
    wrong: `"${character}" is for a shell, and none is used`,
    right: 'quote it, or write shell: true beside the command',
  }
}
