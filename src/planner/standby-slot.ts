import type { Timestamp } from '../domain/deployment.ts'
import type { Finding } from '../domain/plan.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import type { Subject } from '../registries/driver.ts'
import { leftWith, type SlotHistory } from './slot-history.ts'

/** How long what the version to go back to runs in is kept up, counted from when it lost its traffic. Pure. */
export function standbyUntil(slotHistory: SlotHistory, { to }: Subject, keepMs: number): Timestamp | undefined {
  const slot = slotHistory.slots.ofPin(to.pin)
  const left = slot === null ? undefined : leftWith(slotHistory, slot)
  if (left === undefined) return undefined
  const since = Date.parse(left.finished ?? left.timestamp)
  return Number.isNaN(since) ? undefined : new Date(since + keepMs).toISOString()
}

/** The time is over for which it was kept running. Pure. */
export function coldFinding({ package: ref, to }: Subject, slot: string, until: Timestamp): Finding {
  return {
    code: 'V33',
    severity: 'warn',
    title: `${ref.format}: ${slot} was kept warm until ${until}`,
    detail: `blue_green.keep_previous is over: what runs ${sanitize(to.version, 80)} there may be stopped by now.`,
    remedy: `Ask it before you send users to it, or deploy ${to.version} again.`,
    package: ref,
  }
}
