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
export function timerText(ms: number): string {
  const whole = Math.max(0, Math.round(ms / SECOND))
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  return hours > 0 ? `${hours}h${pad(minutes)}m` : `${minutes}m${pad(seconds)}`
}

/** Between two wall clock times; the second one may be missing. Pure. */
export function elapsed(from: string | null, to: string): string {
  return from === null ? '' : timerText(Date.parse(to) - Date.parse(from))
}

/** Milliseconds until a moment, never negative. Pure. */
export function msUntil(at: string, now: string): number {
  return Math.max(0, Date.parse(at) - Date.parse(now))
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

/** `840ms`, `12.4s`, `4m 10s`, `1h 2m`: short, for people. Pure. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return withRest(Math.floor(seconds / 60), 'm', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  return withRest(Math.floor(minutes / 60), 'h', minutes % 60, 'm')
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit} ${rest}${restUnit}`
}
