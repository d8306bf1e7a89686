import { metricOf, rangeOf } from './event-count.ts'
import { queryTree, type QueryNode } from './query-tree.ts'

const EXAMPLE = 'sum(increase(http_requests_total[5m]))'

/** A query for `samples_query` that a person may start from: the last counter that the query looks back at. Pure. */
export function proposeCountQuery(query: string): string {
  const tree = queryTree(query)
  const last = tree && lastRange(tree)
  if (!last) return EXAMPLE
  const metric = metricOf(last.selector)
  // The sum and the buckets of a histogram have a count beside them.
  const counter = metric.replace(/_(?:sum|bucket)$/u, '_count')
  return `sum(increase(${counter}${last.text.slice(metric.length)}))`
}

interface Ranged {
  readonly text: string
  readonly selector: QueryNode
}

function lastRange(node: QueryNode): Ranged | undefined {
  for (const child of node.children.toReversed()) {
    const found = lastRange(child)
    if (found) return found
  }
  const range = rangeOf(node)
  return range && { text: node.text, selector: range.selector }
}
