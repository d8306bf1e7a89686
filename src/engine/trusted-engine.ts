import type { ProjectTrust } from '../trust/open-trust.ts'
import type { Engine } from './engine.ts'

/**
 * How the sentence begins that refuses a method in a folder that is not trusted; `null` for what only reads, or writes
 * nothing but our own files beside the project.
 */
const REFUSED: Readonly<Record<keyof Engine, string | null>> = {
  run: 'The rollback',
  resume: 'The run',
  undo: 'The undo',
  deploy: 'The deploy',
  resumeDeploy: 'The deploy',
  record: 'The record',
  planRecord: 'The record',
  overview: null,
  status: null,
  plan: null,
  recovery: null,
  follow: null,
  attach: null,
  watch: null,
  handOver: null,
  skipStep: null,
  overwriteStep: null,
  runs: null,
  fileHistory: null,
  readRun: null,
  foreignRuns: null,
  planPrune: null,
  prune: null,
  planRestore: null,
  restore: null,
  mark: null,
  verifyHistory: null,
  proposeRepair: null,
  acceptRepair: null,
  lockInfo: null,
  breakLock: null,
  planDeploy: null,
  planShift: null,
  followDeploy: null,
  commandDeploy: null,
  deploys: null,
  openDeploys: null,
  readDeploy: null,
  traffic: null,
  trust: null,
  giveTrust: null,
  trustFirstRecord: null,
}

/** The engine of a project, which begins nothing that changes the world before the project is trusted. */
export function trustedEngine(engine: Engine, trust: ProjectTrust): Engine {
  const gated = Object.entries(engine).map(([name, method]: [string, (...args: readonly unknown[]) => unknown]) => {
    const refused = REFUSED[name as keyof Engine]
    if (refused === null) return [name, method]
    return [
      name,
      (...args: readonly unknown[]) => {
        trust.require(refused)
        return method(...args)
      },
    ]
  })
  return {
    ...(Object.fromEntries(gated) as Engine),
    watch(request, approver) {
      if (request.mode === 'auto') trust.require('The automatic rollback')
      return engine.watch(request, approver)
    },
  }
}
