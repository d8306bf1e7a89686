import type { PackageRef } from '../domain/deployment.ts'
import { packageKey } from '../domain/deployment.ts'
import { sameVersion } from '../domain/version.ts'

/** What one registry serves, held against the history. */
export interface Served {
  readonly package: PackageRef
  /** The bare version the history says is live. */
  readonly expected: string
  /** `null`: it cannot be told. */
  readonly serving: string | null
  /** Which parts of its pointer lead elsewhere, in words; absent or empty when there is nothing to say. */
  readonly detail?: string
  /**
   * `by-hand`: it still serves something else, and a person is known to have to move it · `moving`: a run or an open
   * deploy moves it, and reports itself when it was moved from outside.
   */
  readonly state: 'in-sync' | 'by-hand' | 'moving' | 'drift' | 'held-version' | 'unreadable' | 'unknown'
}

/**
 * What changed between two looks at the registries. Names and payloads are public (`docs/events.md`): additions only.
 * `hold.violated`: a version that must not ship is served again; `drift.detected`: anything else than the live version
 * is; `drift.cleared`: neither is so any more.
 */
export interface DriftEvent {
  readonly type: 'hold.violated' | 'drift.detected' | 'drift.cleared'
  readonly at: string
  readonly package: PackageRef
  readonly expected: string
  /** The bare version users get; empty when it cannot be told. */
  readonly serving: string
  /** Which parts lead elsewhere: `stable leads to 1.2.0`; absent when there is nothing to say beside the version. */
  readonly detail?: string
}

/** `before` is `null` for the first read, which reports everything that is wrong already. Pure. */
export function driftEvents(
  before: readonly Served[] | null,
  now: readonly Served[],
  at: string,
): readonly DriftEvent[] {
  const known = new Map((before ?? []).map((one) => [packageKey(one.package), one]))
  return now.flatMap((one) => {
    const type = changeOf(known.get(packageKey(one.package)), one)
    if (type === undefined) return []
    const { package: ref, expected, serving, detail = '' } = one
    const parts = detail === '' || type === 'drift.cleared' ? {} : { detail }
    return [{ type, at, package: ref, expected, serving: serving ?? '', ...parts }]
  })
}

function changeOf(before: Served | undefined, now: Served): DriftEvent['type'] | undefined {
  const isSame =
    before?.state === now.state && before.serving === now.serving && (before.detail ?? '') === (now.detail ?? '')
  if (now.state === 'held-version') return isSame ? undefined : 'hold.violated'
  if (now.state === 'drift') return isSame ? undefined : 'drift.detected'
  const wasWrong = before?.state === 'held-version' || before?.state === 'drift'
  return now.state === 'in-sync' && wasWrong ? 'drift.cleared' : undefined
}

/**
 * What is known after a look: a registry that could not be read keeps what was seen last, so that an outage in between
 * neither hides a drift nor reports it twice. Pure.
 */
export function rememberServed(before: readonly Served[] | null, now: readonly Served[]): readonly Served[] {
  const known = new Map((before ?? []).map((one) => [packageKey(one.package), one]))
  return now.map((one) =>
    one.state === 'unreadable' || one.state === 'unknown' ? (known.get(packageKey(one.package)) ?? one) : one,
  )
}

/** `serves 1.3.0 instead of 1.2.0`; where the version is right, which part is not: `serves 1.2.0, but stable leads to 1.1.0`. Pure. */
export function driftText({ expected, serving, detail = '' }: Pick<Served, 'expected' | 'serving' | 'detail'>): string {
  const isSame = serving !== null && sameVersion(serving, expected)
  if (serving !== null && serving !== '' && !isSame) return `serves ${serving} instead of ${expected}`
  const what = isSame ? `serves ${expected}, but ` : `does not serve ${expected}: `
  return `${what}${detail === '' ? 'something else than recorded' : detail}`
}
