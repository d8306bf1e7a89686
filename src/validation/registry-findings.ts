import type { PackageRef } from '../domain/deployment.ts'
import type { Finding } from '../domain/plan.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { Snapshot } from '../registries/driver.ts'

/** Of an artifact that is not there, or only in part. */
export const LACKING = 'V09'
/** Of content that is not what was recorded, or that nothing can compare with it. */
export const CHANGED = 'V02'

/** What reading one registry says about rolling back there. Pure. */
export function checkSnapshot(ref: PackageRef, snapshot: Snapshot): readonly Finding[] {
  const findings: Finding[] = []
  if (snapshot.target.status === 'closed') findings.push(closedFinding(ref, snapshot.target))
  else if (snapshot.target.status !== 'present') {
    findings.push({
      code: snapshot.target.status === 'missing' ? LACKING : CHANGED,
      severity: 'never',
      title: `${ref.format}: the artifact to go back to is ${snapshot.target.status}`,
      detail: snapshot.target.detail,
      remedy: `${snapshot.target.remedy} Or leave this registry out: --except ${ref.format}`,
      package: ref,
    })
  }
  if (snapshot.target.status === 'present' && snapshot.target.lacks) {
    const { detail, remedy, isUsable } = snapshot.target.lacks
    findings.push({
      code: LACKING,
      severity: isUsable ? 'warn' : 'block',
      title: `${ref.format}: the artifact to go back to is there ${isUsable ? 'without its attestation' : 'in part'}`,
      detail,
      remedy: `${remedy} Or leave this registry out: --except ${ref.format}`,
      package: ref,
    })
  }
  if (snapshot.target.status === 'present' && snapshot.target.uncompared) {
    const { detail, remedy } = snapshot.target.uncompared
    findings.push({
      code: CHANGED,
      severity: 'block',
      title: `${ref.format}: the artifact to go back to cannot be compared with what was recorded`,
      detail,
      remedy: `${remedy} Or leave this registry out: --except ${ref.format}`,
      package: ref,
    })
  }
  if (snapshot.access === 'denied') {
    const { detail = 'The credentials may read but not write.', remedy } = snapshot.accessNote ?? {}
    findings.push(deniedFinding(ref, detail, remedy))
  }
  if (snapshot.notAppliedNote !== undefined) {
    findings.push({
      code: 'V16',
      severity: 'warn',
      title: `${ref.format}: what is written down is not what users get`,
      detail: snapshot.notAppliedNote,
      remedy: 'A run waits for it, and does not say that it is done before it is so.',
      package: ref,
    })
  }
  return findings.length > 0 ? findings : [passedFinding(ref, snapshot)]
}

/** A registry that could not be read: refused credentials stop the plan, an outage only defers the step. */
export function checkUnreadable(ref: PackageRef, error: ErrorReport): Finding {
  if (error.code === 'REGISTRY_UNAUTHORIZED' || error.code === 'REGISTRY_FORBIDDEN') {
    return deniedFinding(ref, error.message)
  }
  const isOutage = ['REGISTRY_UNREACHABLE', 'REGISTRY_TIMEOUT', 'REGISTRY_BROKEN', 'REGISTRY_RATE_LIMITED'].includes(
    error.code,
  )
  return {
    code: 'V16',
    severity: isOutage ? 'warn' : 'block',
    title: `${ref.format}: the registry could not be read`,
    detail: error.message,
    remedy: isOutage
      ? 'It is tried again when the plan runs; what fails then can be resumed with `bagboy-tui runs resume`.'
      : `${error.hint ?? 'Check its entry in bagboy.yaml.'} Or leave it out: --except ${ref.format}`,
    package: ref,
  }
}

/** The balancer itself refuses to send traffic there, so an override would not help. */
function closedFinding(
  ref: PackageRef,
  { detail, remedy }: { readonly detail: string; readonly remedy: string },
): Finding {
  return {
    code: 'V31',
    severity: 'never',
    title: `${ref.format}: what it would go back to answers no requests`,
    detail,
    remedy: `${remedy} Or leave it out: --except ${ref.format}`,
    package: ref,
  }
}

function passedFinding(ref: PackageRef, { access, accessNote }: Snapshot): Finding {
  const unknown = accessNote?.detail ?? 'whether the credentials may write shows with the first write'
  const token = access === 'write' ? 'the credentials may write' : unknown
  return {
    code: LACKING,
    severity: 'ok',
    title: `${ref.format}: reachable, the artifact to go back to is there and unchanged`,
    detail: token,
    remedy: '',
    package: ref,
  }
}

function deniedFinding(ref: PackageRef, detail: string, remedy?: string): Finding {
  return {
    code: 'V28',
    severity: 'block',
    title: `${ref.format}: ${remedy === undefined ? 'not allowed to write' : 'cannot write'}`,
    detail,
    remedy: `${remedy ?? `Supply a token that may write to ${ref.registry}`}, leave it out (--except ${ref.format}), or insist with --override V28.`,
    package: ref,
  }
}
