import { activeDeployment, holdOn, nameIn, type Deployment, type History } from '../domain/deployment.ts'
import { bareVersion, sameVersion } from '../domain/version.ts'
import { inspectAll, type Inspection } from '../planner/inspect-all.ts'
import { servedThrough } from '../planner/served-places.ts'
import { openDeploy } from './deploy/deploy-list.ts'
import type { RegistryStatus } from './engine.ts'
import { NEVER, type EngineParts } from './engine-parts.ts'
import { isWorkedOn } from './follow-run.ts'

/** Which version every registry of the active deployment serves now, held against the history. Reads only. */
export async function readStatus(parts: EngineParts, signal: AbortSignal = NEVER): Promise<readonly RegistryStatus[]> {
  const { history } = await parts.history.read()
  const active = activeDeployment(history)
  if (!active) return []
  const subjects = active.packages.map((record) => {
    const at = { version: active.version, pin: record.ref ?? null }
    return { package: nameIn(record, parts.config.app), from: at, to: at }
  })
  const inspections = await inspectAll(subjects, {
    registries: parts.registries,
    contextFor: parts.contextFor,
    parallelism: parts.config.rollback.parallelism,
    signal,
  })
  const { environment } = parts.config
  const now = parts.platform.clock.now()
  const open = await openDeploy(parts.deploys)
  const isDeploying = open !== undefined && (await isWorkedOn(parts, open.id))
  return inspections.map((inspection, index) => {
    const isAwaited = active.packages[index]?.status === 'manual'
    return judge(inspection, { active, history, environment, now, isAwaited, isDeploying })
  })
}

/** That a version which is served is in no entry of the history; empty where it is, or nothing can be told. */
function unrecordedDetail({ deployments }: History, serving: string | null): string {
  if (serving === null || deployments.some(({ version }) => sameVersion(version, serving))) return ''
  return `${serving} was never recorded`
}

interface Judging {
  readonly active: Deployment
  readonly history: History
  readonly environment: string
  readonly now: string
  /** A person has to move it, and had not yet when the history was written. */
  readonly isAwaited: boolean
  /** Somebody works on a deploy: traffic is on its way, and where it stands is the deploy's business. */
  readonly isDeploying: boolean
}

function judge(
  { subject, registry, snapshot, error }: Inspection,
  { active, history, environment, now, isAwaited, isDeploying }: Judging,
): RegistryStatus {
  const expected = bareVersion(active.version)
  const common = { package: subject.package, expected, detail: '' }
  if (!snapshot) return { ...common, serving: null, state: 'unreadable', observed: null, error }
  const { pointer: observed } = snapshot
  const isHeld = (version: string) =>
    (holdOn(history, version, now) ?? holdOn(history, `v${version}`, now)) !== undefined
  const { places } = registry.driver
  const placed =
    places && servedThrough({ history, ref: subject.package, places, environment }, observed, subject.to, isHeld)
  const serving = placed ? placed.serving : snapshot.serving
  const detail = placed?.text ?? unrecordedDetail(history, serving)
  const seen = { ...common, serving, observed, error: null, detail }
  if (places && isDeploying) return { ...seen, state: 'moving' }
  // Part of what users get is somewhere nobody deployed to: that is known, whatever it is.
  if (serving === null) return { ...seen, state: placed ? 'drift' : 'unknown' }
  if (placed?.isExpected ?? sameVersion(serving, expected)) return { ...seen, state: 'in-sync' }
  if (isAwaited) return { ...seen, state: 'by-hand' }
  return { ...seen, state: isHeld(serving) ? 'held-version' : 'drift' }
}
