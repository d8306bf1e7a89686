import { perSlot, type Slot } from '../../../domain/traffic/traffic.ts'
import { NEVER, type EngineParts } from '../../engine-parts.ts'
import type { TrafficReport } from '../deploy.ts'
import { newestKept, openDeploy } from '../recovery/deploy-list.ts'
import { requireTraffic, trafficContext } from './traffic-access.ts'
import { versionIn } from '../plan/version-in.ts'
import { isWorkedOn } from '../../../operation/worker.ts'

/** Both slots, as the provider says; what is in them, as the history does. Reads only. */
export async function readTraffic(parts: EngineParts, signal: AbortSignal = NEVER): Promise<TrafficReport> {
  const bound = requireTraffic(parts)
  const { config, platform } = parts
  const [snapshot, { history }, open, kept] = await Promise.all([
    bound.provider.read(trafficContext(parts, bound, signal)),
    parts.history.readIndexed(),
    openDeploy(parts),
    newestKept(parts),
  ])
  const { split, states, requests, sessions, isApplied, access, warnings } = snapshot
  const now = platform.clock.now()
  const isKept = (slot: Slot): boolean => kept !== null && kept.slot === slot && split[slot] === 0 && kept.until > now
  return {
    provider: bound.provider.kind,
    title: bound.provider.title,
    split,
    slots: perSlot((slot) => ({
      slot,
      label: config.blueGreen?.slots[slot].label ?? slot,
      url: config.blueGreen?.slots[slot].url ?? null,
      version: open?.plan.kind === 'deploy' && open.plan.slot === slot ? open.plan.version : versionIn(history, slot),
      percent: split[slot],
      state: states[slot],
      requests: requests?.[slot] ?? null,
      sessions: sessions?.[slot] ?? null,
      keptUntil: isKept(slot) ? (kept?.until ?? null) : null,
    })),
    isSettled: isApplied,
    access,
    warnings,
    open: open ?? null,
    isWorkedOn: open ? await isWorkedOn(parts, open.id) : false,
  }
}
