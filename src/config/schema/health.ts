import { z } from 'zod'
import { count, duration, openMap, ratio, strictMap, textMap } from './strict-map.ts'

const common = {
  name: z.string().optional(),
  timeout: duration.optional(),
  retries: count.optional(),
  interval: duration.optional(),
  failure_threshold: z.int().min(1).optional(),
  success_threshold: z.int().min(1).optional(),
  initial_delay: duration.optional(),
  severity: z.enum(['critical', 'warning']).optional(),
  target: z.enum(['active', 'preview', 'blue', 'green', 'all']).optional(),
}

const expectation = strictMap({
  status: z.union([z.int(), z.array(z.int())]).optional(),
  max_latency: duration.optional(),
  json: openMap.optional(),
  header: textMap.optional(),
})

/** One of `url`, `command` and `tcp` says what is checked. */
export const healthCheck = strictMap({
  ...common,
  url: z.string().optional(),
  method: z.string().optional(),
  headers: textMap.optional(),
  body: z.string().optional(),
  expect: expectation.optional(),
  command: z.string().optional(),
  shell: z.boolean().optional(),
  tcp: z.string().optional(),
}).refine(({ url, command, tcp }) => [url, command, tcp].filter((part) => part !== undefined).length === 1, {
  message: 'give it exactly one of url, command and tcp',
})

const source = strictMap({
  type: z.enum(['prometheus', 'datadog', 'probes']),
  address: z.string().optional(),
  site: z.string().optional(),
  headers: textMap.optional(),
  api_key: z.string().optional(),
  app_key: z.string().optional(),
  timeout: duration.optional(),
})

const metricsExport = strictMap({
  type: z.enum(['prometheus', 'textfile', 'pushgateway', 'dogstatsd', 'datadog_events', 'otlp']),
  listen: z.string().optional(),
  path: z.string().optional(),
  url: z.string().optional(),
  job: z.string().optional(),
  grouping: textMap.optional(),
  address: z.string().optional(),
  tags: z.array(z.string()).optional(),
  site: z.string().optional(),
  api_key: z.string().optional(),
  headers: textMap.optional(),
})

export const metrics = strictMap({
  sources: z.record(z.string(), source).optional(),
  export: z.array(metricsExport).optional(),
})

const analysisCheck = strictMap({
  name: z.string(),
  source: z.string(),
  query: z.string().optional(),
  baseline_query: z.string().optional(),
  quantile: z.number().min(0).max(1).optional(),
  max: z.union([ratio, duration, z.number()]).optional(),
  min: z.union([ratio, duration, z.number()]).optional(),
  max_ratio_to_baseline: z.number().positive().optional(),
  count: count.optional(),
  failure_limit: count.optional(),
  consecutive_success_limit: count.optional(),
  inconclusive_limit: count.optional(),
  consecutive_error_limit: count.optional(),
  min_samples: count.optional(),
  on_no_data: z.enum(['inconclusive', 'pass', 'fail']).optional(),
  dry_run: z.boolean().optional(),
})

export const analysis = strictMap({
  window: duration.optional(),
  interval: duration.optional(),
  initial_delay: duration.optional(),
  checks: z.array(analysisCheck).optional(),
})
