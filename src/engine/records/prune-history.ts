import { dirname, join } from 'node:path'
import { lostVersions, planPrune, protectJudges, type PruneRow } from '../../domain/prune.ts'
import type { History, Timestamp } from '../../domain/deployment.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { unknownName } from '../../errors/unknown-name.ts'
import { deploymentsInSlots } from '../../planner/slot-history.ts'
import { trafficPackage } from '../../planner/traffic-driver.ts'
import { resolveTarget } from '../../planner/resolve-target.ts'
import type { PrunePlan, PruneRequest } from '../engine.ts'
import type { EngineParts } from '../engine-parts.ts'
import { isForeign } from '../rollback/recovery/foreign-runs.ts'
import { listOpenRuns } from '../rollback/run/run-list.ts'

const NO_TARGET: ReadonlySet<string> = new Set(['NOTHING_LIVE', 'TARGET_UNKNOWN', 'TARGET_UNSAFE'])

/** What a prune would move into the archive. Reads only. */
export async function planPruneOf(parts: EngineParts, request: PruneRequest): Promise<PrunePlan> {
  const { history } = await parts.history.read()
  const needed = await neededVersions(parts)
  return toPlan(parts, request, rowsOf(parts, history, request, needed))
}

/** Moves them, in one commit. @throws TARGET_UNSAFE when a protected entry was named. */
export async function pruneHistory(parts: EngineParts, request: PruneRequest): Promise<PrunePlan> {
  const needed = await neededVersions(parts)
  let rows: readonly PruneRow[] = rowsOf(parts, (await parts.history.read()).history, request, needed)
  const goes = () => rows.filter(({ verdict }) => verdict === 'prune').map(({ deployment }) => deployment.id)
  if (goes().length === 0) return toPlan(parts, request, rows)
  await parts.history.commit(
    (loaded) => {
      rows = rowsOf(parts, loaded.history, request, needed)
      return [{ kind: 'archive', ids: goes() }]
    },
    { run: '', epoch: 0, purpose: `prune ${goes().length}`, actor: parts.actor },
  )
  return toPlan(parts, request, rows)
}

function rowsOf(
  parts: EngineParts,
  history: History,
  request: PruneRequest,
  neededVersions: readonly string[],
): readonly PruneRow[] {
  const { config, platform } = parts
  const rows = planPrune(history, {
    keep: request.ids === null ? request.keep : 0,
    keepHealthy: config.history.keepHealthy,
    neededVersions,
    targetIds: targetIds(history, platform.clock.now()),
    runningIds: runningIds(parts, history),
    now: platform.clock.now(),
  })
  return request.ids === null ? rows : chooseRows(history, rows, new Set(request.ids))
}

function runningIds({ boundTraffic, config, registries }: EngineParts, history: History): ReadonlySet<number> {
  if (!boundTraffic) return new Set()
  const ref = trafficPackage(boundTraffic, config.app)
  const { slots } = registries(ref).driver
  return new Set(slots && deploymentsInSlots({ history, ref, slots }).map(({ id }) => id))
}

function chooseRows(history: History, rows: readonly PruneRow[], ids: ReadonlySet<number>): readonly PruneRow[] {
  const unknown = [...ids].find((id) => !rows.some(({ deployment }) => deployment.id === id))
  if (unknown !== undefined) {
    throw unknownName({
      code: 'TARGET_UNKNOWN',
      message: `The history has no deployment @${unknown}; nothing was pruned.`,
      word: `@${unknown}`,
      known: rows.map(({ deployment }) => `@${deployment.id}`),
      knownAs: 'Deployments',
    })
  }
  const chosen = rows.map((row): PruneRow =>
    row.verdict === 'prune' && !ids.has(row.deployment.id) ? { ...row, verdict: 'keep', reason: 'not marked' } : row,
  )
  const judged = protectJudges(history, chosen)
  const shielded = judged.find(({ deployment, verdict }) => ids.has(deployment.id) && verdict === 'protected')
  if (shielded) {
    const { deployment, reason } = shielded
    throw new BagboyError('TARGET_UNSAFE', `${deployment.version} (@${deployment.id}) is not pruned: ${reason}.`, {
      hint: 'Unmark it and prune again; nothing was changed.',
    })
  }
  return judged
}

/** What the two words mean that name a target without a version; a word that means nothing protects nothing. */
function targetIds(history: History, now: Timestamp): ReadonlySet<number> {
  const found = ['last-good', 'previous'].flatMap((word) => {
    try {
      return resolveTarget(history, word, now).target.id
    } catch (error) {
      if (error instanceof BagboyError && NO_TARGET.has(error.code)) return []
      throw error
    }
  })
  return new Set(found)
}

async function neededVersions(parts: EngineParts): Promise<readonly string[]> {
  const open = (await listOpenRuns(parts)).filter((run) => !isForeign(run))
  return open.flatMap(({ from, to }) => [from, to])
}

function toPlan({ config }: EngineParts, { keep }: PruneRequest, rows: readonly PruneRow[]): PrunePlan {
  return { keep, rows, lostVersions: lostVersions(rows), archiveFile: join(dirname(config.history.file), 'archive') }
}
