import { parseSync, visitorKeys, type Node } from 'oxc-parser'

export type MutationKind =
  | 'condition negated'
  | 'comparison swapped'
  | 'operator swapped'
  | 'await dropped'
  | 'statement dropped'
  | 'guard dropped'
  | 'property dropped'
  | 'filter or sort dropped'
  | 'number changed'

/** A place of a file at which a mutant can be made: the text from `start` to `end` becomes `to`. */
export interface Mutation {
  readonly file: string
  readonly kind: MutationKind
  readonly start: number
  readonly end: number
  readonly line: number
  readonly from: string
  readonly to: string
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
}
const OPERATORS: Readonly<Record<string, string>> = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&&': '||',
  '||': '&&',
}
const SELECTING = new Set(['filter', 'sort', 'toSorted', 'reverse', 'toReversed', 'slice'])
const LEAVING = new Set(['ReturnStatement', 'ThrowStatement', 'ContinueStatement', 'BreakStatement'])
/** Attributes that change how a text looks, not what it says. */
const LOOKS = new Set(['bold', 'color', 'dimColor', 'inverse', 'italic', 'key', 'underline'])

type Draft = Pick<Mutation, 'kind' | 'start' | 'end' | 'to'>

/** Every mutation of a file, in the order of its text. */
export function findMutations(file: string, text: string): readonly Mutation[] {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const found: Mutation[] = []
  const visit = (node: Node, parent: Node | undefined): void => {
    if (node.type.startsWith('TS') && !isTransparent(node)) return
    for (const draft of draftsOf(node, parent, text)) {
      const from = text.slice(draft.start, draft.end)
      found.push({ file, line: text.slice(0, draft.start).split('\n').length, from, ...draft })
    }
    for (const child of childrenOf(node)) visit(child, node)
  }
  visit(program, undefined)
  return found.sort((a, b) => a.start - b.start || a.end - b.end)
}

/** The text of the file with the mutation in it. */
export function mutate(text: string, { start, end, to }: Mutation): string {
  return text.slice(0, start) + to + text.slice(end)
}

/** Nodes of TypeScript that hold an expression. */
function isTransparent({ type }: Node): boolean {
  return type === 'TSAsExpression' || type === 'TSSatisfiesExpression' || type === 'TSNonNullExpression'
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

function childrenOf(node: Node): readonly Node[] {
  return (visitorKeys[node.type] ?? []).flatMap((key) => {
    const value: unknown = Reflect.get(node, key)
    return (Array.isArray(value) ? value : [value]).filter(isNode)
  })
}

function draftsOf(node: Node, parent: Node | undefined, text: string): readonly Draft[] {
  return [...statementDrafts(node, text), ...expressionDrafts(node, parent, text), ...elementDrafts(node, parent, text)]
}

function statementDrafts(node: Node, text: string): readonly Draft[] {
  const { start, end } = node
  if (node.type === 'WhileStatement') return [negated(node.test, text)]
  if (node.type === 'IfStatement') {
    const guard: Draft = { kind: 'guard dropped', start, end, to: ';' }
    return [negated(node.test, text), ...(isGuard(node) ? [guard] : [])]
  }
  const isStatement = node.type === 'ExpressionStatement' && typeof node.directive !== 'string'
  return isStatement ? [{ kind: 'statement dropped', start, end, to: ';' }] : []
}

function expressionDrafts(node: Node, parent: Node | undefined, text: string): readonly Draft[] {
  const { start, end } = node
  if (node.type === 'ConditionalExpression') return [negated(node.test, text)]
  if (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') {
    return swapped(node.left, node.right, node.operator, text)
  }
  if (node.type === 'AwaitExpression') return [{ kind: 'await dropped', start, end: node.argument.start, to: '' }]
  if (node.type === 'CallExpression') return withoutSelection(node)
  return node.type === 'Literal' && typeof node.value === 'number' && !isKey(node, parent)
    ? [{ kind: 'number changed', start, end, to: String(node.value + 1) }]
    : []
}

function elementDrafts(node: Node, parent: Node | undefined, text: string): readonly Draft[] {
  if (node.type === 'Property' || node.type === 'SpreadElement') {
    return parent?.type === 'ObjectExpression' ? [withoutElement(node, text)] : []
  }
  if (node.type !== 'JSXAttribute') return []
  const isLook = node.name.type === 'JSXIdentifier' && LOOKS.has(node.name.name)
  return isLook ? [] : [{ kind: 'property dropped', start: node.start, end: node.end, to: '' }]
}

function withoutSelection({ callee, end }: Extract<Node, { type: 'CallExpression' }>): readonly Draft[] {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return []
  if (!SELECTING.has(callee.property.name)) return []
  return [{ kind: 'filter or sort dropped', start: callee.object.end, end, to: '' }]
}

function negated(test: Node, text: string): Draft {
  const { start, end } = test
  return { kind: 'condition negated', start, end, to: `!(${text.slice(start, end)})` }
}

function swapped(left: Node, right: Node, operator: string, text: string): readonly Draft[] {
  const isComparison = COMPARISONS[operator] !== undefined
  const to = COMPARISONS[operator] ?? OPERATORS[operator]
  const start = text.indexOf(operator, left.end)
  if (to === undefined || start < 0 || start >= right.start) return []
  return [{ kind: isComparison ? 'comparison swapped' : 'operator swapped', start, end: start + operator.length, to }]
}

function isGuard(node: Extract<Node, { type: 'IfStatement' }>): boolean {
  const { alternate, consequent } = node
  if (alternate !== null && alternate !== undefined) return false
  if (consequent.type !== 'BlockStatement') return LEAVING.has(consequent.type)
  return LEAVING.has(consequent.body.at(-1)?.type ?? '')
}

/** The element with the comma that follows it. */
function withoutElement({ start, end }: Node, text: string): Draft {
  const comma = /^\s*,/u.exec(text.slice(end))?.[0] ?? ''
  return { kind: 'property dropped', start, end: end + comma.length, to: '' }
}

function isKey(node: Node, parent: Node | undefined): boolean {
  return parent?.type === 'Property' && parent.key === node
}
