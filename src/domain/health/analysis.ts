/** A bound of a measured value. Durations are kept in milliseconds. */
export interface Limit {
  readonly value: number
  readonly unit: 'ratio' | 'ms' | 'number'
}

/** Where values come from. */
export type MetricSource =
  | { readonly type: 'probes'; readonly name: string }
  | {
      readonly type: 'prometheus'
      readonly name: string
      /** `http://prometheus:9090`, with a path where it has one. */
      readonly address: string
      /** May name secrets, as `Bearer ${env:TOKEN}`. */
      readonly headers: Readonly<Record<string, string>>
      readonly timeoutMs: number
    }
  | {
      readonly type: 'datadog'
      readonly name: string
      /** `https://api.datadoghq.eu` */
      readonly address: string
      /** References to secrets. */
      readonly apiKey: string
      readonly appKey: string
      readonly timeoutMs: number
    }

/** One thing that is measured again and again, and when that is bad. */
export interface AnalysisCheck {
  readonly name: string
  /** Of a metric source. */
  readonly source: string
  /** Empty for probes. */
  readonly query: string
  /** The same for the version that was live before; empty without one. */
  readonly baselineQuery: string
  /** Counts the requests the value is about; empty where they are counted by what the query itself says, or not at all. */
  readonly samplesQuery: string
  /** Of probes: which latency is measured; `null` = the share of rounds that failed. */
  readonly quantile: number | null
  readonly max: Limit | null
  readonly min: Limit | null
  readonly maxRatioToBaseline: number | null
  /** Measurements of a bounded analysis; 0 = as many as fit. */
  readonly count: number
  /** More failures than this: failed. Cumulative. */
  readonly failureLimit: number
  /** So many successes in a row end a bounded analysis; 0 = off. */
  readonly consecutiveSuccessLimit: number
  /** More inconclusive measurements than this: inconclusive. Cumulative. */
  readonly inconclusiveLimit: number
  /** More errors of the source in a row than this: inconclusive. */
  readonly consecutiveErrorLimit: number
  /** Fewer samples than this: the measurement says nothing. */
  readonly minSamples: number
  readonly onNoData: 'inconclusive' | 'pass' | 'fail'
  /** Shown, never decides. */
  readonly isDryRun: boolean
}

/** What a source said at one moment. */
export interface Measurement {
  readonly check: string
  /** RFC 3339. */
  readonly at: string
  /** On the monotonic clock. */
  readonly atMs: number
  /** As the source gives it, latencies in seconds; `null` = no data. */
  readonly value: number | null
  /** How many requests or rounds it is about; `null` = not known. */
  readonly samples: number | null
  readonly baseline: number | null
  /** Why the source could not be queried; empty when it could. Foreign text. */
  readonly error: string
  /** Why there is no value, in words. */
  readonly why: string
  /** What the source says is missing from its answer, so that the value decides nothing; absent when it is whole. Foreign text. */
  readonly partial?: string
  /** What the source says about the query beside its answer; absent when that is nothing. Foreign text. */
  readonly note?: string
}

export interface AnalysisPlan {
  /** How long a version is watched before it counts as healthy. */
  readonly windowMs: number
  readonly intervalMs: number
  readonly initialDelayMs: number
  readonly checks: readonly AnalysisCheck[]
}
