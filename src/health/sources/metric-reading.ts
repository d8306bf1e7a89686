/** What a metric source answered; `value` is `null` when it has no data. */
export interface MetricReading {
  readonly value: number | null
  /** Why there is none; empty when there is one. */
  readonly why: string
}

export const NO_DATA = (why: string): MetricReading => ({ value: null, why })

/** Only a finite number is data. Pure. */
export function metricReading(value: number): MetricReading {
  return Number.isFinite(value) ? { value, why: '' } : NO_DATA(`the query gives ${String(value).replace('inity', '')}`)
}
