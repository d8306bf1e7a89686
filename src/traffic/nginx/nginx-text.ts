/** A piece of an nginx configuration with its place in the text. */
export interface NginxWord {
  /** Without the quotes around it. */
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface NginxDirective {
  readonly words: readonly NginxWord[]
  /** From its first word to behind its `;` or `}`. */
  readonly start: number
  readonly end: number
  /** What stands between its braces; `undefined` when it ends with a `;`. */
  readonly block: readonly NginxDirective[] | undefined
}

const TOKEN =
  /\s+|#[^\n]*|(?<mark>[{};])|(?<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<plain>(?:\\.|\$\{\w*\}|[^\s{};"'#\\])+)/suy

interface Token extends NginxWord {
  readonly isMark: boolean
}

/** The directives of a text; `undefined` when it is not one whole configuration. Pure. */
export function parseNginx(text: string): readonly NginxDirective[] | undefined {
  const tokens = tokensOf(text)
  if (!tokens) return undefined
  const parsed = parseBlock(tokens, 0)
  return parsed?.next === tokens.length ? parsed.directives : undefined
}

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    if (!found) return undefined
    const { mark, quoted, plain } = found.groups ?? {}
    const value = mark ?? plain ?? quoted?.slice(1, -1)
    if (value !== undefined) tokens.push({ text: value, start: at, end: TOKEN.lastIndex, isMark: mark !== undefined })
  }
  return tokens
}

/** `next`: the token behind it. Of a block that is its `}`, or the end. */
type Parsed<Part> = Part & { readonly next: number }

/** Blocks within blocks; configurations that are in use have a handful. */
const MAX_DEPTH = 50

function parseBlock(
  tokens: readonly Token[],
  from: number,
  depth = 0,
): Parsed<{ readonly directives: readonly NginxDirective[] }> | undefined {
  if (depth > MAX_DEPTH) return undefined
  const directives: NginxDirective[] = []
  let next = from
  for (let token = tokens[next]; token && !(token.isMark && token.text === '}'); token = tokens[next]) {
    const parsed = parseDirective(tokens, next, depth)
    if (!parsed) return undefined
    directives.push(parsed.directive)
    next = parsed.next
  }
  return { directives, next }
}

function parseDirective(
  tokens: readonly Token[],
  from: number,
  depth: number,
): Parsed<{ readonly directive: NginxDirective }> | undefined {
  let at = from
  while (tokens[at]?.isMark === false) at += 1
  const [words, mark] = [tokens.slice(from, at), tokens[at]]
  const start = words[0]?.start
  if (start === undefined || mark === undefined || mark.text === '}') return undefined
  if (mark.text === ';') return { directive: { words, start, end: mark.end, block: undefined }, next: at + 1 }
  const inner = parseBlock(tokens, at + 1, depth + 1)
  const close = inner && tokens[inner.next]
  if (!inner || !close) return undefined
  return { directive: { words, start, end: close.end, block: inner.directives }, next: inner.next + 1 }
}

export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text with pieces of it replaced and every other byte as it was. Pure. */
export function spliceText(text: string, splices: readonly Splice[]): string {
  return splices
    .toSorted((a, b) => b.start - a.start)
    .reduce((spliced, { start, end, text: piece }) => spliced.slice(0, start) + piece + spliced.slice(end), text)
}
