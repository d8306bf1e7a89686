import type { History } from '../../../domain/deployment.ts'
import { stepId, type Finding } from '../../../domain/plan.ts'
import { coldFinding, standbyUntil } from '../../../planner/standby-slot.ts'
import type { Subject } from '../../../registries/driver.ts'
import { checkSlotHealth } from '../../../validation/slot-findings.ts'
import type { EngineParts } from '../../engine-parts.ts'

export interface CheckedSlots {
  readonly findings: readonly Finding[]
  /** What to say beside the title of a step, by its id. */
  readonly notes: ReadonlyMap<string, string>
}

type Parts = Pick<EngineParts, 'config' | 'platform' | 'registries'>

/** Whether what would be gone back to is still up, for steps that lead to a place where it has to run. Changes nothing. */
export async function checkSlots(
  parts: Parts,
  { subjects, history }: { readonly subjects: readonly Subject[]; readonly history: History },
  signal: AbortSignal,
): Promise<CheckedSlots> {
  const windows = subjects.flatMap((subject) => standbyWindow(parts, subject, history) ?? [])
  const now = parts.platform.clock.now()
  const cold = windows.filter(({ until }) => until <= now)
  const standby = windows.filter(({ until }) => until > now)
  return {
    findings: [
      ...(await probeSlots(parts, subjects, signal)),
      ...cold.map(({ subject, slot, until }) => coldFinding(subject, slot, until)),
    ],
    notes: new Map(
      standby.map(({ subject, slot, until }) => [stepId(subject.package), `${slot} is kept warm until ${until}`]),
    ),
  }
}

/** The health checks of the places that steps lead to. */
export async function probeSlots(
  { config, platform, registries }: Parts,
  subjects: readonly Pick<Subject, 'package' | 'to'>[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings = subjects.map(async ({ package: ref, to }) => {
    const slot = registries(ref).driver.slots?.ofPin(to.pin) ?? null
    const drafts = slot === null ? [] : await checkSlotHealth(slot, to, { config, platform, signal })
    return drafts.map((draft) => ({ ...draft, package: ref }))
  })
  return (await Promise.all(findings)).flat()
}

function standbyWindow({ config, registries }: Parts, subject: Subject, history: History) {
  const { package: ref, to } = subject
  const { slots } = registries(ref).driver
  const slot = slots?.ofPin(to.pin) ?? null
  if (!slots || slot === null || config.blueGreen === null) return undefined
  const until = standbyUntil({ history, ref, slots }, subject, config.blueGreen.keepPreviousMs)
  return until === undefined ? undefined : { subject, slot, until }
}
