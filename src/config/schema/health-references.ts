import { own } from '../../domain/text/own.ts'
import type { z } from 'zod'
import { nearestWord } from '../../domain/text/nearest-word.ts'
import type { analysis, healthCheck, metrics } from './health.ts'
import type { rollback } from './rollback.ts'

/** The parts of a block that name each other. */
interface Named {
  readonly health_checks: readonly z.infer<typeof healthCheck>[]
  readonly metrics?: z.infer<typeof metrics> | undefined
  readonly analysis?: z.infer<typeof analysis> | undefined
  readonly rollback: z.infer<typeof rollback>
}

type Issue = (path: readonly (string | number)[], message: string) => void

/** Requires that every check, source and query that a key names exists and supports what the key needs. */
export function checkReferences(block: Named, issue: Issue): void {
  checkNames(block.health_checks, ['health_checks'], issue)
  checkNames(block.analysis?.checks ?? [], ['analysis', 'checks'], issue)
  for (const [index, check] of (block.analysis?.checks ?? []).entries()) {
    checkAnalysis(block, check, (path, message) => issue(['analysis', 'checks', index, ...path], message))
  }
  const { auto_trigger: given } = block.rollback
  if (given === undefined) return
  const isList = Array.isArray(given)
  for (const [index, item] of (isList ? given : [given]).entries()) {
    const at = ['rollback', 'auto_trigger', ...(isList ? [index] : [])]
    checkTrigger(block, item, (path, message) => issue([...at, ...path], message))
  }
}

function checkNames(checks: readonly { name?: string | undefined }[], path: readonly string[], issue: Issue): void {
  for (const [index, { name }] of checks.entries()) {
    if (name !== undefined && checks.findIndex((other) => other.name === name) !== index) {
      issue([...path, index, 'name'], 'another check has this name already; give each one of its own')
    }
  }
}

type AnalysisKeys = z.infer<typeof analysis>['checks'][number]

function checkAnalysis(block: Named, check: AnalysisKeys, issue: Issue): void {
  const type = sourceType(block, check.source)
  if (type === undefined) return issue(['source'], unknownSource(block, check.source))
  if (type === 'probes') {
    const query = (['query', 'baseline_query', 'samples_query'] as const).find((key) => check[key] !== undefined)
    if (query) issue([query], 'our own probes are not queried')
    const unit = (check.max ?? check.min)?.unit
    if (unit === 'number') issue(['max'], 'of probes: a percentage for failures, a duration for latency')
    if (unit === 'ratio' && check.quantile !== undefined) issue(['quantile'], 'it is for a duration, not for a share')
    return
  }
  if (check.query === undefined) return issue([], `a check of ${check.source} needs a query`)
  if (check.quantile !== undefined) issue(['quantile'], 'of a query: write the quantile into it')
}

type TriggerKeys = Exclude<NonNullable<z.infer<typeof rollback>['auto_trigger']>, readonly unknown[]>

function checkTrigger(block: Named, item: TriggerKeys, issue: Issue): void {
  for (const name of [item.analysis ?? []].flat()) {
    if (!analysisNames(block).includes(name)) issue(['analysis'], unknownCheck(name, analysisNames(block)))
  }
  const { health_check_failures: failures } = item
  if (typeof failures === 'object') {
    const source = failures.source
    if (source !== undefined && sourceType(block, source) !== 'probes') {
      issue(['health_check_failures', 'source'], 'failing rounds are those of our own probes')
    }
    checkHealthName(block, failures.check, (message) => issue(['health_check_failures', 'check'], message))
  }
  for (const key of ['error_rate_threshold', 'response_time_threshold'] as const) {
    const condition = item[key]
    if (typeof condition === 'object') {
      checkMetricCondition(block, condition, (path, message) => issue([key, ...path], message))
    }
  }
}

interface MetricKeys {
  readonly source?: string | undefined
  readonly check?: string | undefined
}

function checkMetricCondition(block: Named, keys: MetricKeys, issue: Issue): void {
  const checks = block.analysis?.checks ?? []
  const source = keys.source ?? checks.find(({ name }) => name === keys.check)?.source ?? 'probes'
  const type = sourceType(block, source)
  if (type === undefined) return issue(['source'], unknownSource(block, source))
  if (type === 'probes') return checkHealthName(block, keys.check, (message) => issue(['check'], message))
  const known = checks.filter((one) => one.source === source).map(({ name }) => name)
  if (keys.check === undefined) {
    if (known.length !== 1) issue(['source'], `name the check whose query is asked: check: ${known[0] ?? 'NAME'}`)
    return
  }
  if (!known.includes(keys.check)) issue(['check'], unknownCheck(keys.check, known))
}

function checkHealthName(block: Named, name: string | undefined, issue: (message: string) => void): void {
  const known = block.health_checks.flatMap((check) => check.name ?? [])
  if (name !== undefined && !known.includes(name)) issue(unknownCheck(name, known))
}

function sourceType(block: Named, name: string): 'prometheus' | 'datadog' | 'probes' | undefined {
  const source = own(block.metrics?.sources, name)
  return source?.type ?? (name === 'probes' ? 'probes' : undefined)
}

function unknownSource(block: Named, name: string): string {
  const known = [...Object.keys(block.metrics?.sources ?? {}), 'probes']
  const near = nearestWord(name, known)
  return near ? `did you mean ${near}?` : `the sources are ${[...new Set(known)].join(', ')}`
}

function analysisNames(block: Named): readonly string[] {
  return (block.analysis?.checks ?? []).map(({ name }) => name)
}

function unknownCheck(name: string, known: readonly string[]): string {
  const near = nearestWord(name, known)
  if (near) return `there is no check ${name}; did you mean ${near}?`
  return known.length === 0
    ? `there is no check ${name}, no check has a name`
    : `there is no check ${name}; there are ${known.join(', ')}`
}
