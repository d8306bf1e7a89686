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
  for (let at = 0; at < text.length;) {
    if (BLANKS.has(text.charAt(at))) {
      if (word !== undefined) words.push(word)
      word = undefined
      at += 1
      continue
    }
    const piece = readPiece(text, at, word === undefined)
    if ('wrong' in piece) return piece
    word = (word ?? '') + piece.text
    at = piece.end
  }
  return { words: word === undefined ? words : [...words, word] }
}

interface Piece {
  readonly text: string
  /** The first character behind it. */
  readonly end: number
}
type Wrong = Extract<SplitResult, { wrong: string }>

function readPiece(text: string, at: number, isStart: boolean): Piece | Wrong {
  const character = text.charAt(at)
  if (character === "'" || character === '"') {
    const quoted = character === "'" ? readSingle(text, at) : readDouble(text, at)
    return quoted ?? { wrong: `the quote ${character} is not closed`, right: `close it with another ${character}` }
  }
  if (character === '\\') {
    const next = text.charAt(at + 1)
    if (next === '') return { wrong: 'a backslash stands at the end', right: 'write a character behind it' }
    return { text: next === '\n' ? '' : next, end: at + 2 }
  }
  const isForShell = OPERATORS.has(character) || isExpansion(text, at) || (character === '#' && isStart)
  return isForShell ? needsShell(character) : { text: character, end: at + 1 }
}

function readSingle(text: string, start: number): Piece | undefined {
  const end = text.indexOf("'", start + 1)
  return end === -1 ? undefined : { text: text.slice(start + 1, end), end: end + 1 }
}

function readDouble(text: string, start: number): Piece | undefined {
  let read = ''
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '"') return { text: read, end: at + 1 }
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

function needsShell(character: string): Wrong {
  return {
    wrong: `"${character}" is for a shell, and none is used`,
    right: 'quote it, or write shell: true beside the command',
  }
}
