import type { Clock, Host } from '../platform/platform.ts'
import type { LockRecord } from './lock-record.ts'

const LAST_PID = 2 ** 31 - 1

/** `silent`: it may live, and has not beaten for the ttl; only a person can say that it does not go on. */
export type Verdict = 'alive' | 'dead' | 'silent'

interface Judging {
  readonly clock: Clock
  readonly host: Host
  /** How long a holder may be silent, on our monotonic clock. */
  readonly ttlMs: number
}

/** Remembers since when it has seen the same beat, so silence takes two calls that are `ttlMs` apart. */
export function createHolderJudge(judging: Judging): (holder: LockRecord, beat: string) => Promise<Verdict> {
  let seen = { epoch: 0, beat: '', atMs: 0 }
  return async (holder, beat) => {
    const nowMs = judging.clock.elapsedMs()
    if (seen.epoch !== holder.epoch || seen.beat !== beat) seen = { epoch: holder.epoch, beat, atMs: nowMs }
    if (await isGone(holder, judging.host)) return 'dead'
    return nowMs - seen.atMs >= judging.ttlMs ? 'silent' : 'alive'
  }
}

/** A machine knows its own processes for certain; of others, and of another container's, it knows nothing. */
async function isGone(holder: LockRecord, host: Host): Promise<boolean> {
  if (holder.host !== host.name) return false
  if (holder.bootId !== host.bootId) return true
  if (holder.pidSpace !== (host.pidSpace ?? '')) return false
  // A number that no process has is damage, and says nothing about the holder.
  if (holder.pid < 1 || holder.pid > LAST_PID) return false
  const start = await host.processStart(holder.pid)
  if (start === undefined) return true
  const isComparable = start !== '' && holder.processStart !== ''
  return isComparable && start !== holder.processStart
}
