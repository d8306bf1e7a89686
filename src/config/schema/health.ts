import { z } from 'zod'
import type { Limit } from '../../domain/health/analysis.ts'
import { parseDuration, parseRatio } from '../../domain/text/duration.ts'
import { commandProblem, hostAndPort, httpUrl, jsonPath, template } from './health-text.ts'
import { count, duration, notSupported, strictMap, textMap } from './strict-map.ts'

/** A copy that was just started gets this time until its first passing round; only then rounds count. */
export const startup = strictMap({
  timeout: duration.default(30_000),
  interval: duration.refine((ms) => ms >= 100, { error: 'write at least 100ms' }).default(1000),
})

const common = {
  name: z.string().min(1).optional(),
  timeout: duration.default(10_000),
  retries: count.max(20).default(0),
  interval: duration.refine((ms) => ms >= 100, { error: 'write at least 100ms' }).default(10_000),
  failure_threshold: z.int().min(1).default(1),
  success_threshold: z.int().min(1).default(1),
  initial_delay: duration.default(0),
  startup: startup.optional(),
  severity: z.enum(['critical', 'warning']).default('critical'),
  target: z.enum(['active', 'preview', 'blue', 'green', 'all']).default('active'),
}

const status = z.int().min(100).max(599)

const expectation = strictMap({
  status: z.union([status, z.array(status).min(1)]).optional(),
  max_latency: duration.optional(),
  json: z.record(jsonPath, z.json()).default({}),
  header: z.record(z.string(), template).default({}),
})

const KINDS = ['url', 'command', 'tcp'] as const
/** Keys that only a check of one kind has. */
const OF_KIND = {
  method: 'url',
  headers: 'url',
  body: 'url',
  expect: 'url',
  fresh_connection: 'url',
  ca_file: 'url',
  cert_file: 'url',
  key_file: 'url',
  shell: 'command',
  env: 'command',
} as const

/** One of `url`, `command` and `tcp` says what is checked. */
export const healthCheck = strictMap({
  ...common,
  url: httpUrl.optional(),
  method: z
    .string()
    .regex(/^(?:GET|HEAD|OPTIONS|POST)$/u, 'a check reads: GET, HEAD, OPTIONS or POST')
    .optional(),
  headers: z.record(z.string(), template).optional(),
  body: template.optional(),
  expect: expectation.optional(),
  fresh_connection: z.boolean().optional(),
  ca_file: z.string().min(1).optional(),
  cert_file: z.string().min(1).optional(),
  key_file: z.string().min(1).optional(),
  command: template.optional(),
  shell: z.boolean().optional(),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/u, 'write the name of a variable'), template.nullable()).optional(),
  tcp: hostAndPort.optional(),
}).superRefine((check, context) => {
  const given = KINDS.filter((kind) => check[kind] !== undefined)
  if (given.length !== 1) {
    context.addIssue({ code: 'custom', path: [], message: 'give it exactly one of url, command and tcp' })
    return
  }
  const foreign = (Object.keys(OF_KIND) as (keyof typeof OF_KIND)[]).find(
    (key) => check[key] !== undefined && OF_KIND[key] !== given[0],
  )
  if (foreign) {
    context.addIssue({ code: 'custom', path: [foreign], message: `it is only for a check with ${OF_KIND[foreign]}` })
  }
  if ((check.cert_file === undefined) !== (check.key_file === undefined)) {
    context.addIssue({ code: 'custom', path: [], message: 'cert_file and key_file belong together' })
  }
  const problem = check.command === undefined ? undefined : problemOf(check.command, check.shell === true)
  if (problem !== undefined) context.addIssue({ code: 'custom', path: ['command'], message: problem })
})

/** In a shell the text of a variable would be read as part of the program. */
function problemOf(command: string, isShell: boolean): string | undefined {
  if (!isShell) return commandProblem(command)
  return /\$\{(?:env|file):/u.test(command)
    ? 'a shell reads its environment itself: write $NAME instead of ${env:NAME}'
    : undefined
}

/** Where a secret is to be found; never the secret. */
const secretLocation = z
  .string()
  .regex(/^\$\{(?:env|file):[^{}]+\}$/u, 'a secret never stands in this file: write ${env:NAME} or ${file:path}')

const sourceTime = { timeout: duration.default(10_000) }

const source = z.discriminatedUnion('type', [
  strictMap({
    type: z.literal('prometheus'),
    address: httpUrl,
    headers: textMap.default({}),
    ...sourceTime,
  }),
  strictMap({
    type: z.literal('datadog'),
    site: z
      .string()
      .regex(/^[a-z0-9.-]+$/u, 'write the site as in datadoghq.eu')
      .default('datadoghq.com'),
    address: httpUrl.optional(),
    api_key: secretLocation,
    app_key: secretLocation,
    ...sourceTime,
  }),
  strictMap({ type: z.literal('probes') }),
])

export const metrics = strictMap({
  sources: z.record(z.string(), source).default({}),
  export: notSupported('no metric would be exported'),
})

/** `5%`, `2s` or a bare number, with its unit. */
const limit = z.union([z.string(), z.number()]).transform((given, context): Limit => {
  if (typeof given === 'number') return { value: given, unit: 'number' }
  const [share, ms] = [parseRatio(given), parseDuration(given)]
  if (share !== undefined) return { value: share, unit: 'ratio' }
  if (ms !== undefined) return { value: ms, unit: 'ms' }
  context.addIssue({ code: 'custom', message: 'write a percentage (5%), a duration (2s) or a number' })
  return z.NEVER
})

const analysisCheck = strictMap({
  name: z.string().min(1),
  source: z.string().min(1),
  query: template.optional(),
  baseline_query: template.optional(),
  samples_query: template.optional(),
  quantile: z.number().gt(0).max(1).optional(),
  max: limit.optional(),
  min: limit.optional(),
  max_ratio_to_baseline: z.number().positive().optional(),
  count: count.default(0),
  failure_limit: count.default(0),
  consecutive_success_limit: count.default(0),
  inconclusive_limit: count.default(0),
  consecutive_error_limit: count.default(4),
  min_samples: count.default(0),
  on_no_data: z.enum(['inconclusive', 'pass', 'fail']).default('inconclusive'),
  dry_run: z.boolean().default(false),
}).superRefine((check, context) => {
  const wrong = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message })
  if (check.max === undefined && check.min === undefined && check.max_ratio_to_baseline === undefined) {
    context.addIssue({ code: 'custom', path: [], message: 'say when it is bad: max, min or max_ratio_to_baseline' })
  }
  if (check.max_ratio_to_baseline !== undefined && check.baseline_query === undefined) {
    wrong('max_ratio_to_baseline', 'it needs a baseline_query to compare with')
  }
})

export const analysis = strictMap({
  window: duration.default(600_000),
  interval: duration.refine((ms) => ms >= 100, { error: 'write at least 100ms' }).default(30_000),
  initial_delay: duration.default(0),
  checks: z.array(analysisCheck).default([]),
})
