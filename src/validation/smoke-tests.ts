import { bareVersion } from '../domain/version.ts'
import { fillPlaceholders, type PlaceholderValues } from '../domain/text/placeholders.ts'
import type { HttpCheck } from '../domain/health/health-check.ts'
import type { HealthVerdict } from '../domain/health/health-sample.ts'
import { probeCommand } from '../health/probe-command.ts'
import { probeHttp } from '../health/probe-http.ts'
import { planProbes } from '../health/plan-probes.ts'
import { runRound } from '../health/run-round.ts'
import type { FindingDraft, TargetContext } from './target-context.ts'

const CODE = 'V19'

/** What the tests have to know; the target need not be in the history yet. */
export interface SmokeContext extends Pick<TargetContext, 'platform' | 'config' | 'copies' | 'signal'> {
  readonly target: { readonly version: string }
}

export interface SmokeResult {
  readonly what: string
  /** `unknown`: it could not be run or got no answer, which says nothing about the version. */
  readonly verdict: HealthVerdict
  /** The request and the answer. */
  readonly detail: string
}

/**
 * What `run_smoke_tests` finds about a target; a test that could not run blocks as well, until a person overrides it.
 */
export async function findSmokeTests(context: SmokeContext): Promise<readonly FindingDraft[]> {
  const { config, target } = context
  if (config.validation.smokeTests === null) return []
  const results = await runSmokeTests(context)
  if (results.length === 0) return [nothingToRun(target.version)]
  const open = results.filter(({ verdict }) => verdict !== 'passing')
  if (open.length === 0) {
    const names = results.map(({ what }) => what).join(', ')
    return [
      { code: CODE, severity: 'ok', title: `the smoke tests of ${target.version} passed`, detail: names, remedy: '' },
    ]
  }
  return open.map((result) => ({
    code: CODE,
    severity: 'block',
    title: smokeTitle(target.version, result),
    detail: result.detail,
    remedy: 'Repair the target or its test, choose another version, or insist with --override V19 --reason TEXT.',
  }))
}

/** How a test ended that did not pass, in one line. Pure. */
export function smokeTitle(version: string, { what, verdict }: SmokeResult): string {
  return `a smoke test of ${version} ${verdict === 'unknown' ? 'could not be run' : 'failed'}: ${what}`
}

/**
 * `run_smoke_tests`: the command or address of the configuration, or else the health checks that can probe the target
 * while it is not live. Empty when it is off, or no check can probe it.
 */
export async function runSmokeTests(context: SmokeContext): Promise<readonly SmokeResult[]> {
  const { config, platform, signal, target } = context
  if (config.validation.smokeTests === null) return []
  const { words, url, against, timeoutMs } = config.validation.smokeTests
  if (words) {
    const filled = words.map((word) => fill(word, context, against))
    const answer = await probeCommand({ words: filled, env: {}, timeoutMs }, platform, config.root, signal)
    return [{ what: filled.join(' '), verdict: answer.verdict, detail: inOneLine(answer.evidence) }]
  }
  if (typeof url === 'string') {
    const check = httpCheck(fill(url, context, against), timeoutMs)
    const answer = await probeHttp(check, { platform, root: config.root, pool: 'smoke test' }, signal)
    return [{ what: check.url, verdict: answer.verdict, detail: inOneLine(answer.evidence) }]
  }
  const version = bareVersion(target.version)
  const subject = { role: 'target', version, values: valuesOf(context) } as const
  const probes = planProbes(config.health.checks, context.copies, subject)
  const critical = probes.filter(({ check }) => check.severity === 'critical')
  const health = { platform, root: config.root }
  return Promise.all(
    critical.map(async (probe) => {
      const sample = await runRound(probe, health, 0, signal)
      return { what: probe.id, verdict: sample.verdict, detail: inOneLine(sample.evidence) }
    }),
  )
}

/** What has no value here stays as it is, and fails where it matters. */
function fill(text: string, context: SmokeContext, against: 'preview' | 'active' | 'target' | undefined): string {
  const { blue, green, preview, active } = context.copies
  const standby = active === 'blue' ? green : active === 'green' ? blue : null
  const address = against === 'active' ? (active === null ? null : context.copies[active]) : (standby ?? preview)
  const host = address === null ? {} : { target_host: new URL(address).host }
  return fillPlaceholders(text, { ...valuesOf(context), ...host }).text
}

function valuesOf({ config, target }: SmokeContext): PlaceholderValues {
  const version = bareVersion(target.version)
  return { app: config.app, environment: config.environment, version, target_version: version }
}

function httpCheck(url: string, timeoutMs: number): HttpCheck {
  return {
    kind: 'http',
    name: url,
    url,
    method: 'GET',
    headers: {},
    body: '',
    isFreshConnection: true,
    tls: { caFile: '', certFile: '', keyFile: '' },
    expect: { statuses: [], maxLatencyMs: null, json: [], headers: [] },
    timeoutMs,
    retries: 0,
    intervalMs: 0,
    initialDelayMs: 0,
    startup: null,
    failureThreshold: 1,
    successThreshold: 1,
    severity: 'critical',
    target: 'preview',
  }
}

function nothingToRun(version: string): FindingDraft {
  return {
    code: CODE,
    severity: 'warn',
    title: `no smoke test can ask ${version}`,
    detail: 'run_smoke_tests is on, and no command, no address and no check of a preview says how.',
    remedy: 'Name one in bagboy.yaml: run_smoke_tests: { command: "./smoke.sh ${target_version}" }',
  }
}

function inOneLine(evidence: string): string {
  return evidence.split('\n').slice(0, 6).join(' · ').slice(0, 400)
}
