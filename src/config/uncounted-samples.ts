import type { AnalysisCheck } from '../domain/health/analysis.ts'
import type { Config } from './config.ts'

export interface Uncounted {
  /** Of the key that asks for the number, below `deployment`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

interface Asked {
  readonly path: Uncounted['path']
  readonly check: AnalysisCheck
}

/**
 * The first `min_samples` of a query whose requests nothing counts: neither the query itself, exactly, nor a
 * `samples_query`. The grammar of PromQL is loaded only where a number is asked for.
 * @param isList whether `auto_trigger` is written as a list
 */
export async function uncountedSamples(health: Config['health'], isList: boolean): Promise<Uncounted | undefined> {
  for (const { path, check } of askedOf(health, isList)) {
    const type = health.sources.find(({ name }) => name === check.source)?.type
    if (check.samplesQuery !== '' || (type !== 'prometheus' && type !== 'datadog')) continue
    const proposal = await proposalFor(type, check.query)
    if (proposal === undefined) continue
    const message = `how many requests the query of ${check.name} is about cannot be told from it; add samples_query to that check, such as samples_query: '${proposal}'`
    return { path, message }
  }
  return undefined
}

function askedOf({ analysis, triggers }: Config['health'], isList: boolean): readonly Asked[] {
  const checks = analysis.checks.map((check, index): Asked & { readonly minSamples: number } => ({
    path: ['analysis', 'checks', index, 'min_samples'],
    check,
    minSamples: check.minSamples,
  }))
  const conditions = triggers.flatMap(({ number, conditions: all }) =>
    all.flatMap((condition) => {
      if (condition.kind !== 'error_rate_threshold' && condition.kind !== 'response_time_threshold') return []
      const check = analysis.checks.find(({ name }) => condition.source !== null && name === condition.check)
      const path = ['rollback', 'auto_trigger', ...(isList ? [number - 1] : []), condition.kind, 'min_samples']
      return check ? [{ path, check, minSamples: condition.minSamples }] : []
    }),
  )
  return [...checks, ...conditions].filter(({ minSamples }) => minSamples > 0)
}

/** A query a person may start from; `undefined` when none is needed. */
async function proposalFor(type: 'prometheus' | 'datadog', query: string): Promise<string | undefined> {
  if (type === 'datadog') return 'sum:trace.http.request.hits{*}.as_count()'
  const [{ requestCountQuery }, { proposeCountQuery }] = await Promise.all([
    import('../promql/request-count-query.ts'),
    import('../promql/propose-count-query.ts'),
  ])
  return requestCountQuery(query) === undefined ? proposeCountQuery(query) : undefined
}
