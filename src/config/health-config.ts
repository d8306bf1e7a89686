import { trimEnd } from '../domain/text/trim-end.ts'
import type { AnalysisPlan, MetricSource } from '../domain/health/analysis.ts'
import type { CheckTls, HealthCheck } from '../domain/health/health-check.ts'
import type { Json } from '../domain/text/json.ts'
import { splitWords } from '../domain/text/split-words.ts'
import type { Config } from './config.ts'
import type { DeploymentBlock } from './schema/deployment.ts'
import { analysis } from './schema/health.ts'
import { parseHostAndPort } from './schema/health-text.ts'
import { triggerRules } from './trigger-config.ts'

type CheckKeys = DeploymentBlock['health_checks'][number]

/** What is watched, how, and what follows from it. Pure. */
export function healthOf(block: DeploymentBlock): Config['health'] {
  const { rollback, blue_green: slots } = block
  return {
    checks: uniqueNames(block.health_checks.map(checkOf)),
    slots: {
      blue: slots?.blue?.url ?? null,
      green: slots?.green?.url ?? null,
      preview: slots?.preview_url ?? null,
    },
    sources: sourcesOf(block),
    analysis: analysisOf(block),
    triggers: triggerRules(block),
    auto: {
      mode: rollback.mode ?? null,
      countdownMs: rollback.countdown,
      maxAutoRollbacks: rollback.max_auto_rollbacks,
      cooldownMs: rollback.cooldown,
      target: rollback.target,
      requireHealthyTarget: rollback.require_healthy_target,
      compareWithBaseline: rollback.compare_with_baseline,
      maxRevisions: rollback.window?.revisions ?? null,
      maxAgeMs: rollback.window?.duration ?? null,
    },
  }
}

function checkOf(keys: CheckKeys): HealthCheck {
  const common = {
    timeoutMs: keys.timeout,
    retries: keys.retries,
    intervalMs: keys.interval,
    initialDelayMs: keys.initial_delay,
    startup: startupOf(keys),
    failureThreshold: keys.failure_threshold,
    successThreshold: keys.success_threshold,
    severity: keys.severity,
    target: keys.target,
  }
  if (keys.command !== undefined) {
    const words = keys.shell === true ? ['sh', '-c', keys.command] : (splitWords(keys.command).words ?? [])
    return { ...common, kind: 'command', name: keys.name ?? keys.command, words, env: keys.env ?? {} }
  }
  if (keys.tcp !== undefined) {
    const { host, port } = parseHostAndPort(keys.tcp) ?? { host: '', port: 0 }
    return { ...common, kind: 'tcp', name: keys.name ?? keys.tcp, host, port }
  }
  const url = keys.url ?? ''
  return {
    ...common,
    kind: 'http',
    name: keys.name ?? nameOf(url),
    url,
    method: keys.method ?? 'GET',
    headers: keys.headers ?? {},
    body: keys.body ?? '',
    isFreshConnection: keys.fresh_connection ?? true,
    tls: tlsOf(keys),
    expect: expectationOf(keys.expect),
  }
}

function startupOf({ startup }: CheckKeys): HealthCheck['startup'] {
  return startup ? { timeoutMs: startup.timeout, intervalMs: startup.interval } : null
}

function tlsOf({ ca_file: caFile = '', cert_file: certFile = '', key_file: keyFile = '' }: CheckKeys): CheckTls {
  return { caFile, certFile, keyFile }
}

/** Neither a login nor a query string, which may be a secret. */
function nameOf(url: string): string {
  const address = url.replace(/^https?:\/\//u, '').split(/[?#]/u, 1)[0] ?? ''
  const [host = '', ...path] = address.split('/')
  return [host.split('@').at(-1), ...path].join('/')
}

function expectationOf(keys: CheckKeys['expect']): Extract<HealthCheck, { kind: 'http' }>['expect'] {
  return {
    statuses: keys?.status === undefined ? [] : [keys.status].flat(),
    maxLatencyMs: keys?.max_latency ?? null,
    json: Object.entries(keys?.json ?? {}).map(([path, value]) => [path, value as Json]),
    headers: Object.entries(keys?.header ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  }
}

/** Two checks of the same address are distinguished by a number. */
function uniqueNames(checks: readonly HealthCheck[]): readonly HealthCheck[] {
  const seen = new Map<string, number>()
  return checks.map((check) => {
    const count = (seen.get(check.name) ?? 0) + 1
    seen.set(check.name, count)
    return count === 1 ? check : { ...check, name: `${check.name} (${count})` }
  })
}

function sourcesOf({ metrics }: DeploymentBlock): readonly MetricSource[] {
  const configured = Object.entries(metrics?.sources ?? {}).map(([name, keys]): MetricSource => {
    if (keys.type === 'probes') return { type: 'probes', name }
    if (keys.type === 'prometheus') {
      const { address, headers, timeout } = keys
      return { type: 'prometheus', name, address: trimEnd(address, '/'), headers, timeoutMs: timeout }
    }
    const { address = `https://api.${keys.site}`, api_key: apiKey, app_key: appKey, timeout } = keys
    return { type: 'datadog', name, address: trimEnd(address, '/'), apiKey, appKey, timeoutMs: timeout }
  })
  return configured.some(({ name }) => name === 'probes')
    ? configured
    : [...configured, { type: 'probes', name: 'probes' }]
}

function analysisOf(block: DeploymentBlock): AnalysisPlan {
  const keys = block.analysis ?? analysis.parse({})
  return {
    windowMs: keys.window,
    intervalMs: keys.interval,
    initialDelayMs: keys.initial_delay,
    checks: keys.checks.map((check) => ({
      name: check.name,
      source: check.source,
      query: check.query ?? '',
      baselineQuery: check.baseline_query ?? '',
      samplesQuery: check.samples_query ?? '',
      quantile: quantileOf(check),
      max: check.max ?? null,
      min: check.min ?? null,
      maxRatioToBaseline: check.max_ratio_to_baseline ?? null,
      count: check.count,
      failureLimit: check.failure_limit,
      consecutiveSuccessLimit: check.consecutive_success_limit,
      inconclusiveLimit: check.inconclusive_limit,
      consecutiveErrorLimit: check.consecutive_error_limit,
      minSamples: check.min_samples,
      onNoData: check.on_no_data,
      isDryRun: check.dry_run,
    })),
  }
}

/** Of probes a duration is a latency, p95 where nothing else is said; a percentage is the share of rounds that failed. */
function quantileOf(check: NonNullable<DeploymentBlock['analysis']>['checks'][number]): number | null {
  const isLatency = (check.max ?? check.min)?.unit === 'ms'
  return check.quantile ?? (isLatency ? 0.95 : null)
}
