import { own } from '../domain/text/own.ts'
import type { Condition, TriggerRule } from '../domain/health/trigger.ts'
import type { DeploymentBlock } from './schema/deployment.ts'

type TriggerKeys = NonNullable<DeploymentBlock['rollback']['auto_trigger']>
type ItemKeys = Extract<TriggerKeys, readonly unknown[]>[number]
type ThresholdKeys = Exclude<ItemKeys['error_rate_threshold'], number | undefined>

/** What a rate or a latency is judged by when the file says no more than its limit. */
const METRIC = { forCount: 2, windowMs: 300_000 } as const
/** Of our own probes; how many requests a query is about is asked only when the file wants it. */
const MIN_PROBES = 20

/** The rules of `auto_trigger`. A plain map means the same as a list with one item for each of its keys. Pure. */
export function triggerRules(block: DeploymentBlock): readonly TriggerRule[] {
  const { auto_trigger: given } = block.rollback
  if (given === undefined) return []
  const items: readonly ItemKeys[] = Array.isArray(given)
    ? given
    : Object.entries(given).map(([key, value]) => ({ [key]: value }))
  return items.map((item, index) => ({ number: index + 1, conditions: conditionsOf(item, block) }))
}

function conditionsOf(item: ItemKeys, block: DeploymentBlock): readonly Condition[] {
  const found: (Condition | undefined)[] = [
    item.health_check_failures === undefined ? undefined : failures(item.health_check_failures),
    item.error_rate_threshold === undefined
      ? undefined
      : { kind: 'error_rate_threshold', ...metric(item.error_rate_threshold, block) },
    item.response_time_threshold === undefined
      ? undefined
      : { kind: 'response_time_threshold', ...metric(item.response_time_threshold, block) },
    item.analysis === undefined ? undefined : { kind: 'analysis', checks: [item.analysis].flat() },
  ]
  return found.filter((condition) => condition !== undefined)
}

function failures(keys: NonNullable<ItemKeys['health_check_failures']>): Condition {
  const given = typeof keys === 'number' ? { max: keys } : keys
  return {
    kind: 'health_check_failures',
    max: given.max,
    forCount: given.for ?? 1,
    windowMs: given.window ?? null,
    minSamples: given.min_samples ?? 0,
    check: given.check ?? null,
  }
}

function metric(keys: number | ThresholdKeys, block: DeploymentBlock) {
  const given: ThresholdKeys = typeof keys === 'number' ? { max: keys } : keys
  const { check, source } = askedOf(given, block)
  return {
    max: given.max,
    forCount: given.for ?? METRIC.forCount,
    windowMs: given.window ?? METRIC.windowMs,
    minSamples: given.min_samples ?? (source === null ? MIN_PROBES : 0),
    check,
    source,
  }
}

/** Which check is queried; the only one of a source need not be named. */
function askedOf(
  { source, check }: ThresholdKeys,
  { analysis, metrics }: DeploymentBlock,
): { readonly source: string | null; readonly check: string | null } {
  const name = source ?? analysis?.checks.find((one) => one.name === check)?.source
  const isProbes = name === undefined || (own(metrics?.sources, name)?.type ?? 'probes') === 'probes'
  if (isProbes) return { source: null, check: check ?? null }
  return { source: name, check: check ?? analysis?.checks.find((one) => one.source === name)?.name ?? null }
}
