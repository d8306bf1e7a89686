import { activeDeployment, type Deployment, type History, type PackageRecord } from '../../domain/deployment.ts'
import type { Version } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { RecordPlan, RecordRequest } from './record-request.ts'
import { NEVER, type EngineParts } from '../engine-parts.ts'
import { mergePackages, mergeTarget, prepareRecord } from './record-plan.ts'
import type { HistoryEdit } from '../../history/history-edit.ts'

/**
 * Writes down what was just deployed, with the pin of every registry as it is served now. Packages that are named go into the
 * live entry of the same version.
 * @throws USAGE for a version that is none, TARGET_UNSAFE for a held one, NOT_SERVED for one that is not what is served,
 * unless that is accepted, REGISTRY_* when a pin cannot be read.
 */
export async function recordDeployment(
  parts: EngineParts,
  request: RecordRequest,
  signal: AbortSignal = NEVER,
): Promise<Deployment> {
  const { version, packages, notServed } = await prepareRecord(parts, request, signal)
  if (notServed.length > 0 && request.acceptsNotServed !== true) throw notServedError(version, notServed)
  const committed = await parts.history.commit(
    (loaded) => editsFor(parts, request, { version, packages, history: loaded.history }),
    { run: '', epoch: 0, purpose: `record ${version}`, actor: parts.actor },
  )
  const recorded = committed.history.deployments.find(({ id }) => id === committed.deploymentId)
  const found = recorded ?? mergeTarget(committed.history, request, version)
  if (found) return found
  throw new BagboyError('BUG', `The entry of ${version} is not in the history after its commit.`)
}

/** What a record would say, without writing it. @throws as `recordDeployment` */
export async function planRecord(
  parts: EngineParts,
  request: RecordRequest,
  signal: AbortSignal = NEVER,
): Promise<RecordPlan> {
  const { notServed, notRead, slotNote, mergesInto } = await prepareRecord(parts, request, signal)
  return { notServed, notRead, slotNote, mergesInto }
}

interface Recorded {
  readonly version: Version
  readonly packages: readonly PackageRecord[]
  readonly history: History
}

function editsFor(
  parts: EngineParts,
  request: RecordRequest,
  { version, packages, history }: Recorded,
): readonly HistoryEdit[] {
  const live = mergeTarget(history, request, version)
  if (live) {
    const { id, ...deployment } = live
    const merged = mergePackages(deployment.packages, packages, parts.config.app)
    return [{ kind: 'replace', id, deployment: { ...deployment, packages: merged } }]
  }
  const active = activeDeployment(history)
  const insert: HistoryEdit = { kind: 'insert', deployment: entry(parts, request, version, packages) }
  return active ? [insert, { kind: 'set-status', id: active.id, status: 'superseded' }] : [insert]
}

function notServedError(version: Version, notServed: RecordPlan['notServed']): BagboyError {
  const named = notServed.map((one) => `${one.package.format} ${one.detail}`)
  return new BagboyError('NOT_SERVED', `${version} is not known to be what is served: ${named.join(', ')}.`, {
    hint: 'Publish it first. To record it all the same: --yes',
  })
}

function entry(
  { config, platform, actor }: EngineParts,
  { commit, notes }: RecordRequest,
  version: Version,
  packages: readonly PackageRecord[],
): Omit<Deployment, 'id'> {
  return {
    kind: 'deploy',
    version,
    timestamp: platform.clock.now(),
    commit,
    environment: config.environment,
    status: 'active',
    actor,
    ...(notes === '' ? {} : { reason: notes }),
    pinned: false,
    packages,
    healthChecks: [],
  }
}
