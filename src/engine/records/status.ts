import {
  activeDeployment,
  holdOn,
  nameIn,
  packageKey,
  pointerOfVersion,
  type Deployment,
  type History,
} from '../../domain/deployment.ts'
import type { PinnedVersion } from '../../domain/plan.ts'
import { bareVersion, sameVersion } from '../../domain/version.ts'
import { inspectAll, type Inspection } from '../../planner/inspect-all.ts'
import type { Snapshot } from '../../registries/driver.ts'
import { recordDifferences, type RecordDifference } from '../../planner/record-differences.ts'
import { servedThrough } from '../../planner/served-slots.ts'
import { openDeploy } from '../deploy/recovery/deploy-list.ts'
import type { RegistryStatus } from '../engine.ts'
import { NEVER, type EngineParts } from '../engine-parts.ts'
import { movedByRun } from './moved-by-run.ts'
import { isWorkedOn } from '../../operation/worker.ts'

/** What every registry of the active deployment serves now, held against the whole of what the history records. Reads only. */
export async function readStatus(parts: EngineParts, signal: AbortSignal = NEVER): Promise<readonly RegistryStatus[]> {
  const { history } = await parts.history.read()
  const active = activeDeployment(history)
  if (!active) return []
  const { app } = parts.config
  const subjects = active.packages.map((record) => {
    const at = { version: active.version, pin: record.ref ?? null }
    // A run reads a pointer between two versions, and so it is recorded: it is read here in the same form.
    const from =
      pointerOfVersion(record) === undefined ? at : leftBy(active, packageKey(nameIn(record, app)), history, app)
    return { package: nameIn(record, app), from, to: at }
  })
  const [inspections, open, moving] = await Promise.all([
    inspectAll(subjects, {
      registries: parts.registries,
      contextFor: (registry, ending) => ({ ...parts.contextFor(registry, ending), isPointerOnly: true }),
      parallelism: parts.config.rollback.parallelism,
      signal,
    }),
    openDeploy(parts),
    movedByRun(parts),
  ])
  const now = parts.platform.clock.now()
  const isDeploying = open !== undefined && (await isWorkedOn(parts, open.id))
  return inspections.map((inspection, index) => {
    const record = active.packages[index]
    const { snapshot, registry, subject } = inspection
    const differences =
      record && snapshot && !registry.driver.slots
        ? recordDifferences({ record, observed: snapshot.pointer, registry, history, app })
        : undefined
    const isMoving = moving.has(packageKey(subject.package)) || (registry.driver.slots !== undefined && isDeploying)
    const isAwaited = record?.status === 'manual'
    return judge(inspection, { active, history, now, isAwaited, isMoving, differences })
  })
}

/** The version that a run took a package away from, with the pin that was recorded for it. */
function leftBy({ from, version }: Deployment, key: string, history: History, app: string): PinnedVersion {
  const left = from ?? version
  const pins = history.deployments
    .filter((entry) => sameVersion(entry.version, left))
    .flatMap(({ packages }) => packages.filter((one) => packageKey(nameIn(one, app)) === key))
  return { version: left, pin: pins.find(({ ref }) => ref !== undefined)?.ref ?? null }
}

/** Says that a served version is in no entry of the history; empty where it is, or when that is unknown. */
function unrecordedDetail({ deployments }: History, serving: string | null): string {
  if (serving === null || deployments.some(({ version }) => sameVersion(version, serving))) return ''
  return `${serving} was never recorded`
}

const NOT_APPLIED = 'it does not do yet what is written down'

interface Judging {
  readonly active: Deployment
  readonly history: History
  readonly now: string
  /** A person has to move it, and had not yet when the history was written. */
  readonly isAwaited: boolean
  /** A run, or for traffic a deploy, is at work on it: where it stands is its business. */
  readonly isMoving: boolean
  /** What is not as the history records it; `undefined`: it records only a version. */
  readonly differences: readonly RecordDifference[] | undefined
}

function judge(inspection: Inspection, judging: Judging): RegistryStatus {
  const { subject, registry, snapshot, error } = inspection
  const { active, history, isMoving, differences } = judging
  const expected = bareVersion(active.version)
  const common = { package: subject.package, expected, detail: '' }
  if (!snapshot) return { ...common, serving: null, state: 'unreadable', observed: null, error }
  const { pointer: observed } = snapshot
  const isHeld = (version: string) => isHeldIn(judging, version)
  const { slots } = registry.driver
  const served = slots && servedThrough({ history, ref: subject.package, slots }, observed, subject.to, isHeld)
  const serving = served ? served.serving : snapshot.serving
  const notApplied = notAppliedState(snapshot)
  const detail = [
    served?.text ?? detailOf(differences, unrecordedDetail(history, serving)),
    ...(notApplied ? [notApplied.text] : []),
  ]
    .filter((text) => text !== '')
    .join('; ')
  const seen = { ...common, serving, observed, error: null, detail }
  if (isMoving) return { ...seen, state: 'moving' }
  // Part of what users get comes from where nothing was deployed: that is drift, regardless of its version.
  if (serving === null && !differences) return { ...seen, state: served ? 'drift' : 'unknown' }
  const state = stateOf(judging, serving, served?.isExpected)
  return { ...seen, state: state === 'in-sync' && notApplied ? notApplied.state : state }
}

/** The pointer is written but not applied yet; some drivers know what users get instead. */
function notAppliedState({ isApplied, notAppliedNote }: Snapshot) {
  if (isApplied !== false) return undefined
  return notAppliedNote === undefined
    ? ({ state: 'unknown', text: NOT_APPLIED } as const)
    : ({ state: 'drift', text: notAppliedNote } as const)
}

function stateOf(judging: Judging, serving: string | null, hasSlots: boolean | undefined): RegistryStatus['state'] {
  const { active, isAwaited, differences = [] } = judging
  const isLive = serving === null || sameVersion(serving, bareVersion(active.version))
  if (hasSlots ?? (isLive && differences.length === 0)) return 'in-sync'
  if (isAwaited) return 'by-hand'
  const served = [serving, ...differences.map(({ version }) => version)]
  return served.some((version) => version !== null && isHeldIn(judging, version)) ? 'held-version' : 'drift'
}

function isHeldIn({ history, now }: Judging, version: string): boolean {
  return (holdOn(history, version, now) ?? holdOn(history, `v${version}`, now)) !== undefined
}

function detailOf(differences: readonly RecordDifference[] | undefined, unrecorded: string): string {
  return [...(differences ?? []).map(({ text }) => text), unrecorded].filter((text) => text !== '').join('; ')
}
