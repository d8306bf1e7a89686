import { bareVersion } from '../domain/version.ts'
import { fillPlaceholders, type PlaceholderValues } from '../domain/placeholders.ts'
import type { HttpCheck } from '../domain/health-check.ts'
import { askCommand } from '../health/ask-command.ts'
import { askHttp } from '../health/ask-http.ts'
import { planProbes } from '../health/plan-probes.ts'
import { runRound } from '../health/run-round.ts'
import type { FindingDraft, TargetContext } from './target-context.ts'

const CODE = 'V19'

/** What the tests have to know; the target need not be in the history yet. */
export interface SmokeContext extends Pick<TargetContext, 'platform' | 'config' | 'copies' | 'signal'> {
  readonly target: { readonly version: string }
}

interface SmokeResult {
  readonly what: string
  readonly isPassed: boolean
  /** What was asked and what came back. */
  readonly detail: string
}

/**
 * `run_smoke_tests`: the command or address of the configuration, or else the health checks that can ask the target while
 * it is not live.
 */
export async function runSmokeTests(context: SmokeContext): Promise<readonly FindingDraft[]> {
  const { config, target } = context
  if (config.validation.smokeTests === null) return []
  const results = await runAll(context)
  if (results.length === 0) return [nothingToRun(target.version)]
  const failed = results.filter(({ isPassed }) => !isPassed)
  if (failed.length === 0) {
    const names = results.map(({ what }) => what).join(', ')
    return [
      { code: CODE, severity: 'ok', title: `the smoke tests of ${target.version} passed`, detail: names, remedy: '' },
    ]
  }
  return failed.map(({ what, detail }) => ({
    code: CODE,
    severity: 'block',
    title: `a smoke test of ${target.version} failed: ${what}`,
    detail,
    remedy: 'Repair the target or its test, choose another version, or insist with --override V19 --reason TEXT.',
  }))
}

async function runAll(context: SmokeContext): Promise<readonly SmokeResult[]> {
  const { config, platform, signal, target } = context
  const { words, url, against, timeoutMs } = config.validation.smokeTests ?? {}
  if (words) {
    const filled = words.map((word) => fill(word, context, against))
    const answer = await askCommand({ words: filled, timeoutMs: timeoutMs ?? 0 }, platform, config.root, signal)
    return [{ what: filled.join(' '), isPassed: answer.verdict === 'passing', detail: inOneLine(answer.evidence) }]
  }
  if (typeof url === 'string') {
    const check = httpCheck(fill(url, context, against), timeoutMs ?? 0)
    const answer = await askHttp(check, 'smoke test', platform, signal)
    return [{ what: check.url, isPassed: answer.verdict === 'passing', detail: inOneLine(answer.evidence) }]
  }
  const version = bareVersion(target.version)
  const subject = { role: 'target', version, values: valuesOf(context) } as const
  const probes = planProbes(config.health.checks, context.copies, subject)
  const critical = probes.filter(({ check }) => check.severity === 'critical')
  const health = { platform, root: config.root }
  return Promise.all(
    critical.map(async (probe) => {
      const sample = await runRound(probe, health, 0, signal)
      return { what: probe.id, isPassed: sample.verdict === 'passing', detail: inOneLine(sample.evidence) }
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
    isFreshConnection: false,
    expect: { statuses: [], maxLatencyMs: null, json: [], headers: [] },
    timeoutMs,
    retries: 0,
    intervalMs: 0,
    initialDelayMs: 0,
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
