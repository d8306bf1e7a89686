const ESC = '\u001B'
const PASTE_START = `${ESC}[200~`
const PASTE_END = `${ESC}[201~`

/** What one read of the terminal holds, and what has to wait for the next read. */
export interface SplitInput {
  /** One key, or one whole paste, each in the bytes the terminal sent. */
  readonly keys: readonly string[]
  /** The beginning of a sequence; empty when nothing waits. */
  readonly pending: string
}

/**
 * Splits terminal input into keys. Arrows that came in one read stay apart, a paste stays whole, and replies of the
 * terminal (mouse, focus, cursor position, device attributes, OSC, DCS) are swallowed. Pure.
 */
export function splitKeys(input: string): SplitInput {
  const keys: string[] = []
  let rest = input
  while (rest !== '') {
    const token = nextToken(rest)
    if (token === undefined) return { keys, pending: rest }
    if (!isReply(token)) keys.push(token)
    rest = rest.slice(token.length)
  }
  return { keys, pending: '' }
}

/** `undefined`: the sequence is not complete yet. */
function nextToken(input: string): string | undefined {
  if (!input.startsWith(ESC)) return String.fromCodePoint(input.codePointAt(0) ?? 0)
  if (input.startsWith(PASTE_START)) return until(input, PASTE_END)
  const second = input[1]
  if (second === undefined) return undefined
  if (second === '[') return csi(input)
  if (second === 'O') return input.length < 3 ? undefined : input.slice(0, 3)
  if (second === ']' || second === 'P' || second === '_') return stringSequence(input)
  if (second === ESC) return ESC
  return ESC + String.fromCodePoint(input.codePointAt(1) ?? 0)
}

function until(input: string, end: string): string | undefined {
  const at = input.indexOf(end)
  return at === -1 ? undefined : input.slice(0, at + end.length)
}

function csi(input: string): string | undefined {
  // X10 mouse reports carry three raw bytes after their final letter.
  if (input[2] === 'M') return input.length < 6 ? undefined : input.slice(0, 6)
  for (let index = 2; index < input.length; index += 1) {
    const code = input.charCodeAt(index)
    if (index === 2 && code === 0x5b) continue
    if (code >= 0x40 && code <= 0x7e) return input.slice(0, index + 1)
    if (code < 0x20 || code > 0x7e) return input.slice(0, index)
  }
  return undefined
}

function stringSequence(input: string): string | undefined {
  const bell = until(input, '\u0007')
  const terminator = until(input, `${ESC}\\`)
  if (bell === undefined || terminator === undefined) return bell ?? terminator
  return bell.length < terminator.length ? bell : terminator
}

// eslint-disable-next-line no-control-regex -- terminal replies begin with the escape character
const REPLY = /^\u001B(?:\[(?:[IO]|<[\d;]*[Mm]|M[\s\S]{3}|\??[\d;]*[Rcnuy]|\?[\d;]*\$y)|\][\s\S]*|P[\s\S]*|_[\s\S]*)$/u

function isReply(token: string): boolean {
  return REPLY.test(token)
}
