import type { JsonObject } from '../text/json.ts'

interface CommonCondition {
  /** So many evaluations in a row. */
  readonly forCount: number
  /** Older samples do not count; `null` = no limit. */
  readonly windowMs: number | null
  /** Fewer samples than this: inconclusive. */
  readonly minSamples: number
}

/** One key of an `auto_trigger` item. */
export type Condition =
  /** Met at `max` consecutive failing rounds (≥). */
  | (CommonCondition & {
      readonly kind: 'health_check_failures'
      readonly max: number
      /** Only this check; `null` = any critical one. */
      readonly check: string | null
    })
  /** Met when the share is greater than `max` (>). */
  | (CommonCondition & MetricCondition & { readonly kind: 'error_rate_threshold'; readonly max: number })
  /** Met when p95, ms, is greater than `max` (>). */
  | (CommonCondition & MetricCondition & { readonly kind: 'response_time_threshold'; readonly max: number })
  /** Met when one of the checks exceeds its failure limit (>). */
  | { readonly kind: 'analysis'; readonly checks: readonly string[] }

interface MetricCondition {
  /**
   * A health check when `source` is our own probes, else an analysis check with a query; `null` = all critical probes.
   */
  readonly check: string | null
  /** Name of the metric source; `null` = our own probes. */
  readonly source: string | null
}

/** One item of `auto_trigger`: all of its conditions must hold. One item is enough. */
export interface TriggerRule {
  /** From 1, as they stand in the file. */
  readonly number: number
  readonly conditions: readonly Condition[]
}

export type ConditionResult = 'met' | 'not-met' | 'inconclusive'

/** Where one condition stands, with what that was decided from. */
export interface ConditionState {
  readonly kind: Condition['kind']
  readonly result: ConditionResult
  /** `2 of 3`: failing rounds, evaluations over the limit, failures. */
  readonly done: number
  readonly needed: number
  /** In words: `5%`, `2s`, `3`. */
  readonly threshold: string
  /** How the value is held against it. */
  readonly comparison: '>' | '≥'
  /** In words; empty when there is none. */
  readonly value: string
  /** Rounds or requests the value is about; `null` = not known. */
  readonly samples: number | null
  /** In words: `5m`; empty without one. */
  readonly window: string
  /** `probes`, or the name of the metric source. */
  readonly source: string
  /** The check it is about; empty = all critical ones. */
  readonly check: string
  /** The query that was sent to the source; empty for probes. */
  readonly query: string
  /** Why nothing can be said, or what stands behind the value; empty when there is nothing to say. */
  readonly note: string
}

export interface RuleState {
  readonly number: number
  readonly result: ConditionResult
  readonly conditions: readonly ConditionState[]
}

export interface TriggerDecision {
  readonly result: ConditionResult
  readonly rules: readonly RuleState[]
  /** The first rule that is met. */
  readonly fired: RuleState | null
}

/** What is kept in the history of why a version was left by itself; the first condition decides the kind. Pure. */
export function triggerRecord(rule: RuleState, at: string): JsonObject {
  const [first, ...others] = rule.conditions.map(conditionRecord)
  return { ...first, at, ...(others.length === 0 ? {} : { and: others }) }
}

/** The same of rules that did not fire: every condition of theirs, as it stood. Pure. */
export function conditionRecords(rules: readonly RuleState[]): readonly JsonObject[] {
  return rules.flatMap(({ conditions }) => conditions.map(conditionRecord))
}

function conditionRecord(state: ConditionState): JsonObject {
  const { kind, value, threshold, window, samples, source, check, query, note } = state
  return {
    kind,
    value,
    threshold,
    ...(window === '' ? {} : { window }),
    ...(samples === null ? {} : { samples }),
    source,
    ...(check === '' ? {} : { check }),
    ...(query === '' ? {} : { query }),
    ...(note === '' ? {} : { detail: note }),
  }
}
