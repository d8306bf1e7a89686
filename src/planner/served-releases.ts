import { holdOn, nameIn, packageKey, type Deployment, type History, type PackageRef } from '../domain/deployment.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { stepId, type Finding, type PinnedVersion } from '../domain/plan.ts'
import { bareVersion, compareVersions, parseVersion, sameVersion, type Version } from '../domain/version.ts'
import type { Inspection } from './inspect-all.ts'

/** What the history says of what is live. */
export interface ServedFacts {
  readonly history: History
  readonly active: Deployment
  readonly app: string
  readonly now: string
}

/** A registry that serves another version than the history says. */
export interface ServedRelease {
  readonly package: PackageRef
  /** As the history writes it, where it knows it. */
  readonly version: Version
  /** Newer than what is live: published and not recorded, or recorded and taken back since. */
  readonly isNewer: boolean
  /** Why the history does not call it live: `was never recorded`, `is held`, `was rolled back`, `is not live`. */
  readonly why: string
}

/**
 * The registries that serve something else than the live release and than what they are taken back to, of those where it was deployed. Pins that name places, such
 * as slots, are read by their own rules. Pure.
 */
export function servedReleases(inspections: readonly Inspection[], facts: ServedFacts): readonly ServedRelease[] {
  return inspections.flatMap((inspection) => {
    const version = otherVersion(inspection, facts)
    if (version === undefined) return []
    const isNewer = compareVersions(version, facts.active.version) > 0
    return [{ package: inspection.subject.package, version, isNewer, why: whyNotLive(version, facts) }]
  })
}

/** The newest release that is served and newer than what the history calls live; `undefined` without one. Pure. */
export function unrecordedRelease(releases: readonly ServedRelease[]): ServedRelease | undefined {
  return releases.filter(({ isNewer }) => isNewer).toSorted((a, b) => compareVersions(b.version, a.version))[0]
}

/**
 * What a step starts from: the version that the registry serves, with the pin that was recorded for it there, if one was.
 * `undefined`: what the history calls live, or what the step leads to. Pure.
 */
export function servedFrom(inspection: Inspection, facts: ServedFacts): PinnedVersion | undefined {
  const version = otherVersion(inspection, facts)
  return version === undefined ? undefined : { version, pin: recordedPin(inspection.subject.package, version, facts) }
}

function otherVersion({ subject, registry, snapshot }: Inspection, facts: ServedFacts): Version | undefined {
  const serving = snapshot?.serving ?? null
  if (serving === null || registry.driver.slots) return undefined
  const expected = [facts.active.version, subject.to.version]
  if (expected.some((version) => sameVersion(version, serving))) return undefined
  return wasDeployedAt(subject.package, facts) ? spelling(serving, facts) : undefined
}

/** Where the live release has not arrived, by hand or for another reason, the older one is what is expected. */
function wasDeployedAt(ref: PackageRef, { active, app }: ServedFacts): boolean {
  const record = active.packages.find((one) => packageKey(nameIn(one, app)) === packageKey(ref))
  return record?.status === 'deployed' || record?.status === 'already'
}

/** As the history writes this version, else as it writes the live one: with its `v` or without. */
function spelling(serving: string, { history, active }: ServedFacts): Version | undefined {
  const known = history.deployments.find(({ version }) => sameVersion(version, serving))
  if (known) return known.version
  const bare = bareVersion(serving)
  return parseVersion(active.version !== bareVersion(active.version) && /^\d/u.test(bare) ? `v${bare}` : bare)
}

function recordedPin(ref: PackageRef, version: Version, { history, app }: ServedFacts): PinnedVersion['pin'] {
  const pins = history.deployments
    .filter((entry) => sameVersion(entry.version, version))
    .flatMap(({ packages }) => packages.filter((one) => packageKey(nameIn(one, app)) === packageKey(ref)))
    .flatMap((one) => one.ref ?? [])
  return pins[0] ?? null
}

function whyNotLive(version: Version, { history, now }: ServedFacts): string {
  if (holdOn(history, version, now)) return 'is held'
  const entry = history.deployments.find((one) => sameVersion(one.version, version))
  if (!entry) return 'was never recorded'
  return entry.status === 'rolled_back_from' ? 'was rolled back' : 'is not live'
}

/** What a plan says of a registry that does not serve the live release. Pure. */
export function findingOfServed({ package: ref, version, isNewer, why }: ServedRelease, live: Version): Finding {
  const name = sanitize(version, 80)
  return {
    code: 'V34',
    severity: 'warn',
    title: `${ref.format}: serves ${name}, which ${why}`,
    detail: `The history says that ${live} is live. ${sanitize(stepId(ref), 200)} is taken back from what it serves.`,
    remedy: isNewer
      ? `So that it does not ship again: bagboy-tui versions hold ${name} --reason TEXT. If it is meant to be live: bagboy-tui record --version ${name}.`
      : `If it is meant to be there: bagboy-tui record --version ${name}.`,
    package: ref,
  }
}
