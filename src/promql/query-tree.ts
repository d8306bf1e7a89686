import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'

/** A part of a query, named as in the grammar of Prometheus. */
export interface QueryNode {
  readonly kind: string
  /** As written, without comments. */
  readonly text: string
  readonly children: readonly QueryNode[]
}

/** The expression that a query is; `undefined` when the grammar of Prometheus does not know all of it. Pure. */
export function queryTree(query: string): QueryNode | undefined {
  const tree = parser.parse(maskPlaceholders(query))
  let hasError = false
  let text = query
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) hasError = true
      if (type.name === 'LineComment') text = text.slice(0, from) + ' '.repeat(to - from) + text.slice(to)
    },
  })
  return hasError ? undefined : toNode(tree.topNode, text).children[0]
}

/** `${version}` may be part of a name: to the grammar it is a name of the same length. */
function maskPlaceholders(query: string): string {
  return query.replaceAll(/\$\{\w+\}/gu, (placeholder) => '_'.repeat(placeholder.length))
}

function toNode(node: SyntaxNode, text: string): QueryNode {
  const children: QueryNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(toNode(child, text))
  }
  return { kind: node.name, text: text.slice(node.from, node.to), children }
}

/** The arguments of a function or an aggregation. Pure. */
export function argumentsOf({ children }: QueryNode): readonly QueryNode[] {
  return children.find(({ kind }) => kind === 'FunctionCallBody')?.children ?? []
}

/** `rate`, `sum`; empty for anything else. Pure. */
export function functionOf({ kind, children }: QueryNode): string {
  const isCall = kind === 'FunctionCall' || kind === 'AggregateExpr'
  return isCall ? (children[0]?.text.toLowerCase() ?? '') : ''
}

/** An expression without the brackets around it. Pure. */
export function withoutBrackets(node: QueryNode): QueryNode {
  const [inner] = node.children
  return node.kind === 'ParenExpr' && inner ? withoutBrackets(inner) : node
}

/** A number that is written out. Pure. */
export function isNumber(given: QueryNode): boolean {
  const node = withoutBrackets(given)
  if (node.kind === 'NumberDurationLiteral') return true
  if (node.kind === 'UnaryExpr') return node.children.slice(1).every(isNumber)
  const operation = operationOf(node)
  return operation !== undefined && isNumber(operation.left) && isNumber(operation.right)
}

export interface Operation {
  readonly left: QueryNode
  readonly right: QueryNode
  /** `/`, `and`, `>`. */
  readonly operator: string
  /** `on (version)`, without `group_left`; empty where nothing is said. */
  readonly matching: string
  /** Nothing else is said of how the two sides go together. */
  readonly isPlain: boolean
}

/** Two expressions and what stands between them; `undefined` for anything else. Pure. */
export function operationOf(given: QueryNode): Operation | undefined {
  const { kind, children } = withoutBrackets(given)
  const [left, operator, ...rest] = children
  const right = rest.at(-1)
  if (kind !== 'BinaryExpr' || !left || !operator || !right) return undefined
  const modifiers = rest.slice(0, -1)
  const clause = modifiers.find((one) => one.kind === 'MatchingModifierClause')
  return {
    left,
    right,
    operator: operator.text.toLowerCase(),
    matching: (clause?.children ?? [])
      .slice(0, 2)
      .map(({ text }) => text)
      .join(' '),
    isPlain: modifiers.every((one) => one === clause),
  }
}
