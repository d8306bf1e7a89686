/** The smallest value that `share` of all values do not exceed (nearest rank); `undefined` of none. Pure. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
