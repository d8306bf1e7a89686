import { rangeOf, type EventCount } from './event-count.ts'
import { argumentsOf, functionOf, withoutBrackets, type QueryNode } from './query-tree.ts'

/**
 * How many observations a histogram of buckets holds that is added up by `le` from rates: what its last bucket, which
 * holds all of them, counted. `undefined` for anything else. Pure.
 */
export function classicCount(given: QueryNode): EventCount | undefined {
  const node = withoutBrackets(given)
  const labels = functionOf(node) === 'sum' ? groupedBy(node) : undefined
  const [argument] = argumentsOf(node)
  const call = argument && withoutBrackets(argument)
  if (!labels?.includes('le') || !call || !['rate', 'increase'].includes(functionOf(call))) return undefined
  const [matrix] = argumentsOf(call)
  const range = matrix && rangeOf(matrix)
  const selected = range && lastBucket(range.selector)
  if (!matrix || !range || selected === undefined) return undefined
  const increase = `increase(${matrix.text.replace(range.selector.text, () => selected)})`
  const others = labels.filter((label) => label !== 'le')
  const grouping = others.length === 0 ? '' : ` by (${others.join(', ')}) `
  return { query: `sum${grouping}(${increase})`, time: range.time, isSingle: others.length === 0 }
}

/** The labels of `by`; `undefined` without it. */
function groupedBy({ children }: QueryNode): readonly string[] | undefined {
  const [by, labels] = children.find(({ kind }) => kind === 'AggregateModifier')?.children ?? []
  return by?.kind === 'By' ? labels?.children.map(({ text }) => text) : undefined
}

/** The same selector for the bucket without a limit; `undefined` when it chooses among the buckets itself. */
function lastBucket({ text, children }: QueryNode): string | undefined {
  const metric = children.find(({ kind }) => kind === 'Identifier')
  const matchers = children.find(({ kind }) => kind === 'LabelMatchers')
  const names = matchers?.children.map((matcher) => matcher.children[0]?.text ?? '') ?? []
  if (!metric || names.some((name) => name.replaceAll(/["'`]/gu, '') === 'le')) return undefined
  const others = matchers?.children.map((matcher) => matcher.text) ?? []
  return text.slice(0, metric.text.length) + `{${[...others, 'le="+Inf"'].join(',')}}`
}
