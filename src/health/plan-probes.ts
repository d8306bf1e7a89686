import type { HealthCheck } from '../domain/health/health-check.ts'
import { fillPlaceholders, usesPlaceholder, type PlaceholderValues } from '../domain/text/placeholders.ts'
import { fillCheck } from './fill-check.ts'
import type { ProbeTarget, Probe } from './probe.ts'

/** Where copies of the application answer, and which of them is which. */
export interface Copies {
  /** Addresses; `null` = not configured. */
  readonly blue: string | null
  readonly green: string | null
  readonly preview: string | null
  /** The slot that has the traffic; `null` = not known, or there are no slots. */
  readonly active: 'blue' | 'green' | null
}

export interface ProbeSubject {
  /** `live` serves users now; `target` is the version that would be gone back to. */
  readonly role: 'live' | 'target'
  /** Bare. */
  readonly version: string
  /** Of the placeholders that are the same for every copy. */
  readonly values: PlaceholderValues
}

/** Which checks can say something about the subject, each filled in for its copy. Pure. */
export function planProbes(checks: readonly HealthCheck[], copies: Copies, subject: ProbeSubject): readonly Probe[] {
  return checks.flatMap((check) => {
    const target = targetOf(check, copies, subject.role)
    return target === undefined ? [] : [fillProbe(check, target, copies, subject)]
  })
}

/** Where the check asks about the subject; `undefined` when it says nothing about it. */
function targetOf(check: HealthCheck, copies: Copies, role: ProbeSubject['role']): ProbeTarget | undefined {
  const standby = standbyOf(copies)
  switch (check.target) {
    case 'active':
      return role === 'live' ? 'active' : undefined
    case 'preview':
      return role === 'target' ? 'preview' : undefined
    case 'blue':
    case 'green':
      // A slot counts for the version in it; while that is unknown, it counts for none.
      return check.target === (role === 'live' ? copies.active : standby) ? check.target : undefined
    case 'all':
      if (role === 'live') return 'active'
      return standby ?? (canDistinguish(check, copies) ? 'preview' : undefined)
  }
}

function standbyOf({ active }: Copies): 'blue' | 'green' | undefined {
  if (active === null) return undefined
  return active === 'blue' ? 'green' : 'blue'
}

/** Whether a check asks whichever copy it is told to. Pure. */
export function namesCopy(check: HealthCheck): boolean {
  return addressesOf(check).some((text) => usesPlaceholder(text, 'target_host', 'slot'))
}

/** Only a check that names the copy or the version in its address says something else about another one. */
function canDistinguish(check: HealthCheck, copies: Copies): boolean {
  const names = copies.preview === null ? (['version'] as const) : (['version', 'target_host'] as const)
  return addressesOf(check).some((text) => usesPlaceholder(text, ...names))
}

function addressesOf(check: HealthCheck): readonly string[] {
  if (check.kind === 'http') return [check.url]
  return check.kind === 'command' ? check.words : [check.host]
}

function fillProbe(check: HealthCheck, target: ProbeTarget, copies: Copies, subject: ProbeSubject): Probe {
  const slot = target === 'active' ? copies.active : target
  const address = slot === null ? null : copies[slot]
  const values: PlaceholderValues = {
    ...subject.values,
    version: subject.version,
    ...(address === null ? {} : { target_host: hostFor(check, new URL(address)) }),
    ...(slot === null || slot === 'preview' ? {} : { slot }),
  }
  const missing = new Set<string>()
  const filled = fillCheck(check, (text) => {
    const result = fillPlaceholders(text, values)
    for (const name of result.missing) missing.add(name)
    return result.text
  })
  return {
    id: target === 'active' || target === check.target ? check.name : `${check.name}@${target}`,
    target,
    check: filled,
    problem: missing.size === 0 ? '' : `\${${[...missing].join('}, ${')}} is not known here`,
  }
}

/** A TCP check has a port of its own. */
function hostFor({ kind }: HealthCheck, { host, hostname }: URL): string {
  return kind === 'tcp' ? hostname : host
}
