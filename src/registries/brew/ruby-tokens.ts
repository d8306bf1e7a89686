/** A word, sign or text of Ruby, as far as formulas and casks use it. */
export interface RubyToken {
  /** `end`: a statement ends here. `text`: a string with what stands between its quotes. `label`: `tag:`. `symbol`: `:latest`. */
  readonly kind: 'word' | 'label' | 'symbol' | 'text' | 'sign' | 'end'
  readonly value: string
  /** Whether `#{…}` in a text is replaced. */
  readonly isFilled?: boolean
}

const SPACE = /[ \t\r\f\v]+/uy
const WORD = /[$@]{0,2}[\p{L}_\d][\p{L}\p{M}_\d]*[?!]?/uy
const HEREDOC = /<<[~-]?(["'`]?)([A-Z_][A-Za-z_\d]*)\1/uy
const PERCENT = /%[wWiIqQrxs]?[[({<|!/]/uy
const OPERATOR = /=>|==|=~|\|\||&&|<<|>>|\*\*|::|&\.|\.\.\.?|[<>!+*/-]=|[^]/uy
/** After one of these a line is not over. */
const GOES_ON = new Set([
  ',',
  '=',
  '=>',
  '+',
  '-',
  '*',
  '||',
  '&&',
  '|',
  '.',
  '&.',
  '\\',
  '(',
  '[',
  '{',
  '<<',
  '::',
  '?',
  ':',
])
const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }

/**
 * Splits a text of Ruby into its words, without comments, documents (`<<~EOS`) and data (`__END__`). Nothing is evaluated.
 * It goes through the text once.
 */
export function rubyTokens(text: string): readonly RubyToken[] {
  return new Reader(text).read()
}

class Reader {
  readonly #text: string
  readonly #tokens: RubyToken[] = []
  readonly #awaited: string[] = []
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): readonly RubyToken[] {
    while (this.#at < this.#text.length) this.#step()
    return this.#tokens
  }

  #step(): void {
    if (this.#isSkipped() || this.#take(SPACE) !== undefined) return
    const char = this.#text.charAt(this.#at)
    if (char === '\n') return this.#newLine()
    if (char === '\\' && this.#text.charAt(this.#at + 1) === '\n') return void (this.#at += 2)
    if (char === '"' || char === "'" || char === '`') return this.#quoted(char)
    if (char === ':') return this.#colon()
    if (this.#mayBeginValue() && this.#value(char)) return
    const word = this.#take(WORD)
    if (word !== undefined) return this.#word(word)
    this.#sign(this.#take(OPERATOR) ?? char)
  }

  /** Comments, and what stands behind the end of the program. */
  #isSkipped(): boolean {
    const isAt = (mark: string): boolean => this.#text.startsWith(mark, this.#at)
    if (isAt('#')) this.#at = this.#lineEnd()
    else if (this.#isLineStart() && isAt('__END__')) this.#at = this.#text.length
    else if (this.#isLineStart() && isAt('=begin')) this.#skipTo('\n=end')
    else return false
    return true
  }

  /** An expression, a list of words or a document, where a value may begin. */
  #value(char: string): boolean {
    if (char === '/') {
      this.#at += 1
      this.#enclosed('/', '/')
      return true
    }
    const open = this.#take(PERCENT)?.slice(-1)
    if (open !== undefined) {
      this.#enclosed(open, OPENING[open] ?? open)
      return true
    }
    const heredoc = this.#take(HEREDOC)
    if (heredoc === undefined) return false
    this.#awaited.push(heredoc.replaceAll(/[<~"'`-]/gu, ''))
    this.#add('text', '')
    return true
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #isLineStart(): boolean {
    return this.#at === 0 || this.#text.charAt(this.#at - 1) === '\n'
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at)
    return end < 0 ? this.#text.length : end
  }

  #skipTo(mark: string): void {
    const end = this.#text.indexOf(mark, this.#at)
    this.#at = end < 0 ? this.#text.length : end + mark.length
    if (end >= 0) this.#at = this.#lineEnd()
  }

  #newLine(): void {
    this.#at += 1
    for (const name of this.#awaited.splice(0)) this.#skipDocument(name)
    const last = this.#tokens.at(-1)
    const goesOn = last?.kind === 'label' || (last?.kind === 'sign' && GOES_ON.has(last.value))
    if (this.#depth === 0 && last?.kind !== 'end' && !goesOn) this.#add('end', '')
  }

  #skipDocument(name: string): void {
    while (this.#at < this.#text.length) {
      const end = this.#lineEnd()
      const line = this.#text.slice(this.#at, end).trim()
      this.#at = end + 1
      if (line === name) return
    }
  }

  #quoted(quote: string): void {
    const end = this.#endOfQuoted(this.#at + 1, quote)
    const value = this.#text.slice(this.#at + 1, end)
    this.#at = end + 1
    this.#add('text', value, quote !== "'")
  }

  #endOfQuoted(from: number, quote: string): number {
    let at = from
    while (at < this.#text.length) {
      const char = this.#text.charAt(at)
      if (char === quote) return at
      if (char === '\\') at += 1
      else if (quote !== "'" && char === '#' && this.#text.charAt(at + 1) === '{') at = this.#endOfFilling(at + 2)
      at += 1
    }
    return this.#text.length
  }

  /** Within `#{…}`, where quotes of the text do not end it. */
  #endOfFilling(from: number): number {
    let depth = 1
    for (let at = from; at < this.#text.length; at += 1) {
      const char = this.#text.charAt(at)
      if (char === '\n') return at
      if (char === '{') depth += 1
      if (char === '}') depth -= 1
      if (depth === 0) return at
    }
    return this.#text.length
  }

  /** A regular expression or a list of words, with its own kind of brackets inside. */
  #enclosed(open: string, close: string): void {
    let depth = 1
    while (this.#at < this.#text.length && depth > 0) {
      const char = this.#text.charAt(this.#at)
      if (char === '\\') this.#at += 1
      else if (char === close) depth -= 1
      else if (char === open) depth += 1
      this.#at += 1
    }
    this.#add('symbol', '')
  }

  #colon(): void {
    const next = this.#text.charAt(this.#at + 1)
    this.#at += 1
    if (next === ':') {
      this.#at += 1
      return this.#add('sign', '::')
    }
    const word = this.#mayBeginValue() ? this.#take(WORD) : undefined
    this.#add(word === undefined ? 'sign' : 'symbol', word ?? ':')
  }

  #word(word: string): void {
    const isLabel = this.#text.charAt(this.#at) === ':' && this.#text.charAt(this.#at + 1) !== ':'
    const isCalled = this.#tokens.at(-1)?.kind === 'sign' && /^(?:\.|&\.|::)$/u.test(this.#tokens.at(-1)?.value ?? '')
    if (!isLabel) return this.#add(isCalled ? 'symbol' : 'word', word)
    this.#at += 1
    this.#add('label', word)
  }

  #sign(sign: string): void {
    if (sign in OPENING && sign !== '<') this.#depth += 1
    if (sign === ')' || sign === ']' || sign === '}') this.#depth = Math.max(0, this.#depth - 1)
    if (sign === ';' && this.#depth === 0) return this.#add('end', '')
    this.#add('sign', sign)
  }

  /** Whether what comes is a value, and no operator between two of them. */
  #mayBeginValue(): boolean {
    const last = this.#tokens.at(-1)
    if (last === undefined || last.kind === 'end' || last.kind === 'label') return true
    if (last.kind === 'sign') return !/^[)\]}]$/u.test(last.value)
    // `regex /x/` and `url %q(x)`: a space before it and none behind it.
    const isApart = /\s/u.test(this.#text.charAt(this.#at - 1))
    return last.kind === 'word' && isApart && !/\s/u.test(this.#text.charAt(this.#at + 1))
  }

  #add(kind: RubyToken['kind'], value: string, isFilled = false): void {
    this.#tokens.push({ kind, value, ...(isFilled ? { isFilled } : {}) })
  }
}
