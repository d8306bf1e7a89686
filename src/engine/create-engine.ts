import { activeDeployment, type FileHistory, type History } from '../domain/deployment.ts'
import { everyEnvironment } from '../domain/environment-history.ts'
import type { RecentHistory } from '../history/history-store.ts'
import type { RepairProposal } from '../history/repair/propose-repair.ts'
import { createDeployEngine } from './deploy/deploy-engine.ts'
import type { Engine, Overview, RunHandle } from './engine.ts'
import type { EngineParts } from './engine-parts.ts'
import { actorName } from '../operation/operation-parts.ts'
import { listForeign } from './rollback/recovery/foreign-runs.ts'
import { followRun } from './rollback/run/follow-run.ts'
import { handOver, overwriteStep, skipStep } from './rollback/recovery/hand-over.ts'
import { lockInfo } from './lock-info.ts'
import { makePlan } from './rollback/plan/make-plan.ts'
import { createMadePlans } from './rollback/remake/made-plans.ts'
import { markVersion } from './records/mark-version.ts'
import { planPruneOf, pruneHistory } from './records/prune-history.ts'
import { planRecord, recordDeployment } from './records/record-deployment.ts'
import { planRestore, restoreDeployments } from './records/restore-history.ts'
import { reportRecovery } from './rollback/recovery/recovery.ts'
import { rememberRuns } from './records/remember-runs.ts'
import { verifyHistory } from './records/verify-history.ts'
import { listAllRuns, listRuns, readRun } from './rollback/run/run-list.ts'
import { startRun } from './rollback/run/start-run.ts'
import { takeUpRun } from './rollback/recovery/take-up-run.ts'
import { readStatus } from './records/status.ts'
import { startUndo } from './rollback/recovery/start-undo.ts'
import { trustedEngine } from './trusted-engine.ts'
import { automaticRun } from './watch/automatic-run.ts'
import { startWatch } from './watch/start-watch.ts'
import { withLock } from '../operation/with-lock.ts'

/** The engine over its parts. Both faces, the app and the command line, use nothing else. */
export function createEngine(given: Omit<EngineParts, 'madePlans' | 'automaticRuns'>): Engine {
  const parts: EngineParts = { ...given, madePlans: createMadePlans(), automaticRuns: new Map() }
  const { trust } = parts
  const engine: Engine = {
    ...createDeployEngine(parts),
    overview: (request) => readOverview(parts, request?.newest),
    status: (signal) => readStatus(parts, signal),
    plan: (request, signal) => makePlan(parts, request, signal),
    run: (plan, approver) => startRun(parts, plan, approver),
    recovery: (run, signal) => reportRecovery(parts, run, signal),
    resume: (run, approver, { only, takeoverReason } = {}) =>
      takeUpRun(parts, run, approver, { only: only ?? null, takeoverReason }),
    undo: (run, approver, reason, mode): RunHandle => startUndo(parts, run, approver, reason, mode),
    follow: (run) => followRun(parts, run),
    attach: (run) => automaticRun(parts, run),
    watch: (request, approver) => startWatch(parts, request, { approver }),
    handOver: (run, reason, mode) => handOver(parts, run, reason, mode),
    skipStep: (run, step, reason, mode) => skipStep(parts, run, step, reason, mode),
    overwriteStep: (run, step, reason, mode) => overwriteStep(parts, run, step, reason, mode),
    runs: (request) => (request?.allEnvironments === true ? listAllRuns(parts.journals) : listRuns(parts)),
    fileHistory: async () => everyEnvironment((await parts.history.whole()).history, parts.config),
    readRun: (run) => readRun(parts.journals, run),
    foreignRuns: () => listForeign(parts),
    planPrune: (request) => planPruneOf(parts, request),
    prune: (request) => pruneHistory(parts, request),
    planRestore: (word) => planRestore(parts, word),
    restore: (word) => restoreDeployments(parts, word),
    planRecord: (request, signal) => planRecord(parts, request, signal),
    record: (request, signal) => recordDeployment(parts, request, signal),
    mark: (request) => markVersion(parts, request),
    verifyHistory: () => verifyHistory(parts),
    proposeRepair: async () => (await parts.history.proposeRepair(() => rememberRuns(parts))) ?? null,
    acceptRepair: (proposal) => acceptRepair(parts, proposal),
    lockInfo: () => lockInfo(parts),
    breakLock: async (epoch, reason) => {
      await parts.lock.break(epoch, { who: actorName(parts.actor), reason })
      return lockInfo(parts)
    },
    trust: () => trust.trust(),
    giveTrust: (hash) => trust.giveTrust(hash),
    trustFirstRecord: () => trust.trustFirstRecord(),
  }
  return trustedEngine(engine, trust)
}

/** No other process may work on the history meanwhile. */
async function acceptRepair(parts: EngineParts, proposal: RepairProposal): Promise<FileHistory> {
  const purpose = 'repair the history'
  return withLock(parts, { run: '', purpose }, async ({ epoch }) => {
    const note = { run: '', epoch, purpose, actor: parts.actor }
    return (await parts.history.acceptRepair(proposal, note)).history
  })
}

async function readOverview(parts: EngineParts, count: number | undefined): Promise<Overview> {
  const { config, actor } = parts
  const [{ history, readOnly, isWhole }, runs, lock] = await Promise.all([
    count === undefined ? wholeHistory(parts) : parts.history.readRecent(count),
    listRuns(parts),
    lockInfo(parts),
  ])
  return {
    app: config.app,
    environment: config.environment,
    configFile: config.file,
    historyFile: config.history.file,
    history,
    isPartial: !isWhole,
    readOnly,
    requiresReason: config.rollback.requireReason,
    keep: config.history.keep,
    active: activeDeployment(history) ?? null,
    runs,
    lock,
    actor,
  }
}

async function wholeHistory({ history }: EngineParts): Promise<RecentHistory<History>> {
  return { ...(await history.readIndexed()), isWhole: true }
}
