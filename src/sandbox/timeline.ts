import { createHash } from 'node:crypto'
import type { Release } from './releases.ts'

/** One thing that happened: a version went out, or was taken back for the one before it. */
export interface Happening {
  /** The id in the history. */
  readonly id: number
  readonly kind: 'deploy' | 'rollback'
  /** What is served afterwards. */
  readonly release: Release
  /** What was served before; `undefined` for the first. */
  readonly left: Release | undefined
  /** RFC 3339. */
  readonly at: string
  readonly commit: string
}

const HOUR_MS = 3_600_000

/** Oldest first, with ids from 1. `now` is RFC 3339. */
export function tellTimeline(releases: readonly Release[], now: string): readonly Happening[] {
  const timeline: Happening[] = []
  let serving: Release | undefined
  const add = (kind: Happening['kind'], release: Release, atMs: number) => {
    const at = new Date(Math.floor(atMs / 1000) * 1000).toISOString().replace('.000Z', 'Z')
    timeline.push({ id: timeline.length + 1, kind, release, left: serving, at, commit: commitOf(release) })
    serving = release
  }
  for (const release of releases) {
    const atMs = Date.parse(now) - release.hoursAgo * HOUR_MS - unevenness(release)
    const before = serving
    add('deploy', release, atMs)
    if (release.outcome.kind === 'rolled-back' && before) {
      add('rollback', before, atMs + release.outcome.hours * HOUR_MS)
    }
  }
  return timeline
}

/** Releases do not all go out at the same minute of the day; up to seven hours, none for today's. */
function unevenness({ version, hoursAgo }: Release): number {
  if (hoursAgo < 24) return 0
  const [first = 0, second = 0] = createHash('sha1').update(version).digest()
  return ((first * 256 + second) / 65_536) * 7 * HOUR_MS
}

/** Where one version stands in the source: made up, but the same in every sandbox. */
function commitOf({ version }: Release): string {
  return createHash('sha1').update(`commit of ${version}`).digest('hex')
}
