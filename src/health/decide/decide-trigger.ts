import type {
  Condition,
  ConditionResult,
  ConditionState,
  RuleState,
  TriggerDecision,
  TriggerRule,
} from '../../domain/health/trigger.ts'
import { analysisCondition } from './analysis-condition.ts'
import { failuresState } from './failures-state.ts'
import { rateState } from './rate-state.ts'
import type { TriggerFacts } from './trigger-facts.ts'

/**
 * Whether a release has to be left, and what that was decided from. One rule is enough; all conditions of a rule must
 * hold. What cannot be told never decides anything. Pure.
 */
export function decideTrigger(rules: readonly TriggerRule[], facts: TriggerFacts): TriggerDecision {
  const states = rules.map((rule) => ruleState(rule, facts))
  const fired = states.find(({ result }) => result === 'met') ?? null
  return { result: fired ? 'met' : anyOf(states), rules: states, fired }
}

function anyOf(states: readonly RuleState[]): ConditionResult {
  return states.some(({ result }) => result === 'inconclusive') ? 'inconclusive' : 'not-met'
}

function ruleState({ number, conditions }: TriggerRule, facts: TriggerFacts): RuleState {
  const states = conditions.map((condition) => conditionState(condition, facts))
  return { number, result: allOf(states), conditions: states }
}

function allOf(states: readonly ConditionState[]): ConditionResult {
  if (states.length === 0 || states.some(({ result }) => result === 'not-met')) return 'not-met'
  return states.some(({ result }) => result === 'inconclusive') ? 'inconclusive' : 'met'
}

function conditionState(condition: Condition, facts: TriggerFacts): ConditionState {
  switch (condition.kind) {
    case 'health_check_failures':
      return failuresState(condition, facts)
    case 'error_rate_threshold':
    case 'response_time_threshold':
      return rateState(condition, facts)
    case 'analysis':
      return analysisCondition(condition, facts)
  }
}
