import { classicCount } from './classic-histogram.ts'
import { eventCount, histogramCount, rangeOf, type EventCount } from './event-count.ts'
import {
  argumentsOf,
  functionOf,
  isNumber,
  operationOf,
  queryTree,
  withoutBrackets,
  type Operation,
  type QueryNode,
} from './query-tree.ts'

/** A count, and which of its values belongs to the value of the query. */
interface Found extends EventCount {
  /** `on (version)`; empty = all labels. */
  readonly matching: string
}

const COMPARISONS = new Set(['==', '!=', '>', '<', '>=', '<='])
/** They give what they get, or a bound of it. */
const BOUNDS = new Set(['clamp', 'clamp_max', 'clamp_min', 'round', 'abs'])
/** Of one value they give that value. */
const OF_ONE = new Set(['sum', 'avg', 'min', 'max'])
/** What the numerator of a share may be made of. */
const AMOUNTS = new Set(['sum', 'rate', 'increase', 'histogram_sum', 'histogram_count', 'vector', ...BOUNDS])

/**
 * The query that counts the requests a value is about, over the range of its own query: what a share is divided by, or
 * the observations of a histogram. `undefined` wherever that is not exact, or the query is not understood. Pure.
 */
export function requestCountQuery(query: string): string | undefined {
  const tree = queryTree(query)
  const found = tree && valueCount(tree)
  if (!tree || !found) return undefined
  if (found.isSingle) return found.query
  return [`(${found.query})`, 'and', found.matching, `(${tree.text})`].filter((part) => part !== '').join(' ')
}

function valueCount(given: QueryNode): Found | undefined {
  const node = withoutBrackets(given)
  const operation = operationOf(node)
  return operation ? operationCount(operation) : callCount(node)
}

function operationCount(operation: Operation): Found | undefined {
  const { left, right, operator, isPlain } = operation
  if (operator === 'or') return withDefault(valueCount(left), right)
  if (operator === 'and' || operator === 'unless') return valueCount(left)
  if (!isPlain) return undefined
  const [isLeftNumber, isRightNumber] = [isNumber(left), isNumber(right)]
  if (!isLeftNumber && !isRightNumber) return operator === '/' ? shareCount(operation) : undefined
  // A share that is turned over, or that is a power or a remainder, is another value.
  const keepsValue =
    ['+', '-', '*'].includes(operator) || COMPARISONS.has(operator) || (operator === '/' && isRightNumber)
  return keepsValue ? valueCount(isLeftNumber ? right : left) : undefined
}

/** `… or vector(0)`: a value for where there would be none. */
function withDefault<Count extends EventCount>(count: Count | undefined, right: QueryNode): Count | undefined {
  const [value] = argumentsOf(right)
  const isDefault = functionOf(right) === 'vector' && value !== undefined && isNumber(value)
  return isDefault && count?.isSingle === true ? count : undefined
}

function callCount(node: QueryNode): Found | undefined {
  const called = functionOf(node)
  const [first, ...others] = argumentsOf(node)
  if (!first) return undefined
  if (BOUNDS.has(called) && others.every(isNumber)) return valueCount(first)
  if (called === 'histogram_quantile' && isNumber(first)) return ofHistogram(others)
  if (called === 'histogram_fraction' && isNumber(first)) return ofHistogram(others.slice(1))
  if (called === 'histogram_avg') return ofHistogram([first])
  if (!OF_ONE.has(called) || node.children.some(({ kind }) => kind === 'AggregateModifier')) return undefined
  const inner = valueCount(first)
  return inner?.isSingle === true ? inner : undefined
}

function ofHistogram([histogram]: readonly QueryNode[]): Found | undefined {
  const count = histogram && (classicCount(histogram) ?? histogramCount(histogram))
  return count && { ...count, matching: '' }
}

function shareCount({ left, right, matching }: Operation): Found | undefined {
  const count = divisorCount(right)
  const times = timesOf(left)
  if (!count || times === undefined || times.size !== 1 || !times.has(count.time)) return undefined
  return { ...count, matching }
}

/** What a share is divided by may be scaled, bounded or left out where it is small: it is about as many requests. */
function divisorCount(given: QueryNode): EventCount | undefined {
  const count = eventCount(given)
  if (count) return count
  const operation = operationOf(given)
  return operation ? changedCount(operation) : boundedCount(withoutBrackets(given))
}

function changedCount({ left, right, operator, isPlain }: Operation): EventCount | undefined {
  if (operator === 'or') return withDefault(divisorCount(left), right)
  if (!isPlain || !(['*', '/'].includes(operator) || COMPARISONS.has(operator))) return undefined
  if (isNumber(right)) return divisorCount(left)
  return operator !== '/' && isNumber(left) ? divisorCount(right) : undefined
}

function boundedCount(node: QueryNode): EventCount | undefined {
  const [first, ...others] = argumentsOf(node)
  const called = functionOf(node)
  if (!first || !others.every(isNumber)) return undefined
  if (BOUNDS.has(called)) return divisorCount(first)
  const inner = called === 'scalar' ? divisorCount(first) : undefined
  return inner?.isSingle === true ? inner : undefined
}

/** Over which times an amount is taken; `undefined` when it is none: a share of its own, a gauge, a recorded rate. */
function timesOf(given: QueryNode): ReadonlySet<string> | undefined {
  const node = withoutBrackets(given)
  if (isNumber(node)) return new Set()
  const range = rangeOf(node)
  if (range) return new Set([range.time])
  const operation = operationOf(node)
  if (operation && !isAmount(operation)) return undefined
  if (!operation && !AMOUNTS.has(functionOf(node))) return undefined
  const parts = (operation ? [operation.left, operation.right] : argumentsOf(node)).map(timesOf)
  return parts.reduce((all, part) => all && part && new Set([...all, ...part]), new Set<string>())
}

function isAmount({ operator, left, right, isPlain }: Operation): boolean {
  if (!isPlain) return false
  if (['+', '-', 'or', 'and', 'unless'].includes(operator) || COMPARISONS.has(operator)) return true
  return operator === '*' ? isNumber(left) || isNumber(right) : operator === '/' && isNumber(right)
}
