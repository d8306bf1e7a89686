import { failingChecks, holdOn, type Deployment, type History, type Timestamp } from '../domain/deployment.ts'
import { judgingEntry } from '../domain/judging-entry.ts'
import type { Finding } from '../domain/plan.ts'
import { crossesMajor, type Version } from '../domain/version.ts'

export interface TargetCheck {
  readonly history: History
  readonly active: Deployment
  readonly target: Deployment
  /** The version that is left. */
  readonly from: Version
  readonly reason: string
  readonly requireReason: boolean
  readonly now: Timestamp
}

type Draft = Pick<Finding, 'code' | 'severity' | 'title' | 'detail' | 'remedy'>

/** What the history alone says about a target. The codes are those an `--override` names. Pure. */
export function checkTarget(check: TargetCheck): readonly Finding[] {
  const drafts = [
    checkHold(check),
    checkRolledBack(check),
    checkHealth(check),
    checkDistance(check),
    checkReason(check),
  ]
  const found = drafts.filter((draft) => draft !== undefined)
  const isClear = found.every(({ severity }) => severity === 'warn')
  const all = isClear ? [inHistory(check), ...found] : found
  return all.map((draft) => ({ ...draft, package: null }))
}

function inHistory({ history, target }: TargetCheck): Draft {
  const judge = judgingEntry(history, target.version) ?? target
  const health = judge.healthVerdict === 'healthy' ? 'was healthy when it was live' : 'has no recorded health'
  return {
    code: 'V01',
    severity: 'ok',
    title: `${target.version} is in the history (@${target.id}), not held, never rolled back`,
    detail: `It ${health}.`,
    remedy: '',
  }
}

function checkHold({ history, target, now }: TargetCheck): Draft | undefined {
  const hold = holdOn(history, target.version, now)
  if (!hold) return undefined
  return {
    code: 'V05',
    severity: 'block',
    title: `${target.version} is held`,
    detail: `Held since ${hold.at}: ${hold.reason}`,
    remedy: `Choose another version, lift the hold (bagboy-tui versions unhold ${target.version}), or insist with --override V05 --reason TEXT.`,
  }
}

function checkRolledBack({ history, target }: TargetCheck): Draft | undefined {
  const left = judgesOf(history, target).find(({ status }) => status === 'rolled_back_from')
  if (!left) return undefined
  return {
    code: 'V08',
    severity: 'block',
    title: `${target.version} was itself rolled back`,
    detail: `Entry @${left.id} of ${left.timestamp}${left.reason ? `: ${left.reason}` : ''}`,
    remedy: 'Choose an earlier version, or insist with --override V08 --reason TEXT.',
  }
}

/** The chosen entry, and the one by which its version is judged. */
function judgesOf(history: History, target: Deployment): readonly Deployment[] {
  return [target, judgingEntry(history, target.version) ?? target]
}

function checkHealth({ history, target }: TargetCheck): Draft | undefined {
  const bad = judgesOf(history, target).find(wasUnhealthy)
  if (!bad) return undefined
  return {
    code: 'V20',
    severity: 'block',
    title: `${target.version} was not healthy when it was live`,
    detail: `Entry @${bad.id} of ${bad.timestamp}: ${whatFailed(bad)}`,
    remedy: 'Choose a healthy version, or insist with --override V20 --reason TEXT.',
  }
}

/** A verdict decides; without one, a failed deployment or a failing check that is no mere warning. */
function wasUnhealthy(entry: Deployment): boolean {
  if (entry.healthVerdict !== undefined) return entry.healthVerdict === 'unhealthy'
  return (entry.status === 'failed' && entry.kind === 'deploy') || failingChecks(entry).length > 0
}

function whatFailed(entry: Deployment): string {
  const names = failingChecks(entry).map(({ label }) => label)
  return names.length > 0 ? names.join(', ') : `health verdict: ${entry.healthVerdict ?? entry.status}`
}

function checkDistance({ active, target }: TargetCheck): Draft | undefined {
  if (crossesMajor(active.version, target.version) !== true) return undefined
  return {
    code: 'V13',
    severity: 'warn',
    title: `${active.version} → ${target.version} crosses a major version`,
    detail: 'Stored data and interfaces may differ.',
    remedy: 'Check that data written by the newer version can be read by the older one.',
  }
}

function checkReason({ reason, requireReason, from, target }: TargetCheck): Draft | undefined {
  if (from === target.version) {
    return {
      code: 'V14',
      severity: 'warn',
      title: `${target.version} is the version that is live`,
      detail: 'Only registries that serve something else will change.',
      remedy: 'Choose an earlier version to roll back.',
    }
  }
  if (!requireReason || reason !== '') return undefined
  return {
    code: 'V25',
    severity: 'block',
    title: 'A reason is required',
    detail: 'deployment.rollback.validation.require_reason is true.',
    remedy: 'Pass --reason TEXT.',
  }
}
