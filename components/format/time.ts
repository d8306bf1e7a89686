const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `42s`, `5m`, `2h`, `17d`: how long ago, in the largest unit that says enough. Pure. */
export function age(at: string, now: string): string {
  const ms = Date.parse(now) - Date.parse(at)
  if (Number.isNaN(ms)) return '–'
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))}s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)}h`
  return ms < 1000 * DAY ? `${Math.floor(ms / DAY)}d` : `${Math.floor(ms / (365 * DAY))}y`
}

/** `0m07`, `2m01`, `1h05m`. Pure. */
export function duration(ms: number): string {
  const whole = Math.max(0, Math.round(ms / SECOND))
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  return hours > 0 ? `${hours}h${pad(minutes)}m` : `${minutes}m${pad(seconds)}`
}

/** `42ms`, `1.2s`, `15s`, `2m05`: how long something took, in at most five columns. Pure. */
export function shortTime(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)}ms`
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)}s`
  return ms < 100 * SECOND ? `${Math.round(ms / SECOND)}s` : duration(ms)
}

/** Between two wall clock times; the second one may be missing. Pure. */
export function elapsed(from: string | null, to: string): string {
  return from === null ? '' : duration(Date.parse(to) - Date.parse(from))
}

/** `14:02:11Z`. Pure. */
export function clockTime(at: string): string {
  return /T(\d\d:\d\d:\d\d)/u.test(at) ? `${at.slice(11, 19)}Z` : at
}

/** `2026-02-01 18:00Z`. Pure. */
export function dateTime(at: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/u.test(at) ? `${at.slice(0, 10)} ${at.slice(11, 16)}Z` : at
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
