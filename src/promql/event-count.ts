import { argumentsOf, functionOf, operationOf, withoutBrackets, type QueryNode } from './query-tree.ts'

/** How many events an expression is about. */
export interface EventCount {
  /** A query that gives the number. */
  readonly query: string
  /** Over which time, as written: range, offset and `@`. */
  readonly time: string
  /** It gives one value without labels, or none. */
  readonly isSingle: boolean
}

/** Their counters hold an amount of something, or the same event several times. */
const AMOUNTS = /_(?:sum|bucket|created)$|_(?:(?:milli|micro|nano)?seconds|bytes|bits|joules|meters|grams)(?:_total)?$/u
/** Of a classic histogram, which is told apart by `le`. */
const BUCKETS = /_bucket$/u

/**
 * A rate of a counter that counts events, or a sum of such rates, as the number of events: `rate` is `increase` for a
 * second of the same range. `undefined` for anything of which that is not exact. Pure.
 */
export function eventCount(given: QueryNode): EventCount | undefined {
  const node = withoutBrackets(given)
  const [argument] = argumentsOf(node)
  if (functionOf(node) === 'histogram_count') return argument && histogramCount(argument)
  return sumOfIncreases(node, AMOUNTS) ?? addition(node)
}

function sumOfIncreases(given: QueryNode, unlike: RegExp): EventCount | undefined {
  const node = withoutBrackets(given)
  const called = functionOf(node)
  if (called === 'rate' || called === 'increase') return increaseOf(node, unlike)
  return called === 'sum' ? sumOf(node, unlike) : undefined
}

function increaseOf(call: QueryNode, unlike: RegExp): EventCount | undefined {
  const [argument] = argumentsOf(call)
  const range = argument && rangeOf(argument)
  const metric = range ? metricOf(range.selector) : ''
  if (!argument || !range || metric === '' || unlike.test(metric)) return undefined
  return { query: `increase(${argument.text})`, time: range.time, isSingle: false }
}

function sumOf(node: QueryNode, unlike: RegExp): EventCount | undefined {
  const [argument] = argumentsOf(node)
  const inner = argument && sumOfIncreases(argument, unlike)
  if (!inner) return undefined
  const grouping = node.children.find(({ kind }) => kind === 'AggregateModifier')?.text
  return grouping === undefined
    ? { ...inner, query: `sum(${inner.query})`, isSingle: true }
    : { ...inner, query: `sum ${grouping} (${inner.query})`, isSingle: false }
}

function addition(node: QueryNode): EventCount | undefined {
  const operation = operationOf(node)
  if (operation?.operator !== '+' || operation.matching !== '' || !operation.isPlain) return undefined
  const [left, right] = [eventCount(operation.left), eventCount(operation.right)]
  if (!left?.isSingle || !right?.isSingle || left.time !== right.time) return undefined
  return { ...left, query: `${left.query} + ${right.query}` }
}

/** How many observations a native histogram holds that is added up from rates; none for any other value. Pure. */
export function histogramCount(histogram: QueryNode): EventCount | undefined {
  const count = sumOfIncreases(histogram, BUCKETS)
  return count && { ...count, query: `histogram_count(${count.query})` }
}

export interface Range {
  readonly selector: QueryNode
  /** As written: range, offset and `@`. */
  readonly time: string
}

/** What a function looks back at; `undefined` unless it is a selector of one metric with a range. Pure. */
export function rangeOf(node: QueryNode): Range | undefined {
  const [inner] = node.children
  if (!inner) return undefined
  if (node.kind === 'MatrixSelector' || node.kind === 'SubqueryExpr') {
    if (inner.kind !== 'VectorSelector') return undefined
    return { selector: inner, time: textBehind(node, inner) }
  }
  if (node.kind !== 'OffsetExpr' && node.kind !== 'StepInvariantExpr') return undefined
  const range = rangeOf(inner)
  return range && { ...range, time: `${range.time} ${textBehind(node, inner)}` }
}

function textBehind({ text }: QueryNode, inner: QueryNode): string {
  return text.slice(inner.text.length).replaceAll(/\s+/gu, '')
}

/** The name of the metric of a selector; empty when several may be meant. Pure. */
export function metricOf({ children }: QueryNode): string {
  return children.find(({ kind }) => kind === 'Identifier')?.text ?? ''
}
