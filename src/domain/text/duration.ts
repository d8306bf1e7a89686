const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const LONGEST_MS = 100 * 365 * 86_400_000
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/u
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/guy
const RATIO = /^(\d+(?:\.\d+)?)%$/u

/** `30s`, `1h30m`, `800ms` in milliseconds, up to a hundred years; `undefined` for anything else. Pure. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined
  let ms = 0
  for (const [, amount, unit] of text.matchAll(PART)) ms += Number(amount) * UNITS[unit as keyof typeof UNITS]
  return ms <= LONGEST_MS ? Math.round(ms) : undefined
}

/** `5%` as 0.05; `undefined` for anything else. Pure. */
export function parseRatio(text: string): number | undefined {
  const percent = RATIO.exec(text)?.[1]
  return percent === undefined ? undefined : Number(percent) / 100
}

/** Milliseconds as people write them in files: `30s`, `1h30m`, `800ms`. Pure. */
export function durationText(ms: number): string {
  let left = Math.max(0, Math.round(ms))
  let text = ''
  for (const unit of ['h', 'm', 's', 'ms'] as const) {
    const amount = Math.floor(left / UNITS[unit])
    left -= amount * UNITS[unit]
    if (amount > 0) text += `${amount}${unit}`
  }
  return text === '' ? '0s' : text
}

/** 0.05 as `5%`, with at most two digits behind the point. Pure. */
export function ratioText(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))}%`
}
