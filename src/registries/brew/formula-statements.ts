import { rubyTokens, type RubyToken } from './ruby-tokens.ts'

/** What a formula or cask says of its own stable version, and nothing of its resources, checks and tests. */
export interface FormulaStatements {
  /** `version …`, in their order: more than one where platforms differ. */
  readonly versions: readonly FormulaVersion[]
  readonly urls: readonly FormulaUrl[]
}

/**
 * Where a statement holds: `everywhere`, from some system on (`on_catalina :or_newer`), up to one
 * (`on_mojave :or_older`), or under another condition, such as one system, architecture or `if`.
 */
export type Reach = 'everywhere' | 'newer' | 'older' | 'some'

export interface FormulaVersion {
  /** `undefined`: one that cannot be told. */
  readonly version: string | undefined
  readonly reach: Reach
}

export interface FormulaUrl {
  readonly url: string
  readonly tag: string | undefined
  readonly reach: Reach
}

/** Blocks whose statements are the formula's or cask's own. */
const OWN_BLOCKS = /^(?:cask|stable|on_\w+)$/u
/** Classes beside the formula's own: ways of downloading, requirements. */
const HELPER_CLASS = /Strategy|Requirement|Error|Module/u
const CONDITIONS = new Set(['if', 'unless', 'case', 'while', 'until', 'for', 'begin'])
const ALONE = new Set(['else', 'then', 'begin', 'ensure'])
const ENDING = new Set(['do', 'end'])
const BRANCHES = new Set(['else', 'elsif', 'when', 'in', 'then', 'rescue', 'ensure'])
/** How far constants may lead to others, and how many parts and statements are looked at. */
const MAX_DEPTH = 8
const MAX_LENGTH = 2000
const MAX_PARTS = 1000
const MAX_STATEMENTS = 50

interface Statement {
  readonly tokens: readonly RubyToken[]
  readonly reach: Reach
}

interface Names {
  readonly values: ReadonlyMap<string, readonly RubyToken[]>
  /** How many more parts are looked at: constants may lead to each other again and again. */
  left: number
}

/** Pure. Nothing of Ruby is evaluated but texts, and constants and variables with a text. */
export function readFormula(text: string): FormulaStatements {
  const statements = ownStatements(rubyTokens(text))
  const values = new Map(
    statements.flatMap(({ tokens: [name, sign, ...value] }) =>
      name?.kind === 'word' && sign?.kind === 'sign' && sign.value === '=' ? [[name.value, value] as const] : [],
    ),
  )
  const names: Names = { values, left: MAX_PARTS }
  const saying = (word: string) =>
    statements
      .filter(({ tokens: [first] }) => first?.kind === 'word' && first.value === word)
      .slice(0, MAX_STATEMENTS)
      .map(({ tokens, reach }) => ({ value: argumentsOf(tokens), reach }))
  return {
    versions: saying('version').map(({ value, reach }) => ({ version: valueOf(value, names), reach })),
    urls: saying('url').flatMap(({ value, reach }) => urlOf(value, names).map((url) => ({ ...url, reach }))),
  }
}

/** The statements that stand in no foreign block, each as its tokens. */
function ownStatements(tokens: readonly RubyToken[]): readonly Statement[] {
  const found: Statement[] = []
  const blocks: { readonly isOwn: boolean; readonly outer: Reach }[] = []
  let reach: Reach = 'everywhere'
  let foreignCount = 0
  const push = (isOwn: boolean, statement: readonly RubyToken[]): void => {
    blocks.push({ isOwn, outer: reach })
    reach = within(reach, reachOf(statement))
    if (!isOwn) foreignCount += 1
  }
  const pop = (): void => {
    const block = blocks.pop()
    if (block === undefined) return
    reach = block.outer
    if (!block.isOwn) foreignCount -= 1
  }
  let at = 0
  while (at < tokens.length) {
    const end = endOfStatement(tokens, at)
    const statement = tokens.slice(at, end)
    const last = tokens[end]
    at = last?.kind === 'end' ? end + 1 : end
    const [first] = statement
    if (first === undefined) {
      if (isWord(last, 'end')) pop()
      if (isWord(last, 'end') || isWord(last, 'do')) at = end + 1
      continue
    }
    const opens = openedBy(statement, last)
    if (opens !== undefined) push(opens, statement)
    else if (!BRANCHES.has(first.value) && foreignCount === 0) found.push({ tokens: statement, reach })
    if (isWord(last, 'end')) pop()
    if (isWord(last, 'end') || isWord(last, 'do')) at = end + 1
    if (isWord(last, 'do')) at = afterParameters(tokens, at)
  }
  return found
}

/** Where the statements of a block hold, by the statement that begins it. */
function reachOf(statement: readonly RubyToken[]): Reach {
  const word = statement[0]?.value ?? ''
  if (CONDITIONS.has(word)) return 'some'
  if (!word.startsWith('on_')) return 'everywhere'
  // `on_catalina :or_newer`, `on_system :linux, macos: :catalina_or_newer`
  const says = (end: string): boolean => statement.some(({ kind, value }) => kind !== 'text' && value.endsWith(end))
  if (says('or_newer')) return 'newer'
  return says('or_older') ? 'older' : 'some'
}

/** What a block says of systems holds for all blocks in it: `on_arm` in `on_catalina :or_newer`. */
function within(outer: Reach, inner: Reach): Reach {
  if (inner === 'everywhere' || outer === 'older') return outer
  return inner === 'some' && outer === 'newer' ? outer : inner
}

/** Up to the end of a line, `do`, `then`, or the `end` of its block; a word such as `else` is a statement by itself. */
function endOfStatement(tokens: readonly RubyToken[], from: number): number {
  const [first] = tokens.slice(from, from + 1)
  if (first?.kind === 'word' && ALONE.has(first.value)) return from + 1
  let depth = 0
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token?.kind === 'end') return at
    depth += depthOf(token)
    if (depth === 0 && token?.kind === 'word' && (ENDING.has(token.value) || (at > from && token.value === 'then')))
      return at
  }
  return tokens.length
}

function depthOf(token: RubyToken | undefined): number {
  if (token?.kind !== 'sign') return 0
  if (/^[([{]$/u.test(token.value)) return 1
  return /^[)\]}]$/u.test(token.value) ? -1 : 0
}

/** `undefined` when no block begins; otherwise whether what stands in it is the formula's own. */
function openedBy(statement: readonly RubyToken[], last: RubyToken | undefined): boolean | undefined {
  const [first, second, ...rest] = statement
  if (first?.kind !== 'word') return isWord(last, 'do') ? false : undefined
  const word = first.value
  if (word === 'class') return isFormulaClass(statement)
  if (word === 'module') return true
  if (word === 'def') return isEndless([second, ...rest]) ? undefined : false
  if (CONDITIONS.has(word)) return true
  // `arch = if …`: what is in it is a value.
  if (statement.some((token, index) => index > 0 && isConditionAsValue(token, statement[index - 1]))) return false
  if (isWord(last, 'do')) return OWN_BLOCKS.test(word)
  return undefined
}

function isFormulaClass(statement: readonly RubyToken[]): boolean {
  const base = statement.slice(statement.findIndex(({ value }) => value === '<') + 1)
  return statement.some(({ value }) => value === '<') && !HELPER_CLASS.test(base.map(({ value }) => value).join(''))
}

/** `def name = value`, which has no `end`. */
function isEndless(tokens: readonly (RubyToken | undefined)[]): boolean {
  const close = tokens.findIndex((token) => token?.value === ')')
  const after = tokens[1]?.value === '(' ? tokens[close + 1] : tokens[1]
  return after?.kind === 'sign' && after.value === '='
}

function isConditionAsValue(token: RubyToken, before: RubyToken | undefined): boolean {
  return before?.kind === 'sign' && before.value === '=' && (isWord(token, 'if') || isWord(token, 'case'))
}

/** Behind `do |x|`. */
function afterParameters(tokens: readonly RubyToken[], from: number): number {
  if (tokens[from]?.value !== '|') return from
  for (let at = from + 1; at < tokens.length && tokens[at]?.kind !== 'end'; at += 1) {
    if (tokens[at]?.value === '|') return at + 1
  }
  return from
}

function isWord(token: RubyToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value === word
}

/** Without the word, and without parentheses around all of the rest. */
function argumentsOf([, ...rest]: readonly RubyToken[]): readonly RubyToken[] {
  const isEnclosed = rest[0]?.value === '(' && rest.at(-1)?.value === ')'
  return isEnclosed ? rest.slice(1, -1) : rest
}

/** `url "…", tag: "v1.2.0"`, also `:tag => "v1.2.0"`. */
function urlOf(tokens: readonly RubyToken[], names: Names): readonly Omit<FormulaUrl, 'reach'>[] {
  const [first = [], ...options] = splitByComma(tokens)
  const url = valueOf(first, names, 'x')
  if (url === undefined) return []
  const tag = options.find(([name]) => name?.value === 'tag')
  const value = tag && valueOf(tag.slice(tag[1]?.value === '=>' ? 2 : 1), names)
  return [{ url, tag: value }]
}

function splitByComma(tokens: readonly RubyToken[]): readonly (readonly RubyToken[])[] {
  const parts: RubyToken[][] = [[]]
  for (const token of tokens) {
    if (token.kind === 'sign' && token.value === ',') parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/**
 * The text that texts, constants and `+` stand for; `undefined` when anything else is needed for it.
 * @param unknown stands for a filling that cannot be told
 */
function valueOf(tokens: readonly RubyToken[], names: Names, unknown?: string, depth = 0): string | undefined {
  let value = ''
  // A modifier or a method that leaves a text as it is may follow.
  const end = tokens.findIndex((token) => isWord(token, 'if') || isWord(token, 'unless'))
  const used = (end < 0 ? tokens : tokens.slice(0, end)).filter(
    ({ kind, value: word }, index, all) =>
      !(kind === 'symbol' && word === 'freeze') && !(word === '.' && all[index + 1]?.value === 'freeze'),
  )
  if (used.length === 0 || depth > MAX_DEPTH) return undefined
  for (const token of used) {
    if (token.kind === 'sign' && token.value === '+') continue
    const part = partOf(token, names, unknown, depth)
    if (part === undefined || value.length + part.length > MAX_LENGTH) return undefined
    value += part
  }
  return value
}

function partOf(token: RubyToken, names: Names, unknown: string | undefined, depth: number): string | undefined {
  names.left -= 1
  if (names.left < 0 || token.value.length > MAX_LENGTH) return undefined
  if (token.kind === 'word') {
    const value = names.values.get(token.value)
    return value && valueOf(value, names, unknown, depth + 1)
  }
  if (token.kind !== 'text') return undefined
  if (token.isFilled !== true) return token.value
  let isKnown = true
  const filled = token.value.replaceAll(/#\{([^{}]*)\}/gu, (_filling, inner: string) => {
    names.left -= 1
    const value = names.left < 0 ? undefined : names.values.get(inner.trim())
    const known = (value && valueOf(value, names, unknown, depth + 1)) ?? unknown
    if (known === undefined) isKnown = false
    return known ?? ''
  })
  return isKnown ? filled : undefined
}
