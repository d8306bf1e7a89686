import type { Config } from '../../../config/config.ts'
import { otherSlot, type Slot } from '../../../domain/traffic/traffic.ts'
import { bareVersion } from '../../../domain/version.ts'
import { namesCopy, planProbes } from '../../../health/plan-probes.ts'
import type { Probe } from '../../../health/probe.ts'

export interface SlotSubject {
  readonly slot: Slot
  /** What should be in it; empty when unknown. */
  readonly version: string
  /** Whether it gets no traffic, so that the preview address shows it. */
  readonly isIdle: boolean
}

/**
 * The checks that can probe one slot past the balancer. A check of the preview probes the slot at its own address where
 * that is configured; one whose address is fixed says something about the idle slot only. Pure.
 */
export function slotProbes({ health, app, environment }: Config, subject: SlotSubject): readonly Probe[] {
  const { slot, version, isIdle } = subject
  const { slots } = health
  const preview = slots[slot] ?? (isIdle ? slots.preview : null)
  const checks = health.checks.filter(
    (check) => check.target !== 'preview' || isIdle || (slots[slot] !== null && namesCopy(check)),
  )
  const bare = bareVersion(version)
  return planProbes(
    checks,
    { ...slots, preview, active: otherSlot(slot) },
    { role: 'target', version: bare, values: { app, environment, target_version: bare } },
  )
}
