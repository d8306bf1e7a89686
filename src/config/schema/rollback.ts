import { z } from 'zod'
import { count, duration, openMap, ratio, strictMap, textList } from './strict-map.ts'

const threshold = {
  for: z.int().min(1).optional(),
  window: duration.optional(),
  min_samples: count.optional(),
  source: z.string().optional(),
  check: z.string().optional(),
}

/** The keys of one item must all hold (AND); one item is enough (OR). */
const trigger = strictMap({
  health_check_failures: z.union([z.int().min(1), strictMap({ max: z.int().min(1), ...threshold })]).optional(),
  error_rate_threshold: z.union([ratio, strictMap({ max: ratio, ...threshold })]).optional(),
  response_time_threshold: z.union([duration, strictMap({ max: duration, ...threshold })]).optional(),
  analysis: z.union([z.string(), textList]).optional(),
})

const level = z.union([z.boolean(), z.enum(['warn', 'block', 'off'])])

const validation = strictMap({
  run_smoke_tests: z
    .union([
      z.boolean(),
      strictMap({
        command: z.string().optional(),
        url: z.string().optional(),
        against: z.string().optional(),
        timeout: duration.optional(),
      }),
    ])
    .optional(),
  verify_dependencies: level.optional(),
  check_backwards_compatibility: z
    .union([
      level,
      strictMap({ schema: z.string().optional(), on_unknown: z.enum(['warn', 'block', 'pass']).optional() }),
    ])
    .optional(),
  verify_artifacts: z
    .union([
      z.boolean(),
      strictMap({ checksums: level.optional(), signatures: level.optional(), attestations: level.optional() }),
    ])
    .optional(),
  require_reason: z.boolean().optional(),
})

/** A list of maps, merged with the later one winning; a plain map means the same. */
const validations = z.union([validation, z.array(validation)])

export const rollback = strictMap({
  auto_trigger: z.union([z.array(trigger), trigger]).optional(),
  validation: validations.optional(),
  mode: z.enum(['auto', 'propose', 'off']).optional(),
  target: z.enum(['last_known_good', 'previous']).optional(),
  window: strictMap({ revisions: count.optional(), duration: duration.optional() }).optional(),
  max_auto_rollbacks: count.optional(),
  cooldown: duration.optional(),
  hold: z.boolean().default(true),
  require_healthy_target: z.boolean().optional(),
  compare_with_baseline: z.boolean().optional(),
  order: textList.optional(),
  parallelism: z.int().min(1).max(64).default(4),
  timeout: duration.default(600_000),
  request_timeout: duration.default(30_000),
  retry: strictMap({
    attempts: z.int().min(1).max(20).default(5),
    backoff: duration.default(1000),
    max_backoff: duration.default(30_000),
    jitter: z.boolean().default(true),
  }).prefault({}),
  on_partial_failure: z.enum(['pause', 'continue', 'undo']).default('pause'),
  reissue: openMap.optional(),
})

/** `require_reason` of the merged validations. */
export function requiresReason({ validation: given }: z.infer<typeof rollback>): boolean {
  const list = given === undefined ? [] : Array.isArray(given) ? given : [given]
  return list.findLast((entry) => entry.require_reason !== undefined)?.require_reason ?? false
}
