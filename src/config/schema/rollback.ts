import { z } from 'zod'
import { commandProblem, httpUrl, template } from './health-text.ts'
import { count, duration, notSupported, ratio, strictMap, textList } from './strict-map.ts'

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
  analysis: z.union([z.string(), textList.min(1)]).optional(),
}).refine((item) => Object.values(item).some((value) => value !== undefined), {
  error: 'an item needs a condition, as in health_check_failures: 3',
})

const level = z.union([z.boolean(), z.enum(['warn', 'block', 'off'])])

const smokeTests = strictMap({
  command: template.optional(),
  shell: z.boolean().default(false),
  url: httpUrl.optional(),
  against: z.enum(['preview', 'active', 'target']).default('target'),
  timeout: duration.default(120_000),
}).superRefine(({ command, shell, url }, context) => {
  if (command !== undefined && url !== undefined) {
    context.addIssue({ code: 'custom', path: ['url'], message: 'give it either command or url' })
  }
  const problem = command === undefined || shell ? undefined : commandProblem(command)
  if (problem !== undefined) context.addIssue({ code: 'custom', path: ['command'], message: problem })
})

const compatibility = strictMap({
  schema: z
    .string()
    .superRefine((command, context) => {
      const problem = commandProblem(command)
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
    })
    .optional(),
  on_unknown: z.enum(['warn', 'block', 'pass']).default('warn'),
})

const artifacts = strictMap({
  checksums: level.default(true),
  signatures: level.default('off'),
  attestations: level.default('off'),
})

const validation = strictMap({
  run_smoke_tests: z.union([z.boolean(), smokeTests]).optional(),
  verify_dependencies: level.optional(),
  check_backwards_compatibility: z.union([level, compatibility]).optional(),
  verify_artifacts: z.union([z.boolean(), artifacts]).optional(),
  require_reason: z.boolean().optional(),
})

/** A list of maps, merged with the later one winning; a plain map means the same. */
const validations = z.union([validation, z.array(validation)])

const reissue = strictMap({
  enabled: z
    .boolean()
    .refine((isEnabled) => !isEnabled, { error: 'publishing a fixed version is not supported yet; write false' })
    .default(false),
  version: z.string().optional(),
})

export const rollback = strictMap({
  auto_trigger: z.union([z.array(trigger), trigger]).optional(),
  validation: validations.optional(),
  mode: z.enum(['auto', 'propose', 'off']).optional(),
  target: z.enum(['last_known_good', 'previous']).default('last_known_good'),
  window: strictMap({ revisions: count.optional(), duration: duration.optional() }).optional(),
  max_auto_rollbacks: count.default(1),
  cooldown: duration.default(1_800_000),
  countdown: duration.default(10_000),
  hold: z.boolean().default(true),
  require_healthy_target: z.boolean().default(true),
  compare_with_baseline: z.boolean().default(true),
  order: notSupported('registries are taken back in the order of their formats, traffic first'),
  parallelism: z.int().min(1).max(64).default(4),
  timeout: duration.default(600_000),
  request_timeout: duration.default(30_000),
  settle_window: duration.default(2000),
  retry: strictMap({
    attempts: z.int().min(1).max(20).default(5),
    backoff: duration.default(1000),
    max_backoff: duration.default(30_000),
    jitter: z.boolean().default(true),
  }).prefault({}),
  on_partial_failure: z.enum(['pause', 'continue', 'undo']).default('pause'),
  reissue: reissue.optional(),
})

export type ValidationKeys = z.infer<typeof validation>
