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
  /\s+|#[^\n]*|(?<mark>[{};])|(?<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<plain>(?:\\.|\$\{[^}]*\}|[^\s{};"'#\\])+)/suy

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

interface Parsed {
  readonly directives: readonly NginxDirective[]
  /** The token behind the block: a `}`, or the end. */
  readonly next: number
}

function parseBlock(tokens: readonly Token[], from: number): Parsed | undefined {
  const directives: NginxDirective[] = []
  let words: Token[] = []
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (!token) return undefined
    if (!token.isMark) {
      words.push(token)
      continue
    }
    const [first] = words
    if (token.text === '}') return first ? undefined : { directives, next: at }
    if (!first) return undefined
    const inner = token.text === '{' ? parseBlock(tokens, at + 1) : undefined
    const last = inner ? tokens[inner.next] : token
    if (token.text === '{' && (!inner || !last)) return undefined
    directives.push({ words, start: first.start, end: last?.end ?? token.end, block: inner?.directives })
    at = inner?.next ?? at
    words = []
  }
  return words.length === 0 ? { directives, next: tokens.length } : undefined
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
