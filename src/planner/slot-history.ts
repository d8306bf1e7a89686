import type { Deployment, History, PackageRecord, PackageRef } from '../domain/deployment.ts'
import type { Finding, PinnedVersion, PlanExclusion } from '../domain/plan.ts'
import { sameVersion } from '../domain/version.ts'
import type { PinnedSlots, Subject } from '../registries/driver.ts'
import type { Registries } from './bind-registries.ts'
import type { Pairing } from './pair-packages.ts'

/** Everything that puts another version where one was; a rollback only leads there. */
const FILLING: ReadonlySet<Deployment['kind']> = new Set(['deploy', 'reissue'])
/** Of a package that leads to its pin. */
const LEADING: ReadonlySet<string> = new Set(['deployed', 'already'])

/** The history of one package whose pins name places. Slots of another environment are other slots. */
export interface SlotHistory {
  readonly history: History
  readonly ref: PackageRef
  readonly slots: PinnedSlots
}

/** The deployment whose version a slot runs now: the newest that was deployed there, regardless of its result. Pure. */
export function deploymentIn(slotHistory: SlotHistory, slot: string): Deployment | undefined {
  return slotHistory.history.deployments.find(
    (deployment) =>
      FILLING.has(deployment.kind) && slotHistory.slots.ofPin(recordIn(deployment, slotHistory)?.ref ?? null) === slot,
  )
}

/** Every deployment whose version some place runs now. Pure. */
export function deploymentsInSlots(slotHistory: SlotHistory): readonly Deployment[] {
  const pins = slotHistory.history.deployments.flatMap(({ packages }) => packages.map(({ ref }) => ref ?? null))
  const named = new Set(pins.flatMap((pin) => slotHistory.slots.ofPin(pin) ?? []))
  return [...named].flatMap((slot) => deploymentIn(slotHistory, slot) ?? [])
}

/** The deployment or rollback with which a place lost what it had; `undefined` when it has not lost it. Pure. */
export function leftWith(slotHistory: SlotHistory, slot: string): Deployment | undefined {
  let leaving: Deployment | undefined
  for (const deployment of slotHistory.history.deployments) {
    const record = recordIn(deployment, slotHistory)
    if (record === undefined || !LEADING.has(record.status)) continue
    const led = slotHistory.slots.ofPin(record.ref ?? null)
    if (led === slot) return leaving
    if (led !== null) leaving = deployment
  }
  return leaving
}

/** Within a project one provider and one slot name one thing, regardless of the application's name. */
function recordIn({ packages }: Pick<Deployment, 'packages'>, { ref }: SlotHistory): PackageRecord | undefined {
  return packages.find(({ format, registry }) => format === ref.format && registry === ref.registry)
}

export interface SlotPairing extends Pairing {
  readonly findings: readonly Finding[]
}

/** Leaves out what would lead to a place where another version runs by now; everything else is still offered. Pure. */
export function skipTaken({ subjects, excluded }: Pairing, history: History, registries: Registries): SlotPairing {
  const kept: Subject[] = []
  const taken: { readonly exclusion: PlanExclusion; readonly finding: Finding }[] = []
  for (const subject of subjects) {
    const { slots } = registries(subject.package).driver
    const reason = slots && whyTaken(subject.to, { history, ref: subject.package, slots })
    if (reason === undefined) kept.push(subject)
    else taken.push(skipped(subject, reason))
  }
  return {
    subjects: kept,
    excluded: [...excluded, ...taken.map(({ exclusion }) => exclusion)],
    findings: taken.map(({ finding }) => finding),
  }
}

/** Why the place of the version to go back to does not serve it, or `undefined` when it does. Pure. */
export function whyTaken({ version, pin }: PinnedVersion, slotHistory: SlotHistory): string | undefined {
  const slot = slotHistory.slots.ofPin(pin)
  if (slot === null) return `where ${version} runs was not recorded`
  const newest = deploymentIn(slotHistory, slot)
  if (newest === undefined || sameVersion(newest.version, version)) return undefined
  return `${slot} runs ${newest.version} now`
}

function skipped({ package: ref, from, to }: Subject, reason: string) {
  const remedy = `deploy ${to.version} again to serve it`
  return {
    exclusion: { package: ref, status: 'skipped', reason: `${reason}; ${remedy}`, observed: null, from },
    finding: {
      code: 'V30',
      severity: 'warn',
      title: `${ref.format}: ${reason}`,
      detail: `No traffic is moved; the registries go back to ${to.version}.`,
      remedy: `To move traffic as well, ${remedy}.`,
      package: ref,
    },
  } as const
}
