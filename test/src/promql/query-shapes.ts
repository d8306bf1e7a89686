/** Counters that grow by the same every minute, as `promtool` reads them. */
export const SERIES: readonly (readonly [series: string, perMinute: number])[] = [
  ['requests_total{job="a",code="200"}', 90],
  ['requests_total{job="a",code="500"}', 10],
  ['requests_total{job="b",code="200"}', 50],
  ['canary_total{code="500"}', 2],
  ['canary_total{code="200"}', 8],
  ['latency_seconds_bucket{job="a",le="0.1"}', 60],
  ['latency_seconds_bucket{job="a",le="0.5"}', 90],
  ['latency_seconds_bucket{job="a",le="+Inf"}', 100],
  ['latency_seconds_count{job="a"}', 100],
  ['latency_seconds_sum{job="a"}', 20],
  ['sent_bytes_total{job="a"}', 5000],
]

const ERRORS = 'sum(rate(requests_total{code=~"5.."}[5m]))'
const ALL = 'sum(rate(requests_total[5m]))'
const COUNT = 'sum(increase(requests_total[5m]))'

/** Queries whose requests are counted: the query that counts them, and how many that are with {@link SERIES}. */
export const COUNTED: readonly (readonly [query: string, count: string, requests: number])[] = [
  [`${ERRORS} / ${ALL}`, COUNT, 750],
  [`(${ERRORS} or vector(0)) / ${ALL}`, COUNT, 750],
  [`(${ERRORS} or on() vector(0)) / ${ALL}`, COUNT, 750],
  [`${ERRORS} / ${ALL} or vector(0)`, COUNT, 750],
  [`((${ERRORS})) / ((${ALL}))`, COUNT, 750],
  [`${ERRORS} / ${ALL} # of everything`, COUNT, 750],
  [`# errors\n${ERRORS} # 5xx\n/\n${ALL}\n`, COUNT, 750],
  [`100 * ${ERRORS} / ${ALL}`, COUNT, 750],
  [`${ERRORS} / ${ALL} * 100`, COUNT, 750],
  [`1 - ${ERRORS} / ${ALL}`, COUNT, 750],
  [`-1 * (${ERRORS} / ${ALL})`, COUNT, 750],
  [`(${ERRORS} / ${ALL}) > 0`, COUNT, 750],
  [`0 < ${ERRORS} / ${ALL}`, COUNT, 750],
  [`${ERRORS} / ${ALL} and ${ALL} > 1`, COUNT, 750],
  [`${ERRORS} / ${ALL} unless absent(requests_total)`, COUNT, 750],
  [`${ERRORS} / (${ALL} > 0)`, COUNT, 750],
  [`${ERRORS} / clamp_min(${ALL}, 1)`, COUNT, 750],
  [`clamp_max(${ERRORS} / ${ALL}, 1)`, COUNT, 750],
  [`round(${ERRORS} / ${ALL}, 0.001)`, COUNT, 750],
  [`max(${ERRORS} / ${ALL})`, COUNT, 750],
  [`${ERRORS} / scalar(${ALL})`, COUNT, 750],
  [`${ERRORS} / on() ${ALL}`, COUNT, 750],
  [`${ERRORS} / ignoring(job) ${ALL}`, COUNT, 750],
  [`(60 * ${ERRORS}) / (${ALL} * 60)`, COUNT, 750],
  [`SUM(rate(requests_total{code="500"}[5m])) / SUM(rate(requests_total[5m]))`, COUNT, 750],
  [
    'sum(increase(requests_total{code="500"}[10m])) / sum(increase(requests_total[10m]))',
    'sum(increase(requests_total[10m]))',
    1500,
  ],
  ['sum(increase(requests_total{code="500"}[5m])) / sum(rate(requests_total[5m]))', COUNT, 750],
  [
    'sum(rate(requests_total{code!~"2.."}[2m])) / sum(rate(requests_total{job="a"}[2m]))',
    'sum(increase(requests_total{job="a"}[2m]))',
    200,
  ],
  [
    'sum(rate(requests_total{code="500"}[5m] offset 2m)) / sum(rate(requests_total[5m]  offset 2m))',
    'sum(increase(requests_total[5m]  offset 2m))',
    750,
  ],
  [
    'sum(rate(requests_total{code="500"}[5m:1m])) / sum(rate(requests_total[5m:1m]))',
    'sum(increase(requests_total[5m:1m]))',
    750,
  ],
  [
    `sum(rate(requests_total{code="500",job=~"a|/\\"#"}[5m])) / sum(rate(requests_total{job!="#/"}[5m]))`,
    'sum(increase(requests_total{job!="#/"}[5m]))',
    750,
  ],
  [
    `${ERRORS} / (sum(rate(requests_total{job="a"}[5m])) + sum(rate(canary_total[5m])))`,
    'sum(increase(requests_total{job="a"}[5m])) + sum(increase(canary_total[5m]))',
    550,
  ],
  [
    'sum by (job) (rate(requests_total{code="500"}[5m])) / sum by (job) (rate(requests_total[5m]))',
    '(sum by (job) (increase(requests_total[5m]))) and (sum by (job) (rate(requests_total{code="500"}[5m])) / sum by (job) (rate(requests_total[5m])))',
    500,
  ],
  [
    'sum(rate(requests_total{code="500"}[5m])) by (job) / on (job) sum(rate(requests_total[5m])) by (job)',
    '(sum by (job) (increase(requests_total[5m]))) and on (job) (sum(rate(requests_total{code="500"}[5m])) by (job) / on (job) sum(rate(requests_total[5m])) by (job))',
    500,
  ],
  [
    'sum without (code) (rate(requests_total{code="500"}[5m])) / sum without (code) (rate(requests_total[5m]))',
    '(sum without (code) (increase(requests_total[5m]))) and (sum without (code) (rate(requests_total{code="500"}[5m])) / sum without (code) (rate(requests_total[5m])))',
    500,
  ],
  [
    'rate(requests_total{code="500"}[5m]) / ignoring (code) group_left sum without (code) (rate(requests_total[5m]))',
    '(sum without (code) (increase(requests_total[5m]))) and ignoring (code) (rate(requests_total{code="500"}[5m]) / ignoring (code) group_left sum without (code) (rate(requests_total[5m])))',
    500,
  ],
  [
    'rate(requests_total{code="500",job="a"}[5m]) / ignoring(code) rate(requests_total{code="200",job="a"}[5m])',
    '(increase(requests_total{code="200",job="a"}[5m])) and ignoring (code) (rate(requests_total{code="500",job="a"}[5m]) / ignoring(code) rate(requests_total{code="200",job="a"}[5m]))',
    450,
  ],
  [
    'histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket[5m])))',
    'sum(increase(latency_seconds_bucket{le="+Inf"}[5m]))',
    500,
  ],
  [
    'histogram_quantile(0.95, sum(rate(latency_seconds_bucket{job="a"}[5m])) by (le))',
    'sum(increase(latency_seconds_bucket{job="a",le="+Inf"}[5m]))',
    500,
  ],
  [
    'histogram_quantile(0.5, sum by (le, job) (increase(latency_seconds_bucket[5m])))',
    '(sum by (job) (increase(latency_seconds_bucket{le="+Inf"}[5m]))) and (histogram_quantile(0.5, sum by (le, job) (increase(latency_seconds_bucket[5m]))))',
    500,
  ],
  [
    'sum(rate(latency_seconds_sum[5m])) / sum(rate(latency_seconds_count[5m]))',
    'sum(increase(latency_seconds_count[5m]))',
    500,
  ],
  [
    'sum(rate(latency_seconds_bucket{le="0.5"}[5m])) / sum(rate(latency_seconds_count[5m]))',
    'sum(increase(latency_seconds_count[5m]))',
    500,
  ],
]

/** The same for histograms that hold their buckets themselves; `promtool` of old cannot write them. */
export const COUNTED_NATIVE: readonly (readonly [query: string, count: string])[] = [
  ['histogram_quantile(0.9, sum(rate(latency_seconds[5m])))', 'histogram_count(sum(increase(latency_seconds[5m])))'],
  ['histogram_fraction(0, 0.2, sum(rate(latency_seconds[1h])))', 'histogram_count(sum(increase(latency_seconds[1h])))'],
  ['histogram_avg(sum(rate(latency_seconds[5m])))', 'histogram_count(sum(increase(latency_seconds[5m])))'],
  [
    'histogram_sum(sum(rate(latency_seconds[5m]))) / histogram_count(sum(rate(latency_seconds[5m])))',
    'histogram_count(sum(increase(latency_seconds[5m])))',
  ],
  [
    'sum(rate(requests_total{version="${version}",code="500"}[2m])) / sum(rate(requests_total{version="${version}"}[2m]))',
    'sum(increase(requests_total{version="${version}"}[2m]))',
  ],
  [
    'sum(rate(${app}_errors_total[2m])) / sum(rate(${app}_requests_total[2m]))',
    'sum(increase(${app}_requests_total[2m]))',
  ],
]

/** Queries that do not say exactly how many requests they are about. */
export const UNCOUNTED: readonly (readonly [query: string, why: string])[] = [
  ['up', 'a gauge'],
  ['a / b', 'no range'],
  ['job:errors:rate5m / job:requests:rate5m', 'recorded rates: their range stands elsewhere'],
  [`job:errors:rate5m / ${ALL}`, 'the range of the numerator stands elsewhere'],
  [ERRORS, 'errors alone: of how many requests is not said'],
  ['sum(increase(requests_total{code="500"}[5m]))', 'errors alone'],
  ['sum(rate(requests_total{code="500"}[1m])) / sum(rate(requests_total[5m]))', 'two ranges'],
  [`sum(rate(requests_total{code="500"}[5m] offset 1d)) / ${ALL}`, 'two times'],
  [`${ERRORS} / ${ALL} / 2 / ${ALL}`, 'a share of a share'],
  [`(${ERRORS} / ${ALL}) / (${ERRORS} / ${ALL})`, 'two shares'],
  [`${ERRORS} / ${ALL} - ${ERRORS} / ${ALL}`, 'a difference of shares'],
  [`1 / (${ERRORS} / ${ALL})`, 'a share that is turned over'],
  [`(${ERRORS} / ${ALL}) ^ 2`, 'a power'],
  [`${ERRORS} / ${ALL} > bool 0.05`, 'a comparison, not its value'],
  [`${ERRORS} / ${ALL} or ${ALL}`, 'one of two values'],
  ['sum(irate(requests_total{code="500"}[5m])) / sum(irate(requests_total[5m]))', 'the last two samples only'],
  ['avg(rate(requests_total{code="500"}[5m])) / avg(rate(requests_total[5m]))', 'an average'],
  ['max by (job) (rate(requests_total{code="500"}[5m])) / max by (job) (rate(requests_total[5m]))', 'a maximum'],
  ['avg_over_time(error_ratio[5m])', 'a gauge'],
  ['avg_over_time((sum(rate(e[1m])) / sum(rate(r[1m])))[10m:1m])', 'shares of several times'],
  ['sum(rate(requests_total{code="500"}[5m])) / sum(rate(latency_seconds_sum[5m]))', 'seconds'],
  [
    'sum(rate(requests_total{code="500"}[5m])) / sum(rate(latency_seconds_bucket[5m]))',
    'each request in several buckets',
  ],
  ['sum(rate(requests_total{code="500"}[5m])) / sum(rate(sent_bytes_total[5m]))', 'bytes'],
  ['sum(rate({__name__=~"errors.*"}[5m])) / sum(rate({__name__=~"requests.*"}[5m]))', 'several metrics'],
  ['sum(rate(a[5m]) + rate(b[5m])) / sum(rate(a[5m]) - rate(b[5m]))', 'a difference'],
  ['histogram_quantile(0.9, rate(latency_seconds_bucket[5m]))', 'one value for each series'],
  ['histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket{le!="0.1"}[5m])))', 'a choice of buckets'],
  ['topk(1, sum by (job) (rate(e[5m])) / sum by (job) (rate(r[5m])))', 'one of several shares'],
  ['sum(sum by (job) (rate(e[5m])) / sum by (job) (rate(r[5m])))', 'a sum of shares'],
  ['label_replace(sum(rate(e[5m])) / sum(rate(r[5m])), "a", "$1", "b", "(.*)")', 'other labels'],
  ['absent(up{job="a"})', 'whether something is there'],
  ['sum(rate(e[5m])) / sum(rate(r[5m])) default 0', 'another language than PromQL'],
  ['sum(rate(e)) / sum(rate(r))', 'another language than PromQL'],
  ['sum(rate(e[$__interval])) / sum(rate(r[$__interval]))', 'a variable of Grafana'],
  ['sum(rate(e[5m]) / ', 'no whole query'],
  ['', 'no query'],
]
