/** What a metric source answered; `value` is `null` when it has no data. */
export interface MetricReading {
  readonly value: number | null
  /** Why there is none; empty when there is one. */
  readonly why: string
  /** What the source says is missing from its answer; empty when it is whole. */
  readonly partial: string
  /** What the source says about the query beside its answer. */
  readonly note: string
}

export const NO_DATA = (why: string): MetricReading => ({ value: null, why, partial: '', note: '' })

/** Only a finite number is data. Pure. */
export function metricReading(value: number): MetricReading {
  return Number.isFinite(value)
    ? { value, why: '', partial: '', note: '' }
    : NO_DATA(`the query gives ${String(value).replace('inity', '')}`)
}
