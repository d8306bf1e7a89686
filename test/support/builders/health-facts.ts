import type { AnalysisCheck, Measurement } from '../../../src/domain/health/analysis.ts'
import type { HealthSample } from '../../../src/domain/health/health-sample.ts'
import type { Condition } from '../../../src/domain/health/trigger.ts'
import type { ProbeRounds, TriggerFacts } from '../../../src/health/decide/trigger-facts.ts'

/** Between two rounds, and between two measurements. */
export const ROUND_MS = 10_000
const TIMEOUT_MS = 30_000
const AT = '2026-11-23T10:00:00.000Z'

export function aSample(parts: Partial<HealthSample> = {}): HealthSample {
  return {
    probe: 'login',
    at: AT,
    atMs: 0,
    lateMs: 0,
    verdict: 'passing',
    latencyMs: 100,
    timeoutMs: TIMEOUT_MS,
    attempts: 1,
    detail: '200',
    evidence: '',
    ...parts,
  }
}

const VERDICTS = { P: 'passing', F: 'failing', U: 'unknown' } as const

/** `PPFU`: one round a letter, ten seconds apart; the last one ends now. Blanks are for the eye. */
export function rounds(
  letters: string,
  parts: Partial<ProbeRounds> & { readonly latencyMs?: number } = {},
): ProbeRounds {
  const { latencyMs = 100, ...rest } = parts
  const probe = rest.probe ?? 'login'
  const verdicts = Array.from(letters.replaceAll(' ', '')).map((letter) => VERDICTS[letter as keyof typeof VERDICTS])
  return {
    probe,
    check: probe,
    severity: 'critical',
    samples: verdicts.map((verdict, index) =>
      aSample({
        probe,
        verdict,
        atMs: (index - verdicts.length + 1) * ROUND_MS,
        latencyMs,
        detail: verdict === 'failing' ? '500' : '200',
      }),
    ),
    ...rest,
  }
}

/** `failed` of `total` rounds, spread evenly, with that latency; the last one ends at `endMs`. */
export function manyRounds(
  failed: number,
  total: number,
  parts: { latencyMs?: number; endMs?: number } = {},
): ProbeRounds {
  const samples = Array.from({ length: total }, (_, index) =>
    aSample({
      atMs: (parts.endMs ?? 0) - (total - 1 - index),
      verdict: index < failed ? 'failing' : 'passing',
      latencyMs: parts.latencyMs ?? 100,
    }),
  )
  return { probe: 'login', check: 'login', severity: 'critical', samples }
}

export function anAnalysisCheck(parts: Partial<AnalysisCheck> = {}): AnalysisCheck {
  return {
    name: 'errors',
    source: 'prom',
    query: 'errors / requests',
    baselineQuery: '',
    samplesQuery: '',
    quantile: null,
    max: { value: 0.05, unit: 'ratio' },
    min: null,
    maxRatioToBaseline: null,
    count: 0,
    failureLimit: 0,
    consecutiveSuccessLimit: 0,
    inconclusiveLimit: 0,
    consecutiveErrorLimit: 4,
    minSamples: 0,
    onNoData: 'inconclusive',
    isDryRun: false,
    ...parts,
  }
}

export function aMeasurement(parts: Partial<Measurement> = {}): Measurement {
  return {
    check: 'errors',
    at: AT,
    atMs: 0,
    value: 0.01,
    samples: null,
    baseline: null,
    error: '',
    why: '',
    ...parts,
  }
}

const LETTERS: Readonly<Record<string, Partial<Measurement>>> = {
  S: { value: 0.01 },
  F: { value: 0.2 },
  I: { value: null, why: 'the query gives nothing' },
  E: { value: null, error: 'prom does not answer' },
}

/** `SFIE`: success, failure, inconclusive, error; ten seconds apart, the last one now. */
export function measurements(letters: string): readonly Measurement[] {
  const all = Array.from(letters.replaceAll(' ', ''))
  return all.map((letter, index) => aMeasurement({ ...LETTERS[letter], atMs: (index - all.length + 1) * ROUND_MS }))
}

export function facts(parts: Partial<TriggerFacts> = {}): TriggerFacts {
  return {
    nowMs: 0,
    probes: [],
    evaluationsMs: [],
    analysis: { windowMs: 600_000, intervalMs: 30_000, initialDelayMs: 0, checks: [anAnalysisCheck()] },
    measurements: {},
    ...parts,
  }
}

type Failures = Extract<Condition, { kind: 'health_check_failures' }>
type Rate = Extract<Condition, { kind: 'error_rate_threshold' | 'response_time_threshold' }>

export const failures = (max: number, parts: Partial<Failures> = {}): Failures => ({
  kind: 'health_check_failures',
  max,
  forCount: 1,
  windowMs: null,
  minSamples: 0,
  check: null,
  ...parts,
})

export const errorRate = (max: number, parts: Partial<Rate> = {}): Rate => ({
  forCount: 1,
  windowMs: 300_000,
  minSamples: 20,
  check: null,
  source: null,
  ...parts,
  kind: 'error_rate_threshold',
  max,
})

export const responseTime = (max: number, parts: Partial<Rate> = {}): Rate => ({
  ...errorRate(max, parts),
  kind: 'response_time_threshold',
})

export const analysisOf = (...checks: readonly string[]): Condition => ({ kind: 'analysis', checks })
